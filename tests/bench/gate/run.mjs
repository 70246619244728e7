#!/usr/bin/env node
// run.mjs [ROUNDS]: what the gate costs in the lab's house: the time that it adds to a TLS
// handshake, and the throughput of an established flow with and without it in turn.  Prints
// medians.  The program is SPORVAKT_BINARY; needs what the end-to-end tests need.
import path from 'node:path';
import { House, eventually } from '../../e2e/house.mjs';

const HERE = import.meta.dirname;
const ROUNDS = Number(process.argv[2] ?? 5);
const HANDSHAKES = 1000;
const STREAM_SECONDS = 2;
const SERVER = { v4: '203.0.113.16', v6: '2001:db8:113::16', name: 'nordhelse.example' };
const PORT = 5201;
// Flows that the gate has passed already, as its rules see them.
const AROUND = `table inet around {
  chain c {
    type filter hook forward priority mangle - 5;
    tcp sport 20000-29999 ct mark set 0x04000000
  }
}`;

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const house = new House('m-');

async function start(gate) {
  house.startGateway({ gate: `mode = "${gate}"` });
  await house.answersQueries();
  const ready = gate === 'off' ? /sniffer.*ready/ : /gate.*ready/;
  await eventually('it is ready', 10, () => ready.test(house.gatewayLog()));
}

async function measureHandshakes() {
  await start('cut');
  house.as('gw', 'nft', AROUND);
  for (const version of ['v4', 'v6']) {
    const { without, with: gated, added } = JSON.parse(house.as('dev2', 'python3',
      path.join(HERE, 'handshakes.py'), SERVER[version], SERVER.name, String(HANDSHAKES)));
    console.log(`handshake ${version}: ${without.toFixed(3)} ms around the gate, `
      + `${gated.toFixed(3)} ms through it, ${added.toFixed(3)} ms between neighbours`);
  }
  house.as('gw', 'nft', 'delete', 'table', 'inet', 'around');
  house.stopGateway();
}

async function measureStreams() {
  const seen = { off: [], cut: [] };
  house.lab('start', 'stream', 'net', 'python3', path.join(HERE, 'stream.py'), 'serve', SERVER.v4,
    String(PORT));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const gate of Object.keys(seen)) {
      await start(gate);
      const bytes = house.as('dev2', 'python3', path.join(HERE, 'stream.py'), 'read', SERVER.v4,
        String(PORT), String(STREAM_SECONDS));
      seen[gate].push(Number(bytes) * 8 / 1e6);
      house.stopGateway();
    }
  }
  const [off, cut] = [median(seen.off), median(seen.cut)];
  console.log(`established flow: ${off.toFixed(0)} Mbit/s without the gate, ${cut.toFixed(0)} with `
    + `it, ratio ${(cut / off).toFixed(2)}`);
  console.log(JSON.stringify(seen));
}

try {
  await measureHandshakes();
  await measureStreams();
} finally {
  house.close();
}
