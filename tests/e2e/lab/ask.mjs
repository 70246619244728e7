#!/usr/bin/env node
// ask.mjs KIND RATE SECONDS [SOURCE]: a device that puts RATE queries a second over UDP, evenly,
// from its address SOURCE.  KIND:
//   known    in turn a blocked name, and one whose answer the resolver keeps
//   fresh    names that nobody asked for before and that do not exist
// Prints one JSON line: {asked, answered, wrong, slowest_ms} and what tally.mjs has; `wrong` are
// answers with something else than the truth.
import dgram from 'node:dgram';
import { query } from './dnsmsg.mjs';
import { tallyOf } from './tally.mjs';

const [kind, rate, seconds, source] = process.argv.slice(2);
const RESOLVER = '192.168.77.1';
const KNOWN = [{ name: 'connect.facebook.net', address: '0.0.0.0' },
  { name: 'avisa.example', address: '203.0.113.14' }];
const NXDOMAIN = 3;
const TURN_MS = 5;
const ANSWER_WAIT_MS = 4000;

const KINDS = {
  known: {
    name: (number) => KNOWN[number % KNOWN.length].name,
    // Without EDNS an answer ends with its address.
    isRight: (number, answer) =>
      answer.subarray(-4).join('.') === KNOWN[number % KNOWN.length].address,
  },
  fresh: {
    name: (number) => `fresh${process.pid}-${number}.example`,
    isRight: (number, answer) => (answer[3] & 15) === NXDOMAIN,
  },
}[kind];

const result = { asked: 0, answered: 0, wrong: 0, slowest_ms: 0 };
const pending = new Map();
const socket = dgram.createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
const tally = tallyOf(socket);
socket.on('message', (message) => {
  const id = message.readUInt16BE(0);
  const put = pending.get(id);
  if (!put) return;
  pending.delete(id);
  result.answered += 1;
  result.slowest_ms = Math.max(result.slowest_ms, Math.round(performance.now() - put.at));
  if (!KINDS.isRight(put.number, message)) result.wrong += 1;
});

function ask() {
  const number = result.asked;
  pending.set(number % 65536, { number, at: performance.now() });
  result.asked += 1;
  socket.send(query(KINDS.name(number), 1, number % 65536), 53, RESOLVER);
}

await new Promise((resolve) => { socket.bind(0, source, resolve); });
const began = performance.now();
await new Promise((resolve) => {
  const turning = setInterval(() => {
    const passed = Math.min((performance.now() - began) / 1000, Number(seconds));
    while (result.asked < passed * Number(rate)) ask();
    if (passed === Number(seconds)) {
      clearInterval(turning);
      resolve();
    }
  }, TURN_MS);
});
const late = performance.now() + ANSWER_WAIT_MS;
while (pending.size > 0 && performance.now() < late) {
  await new Promise((resolve) => { setTimeout(resolve, 50); });
}
socket.close();
console.log(JSON.stringify({ ...tally, ...result }));
