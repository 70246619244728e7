#!/usr/bin/env node
// flood.mjs KIND COUNT SECONDS SOURCE: COUNT datagrams, evenly over SECONDS or what is possible of
// that, from the address SOURCE and port 5353.  KIND:
//   same     one query for a blocked name again and again
//   names    each for another name that does not exist; as fast as goes with 128 unanswered
//   silent   each for another name, of a zone whose server never answers
//   mutated  queries with bytes changed, cut off or added
// Prints one JSON line: {sent, sent_bytes} and what tally.mjs has.
import dgram from 'node:dgram';
import { query } from './dnsmsg.mjs';
import { tallyOf } from './tally.mjs';

const [kind, count, seconds, source] = process.argv.slice(2);
const RESOLVER = '192.168.77.1';
const PORT = 5353;
const BATCH = 64;
const UNANSWERED_MAX = 128;
const ANSWER_WAIT_MS = 1000;

/** A generator that is the same in every run (Lehmer's, of 48271), so that a fault comes back. */
function randomNumbers(seed) {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}
const random = randomNumbers(4711);

// What a mutation starts from: names of each length, an OPT record with a cookie, a pointer.
const SEEDS = [query('connect.facebook.net', 1, 1), query('avisa.example', 28, 2),
  query(`${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.example`, 65, 3),
  Buffer.concat([Buffer.from([0, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1]),
    query('avisa.example', 16, 4).subarray(12),
    Buffer.from([0, 0, 41, 4, 208, 0, 0, 128, 0, 0, 12, 0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8])]),
  Buffer.from([0, 5, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 120, 192, 12, 0, 1, 0, 1])];

function mutated() {
  let bytes = Buffer.from(SEEDS[random(SEEDS.length)]);
  for (let change = random(6); change >= 0; change -= 1) {
    const at = random(bytes.length);
    if (random(8) === 0 && at > 0) bytes = bytes.subarray(0, at);
    else if (random(8) === 0) bytes = Buffer.concat([bytes, bytes.subarray(at)]);
    else bytes[at] = random(256);
  }
  return bytes;
}

const MESSAGES = {
  same: (number) => query('connect.facebook.net', 1, number % 65536),
  names: (number) => query(`name${process.pid}-${number}.example`, 1, number % 65536),
  silent: (number) => query(`name${number}.silent.example`, 1, number % 65536),
  mutated,
};

const sent = { sent: 0, sent_bytes: 0 };
let wake = () => {};
const socket = dgram.createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
const tally = tallyOf(socket, () => wake());
await new Promise((resolve) => { socket.bind(PORT, source, resolve); });
await new Promise((resolve) => { socket.connect(53, RESOLVER, resolve); });
const began = performance.now();
const passed = () => (performance.now() - began) / 1000;
const isPaced = kind !== 'names';

/** How many are due: all of a batch, or what the time that has passed allows. */
function due() {
  const allowed = isPaced ? Math.ceil((passed() / Number(seconds)) * Number(count)) : Number(count);
  return Math.min(BATCH, allowed - sent.sent, Number(count) - sent.sent);
}

function sendBatch() {
  return new Promise((resolve) => {
    for (let left = due(); left > 0; left -= 1) {
      const message = MESSAGES[kind](sent.sent);
      sent.sent += 1;
      sent.sent_bytes += message.length;
      if (left > 1) socket.send(message);
      else socket.send(message, resolve);  // the kernel has them all
    }
  });
}

/** Waits until few are unanswered; what is lost counts as answered after a while. */
async function keepPace() {
  const late = performance.now() + ANSWER_WAIT_MS;
  while (sent.sent - tally.heard > UNANSWERED_MAX && performance.now() < late) {
    await new Promise((resolve) => {
      const giveUp = setTimeout(resolve, ANSWER_WAIT_MS);
      wake = () => {
        clearTimeout(giveUp);
        resolve();
      };
    });
  }
}

while (sent.sent < Number(count) && passed() < Number(seconds)) {
  if (due() > 0) await sendBatch();
  else await new Promise((resolve) => { setTimeout(resolve, 1); });
  if (!isPaced) await keepPace();
}
await new Promise((resolve) => { setTimeout(resolve, ANSWER_WAIT_MS); });
socket.close();
console.log(JSON.stringify({ ...sent, ...tally }));
