#!/usr/bin/env node
// load.mjs SECONDS: steady, countable traffic of one device: a query for a blocked tracker every
// 50 ms, and every 250 ms a new TLS connection to a tracker that is only reported.  Prints one JSON
// line: {queries, answered, slowest_ms, connections, finished}.
import dgram from 'node:dgram';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { query } from './dnsmsg.mjs';

const SECONDS = Number(process.argv[2] ?? 5);
const RESOLVER = '192.168.77.1';
const BLOCKED = 'connect.facebook.net';
const REPORTED = { name: 'www.googletagmanager.com', address: '198.51.100.21' };
const ANSWER_WAIT_MS = 2000;
const ca = fs.readFileSync(path.join(process.env.LAB_STATE, 'tls', 'ca.pem'));

const result = { queries: 0, answered: 0, slowest_ms: 0, connections: 0, finished: 0 };
const asked = new Map();
const socket = dgram.createSocket('udp4');
socket.on('message', (message) => {
  const id = message.readUInt16BE(0);
  if (!asked.has(id)) return;
  result.answered += 1;
  result.slowest_ms = Math.max(result.slowest_ms, Math.round(performance.now() - asked.get(id)));
  asked.delete(id);
});

function ask() {
  const id = result.queries % 65536;
  asked.set(id, performance.now());
  result.queries += 1;
  socket.send(query(BLOCKED, 1, id), 53, RESOLVER);
}

function connect() {
  result.connections += 1;
  return new Promise((resolve) => {
    const request = https.get({ host: REPORTED.address, servername: REPORTED.name, agent: false, ca,
      path: '/bytes/5000', headers: { host: REPORTED.name, connection: 'close',
        'user-agent': `load lab/${process.env.LAB_DEV}` } }, (response) => {
      response.resume();
      response.on('end', () => { result.finished += 1; resolve(); });
    });
    request.on('error', resolve);
  });
}

const pending = [];
const asking = setInterval(ask, 50);
const connecting = setInterval(() => pending.push(connect()), 250);
await new Promise((resolve) => { setTimeout(resolve, SECONDS * 1000); });
clearInterval(asking);
clearInterval(connecting);
await Promise.all(pending);
await new Promise((resolve) => { setTimeout(resolve, asked.size ? ANSWER_WAIT_MS : 0); });
socket.close();
console.log(JSON.stringify(result));
