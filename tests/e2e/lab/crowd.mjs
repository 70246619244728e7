#!/usr/bin/env node
// crowd.mjs KIND COUNT SECONDS: COUNT connections to the resolver, four of each address from
// 172.20.1.1 on, held for SECONDS from then on when all are tried.  KIND:
//   idle     say nothing
//   greedy   ask without end for 4 KB, and never read an answer
//   partial  begin a question and never finish it; every third has closed its side at once
//   tls      the same as greedy, over TLS
//   silent   connect to the port for TLS and never shake hands
// Prints one JSON line: {connected, closed, asked}: those that the resolver closed, and questions
// that were handed to the kernel.
import net from 'node:net';
import tls from 'node:tls';
import { query } from './dnsmsg.mjs';

const [kind, count, seconds] = process.argv.slice(2);
const HOST = '192.168.77.1';
const PORT = kind === 'tls' || kind === 'silent' ? 853 : 53;
const CONNECTIONS_OF_ADDRESS = 4;
const PAUSE_MS = 200;
const AT_ONCE = 50;

const result = { connected: 0, closed: 0, asked: 0 };
const TXT = 16;
const question = query('big.lab.example', TXT, 1);
const framed = Buffer.concat([Buffer.from([0, question.length]), question]);
const many = Buffer.concat(Array.from({ length: 100 }, () => framed));
let isOver = false;

function sourceOf(number) {
  const host = Math.floor(number / CONNECTIONS_OF_ADDRESS);
  return `172.20.${1 + Math.floor(host / 250)}.${1 + (host % 250)}`;
}

/** Asks for as long as the kernel takes it; nothing is ever read. */
function askWithoutEnd(socket) {
  socket.pause();
  const ask = () => {
    if (isOver || socket.destroyed) return;
    result.asked += 100;
    socket.write(many, () => setTimeout(ask, PAUSE_MS));
  };
  ask();
}

function neverFinish(socket, number) {
  socket.write(framed.subarray(0, 1 + (number % (framed.length - 1))));
  if (number % 3 === 0) socket.end();
}

function behave(socket, number) {
  if (kind === 'greedy' || kind === 'tls') askWithoutEnd(socket);
  if (kind === 'partial') neverFinish(socket, number);
}

function connect(number) {
  const options = { host: HOST, port: PORT, localAddress: sourceOf(number), allowHalfOpen: true };
  const socket = kind === 'tls' ? tls.connect({ ...options, rejectUnauthorized: false })
    : net.connect(options);
  return new Promise((resolve) => {
    socket.on(kind === 'tls' ? 'secureConnect' : 'connect', () => {
      result.connected += 1;
      behave(socket, number);
      resolve(socket);
    });
    socket.on('error', () => resolve(socket));
    socket.on('end', () => { if (!isOver) socket.destroy(); });
    socket.on('close', () => {
      if (!isOver) result.closed += 1;
      resolve(socket);
    });
  });
}

const sockets = [];
for (let number = 0; number < Number(count); number += AT_ONCE) {
  const some = Array.from({ length: Math.min(AT_ONCE, Number(count) - number) },
    (_, at) => connect(number + at));
  sockets.push(...await Promise.all(some));
}
await new Promise((resolve) => { setTimeout(resolve, Number(seconds) * 1000); });
isOver = true;
for (const socket of sockets) socket.destroy();
console.log(JSON.stringify(result));
