// What the README promises of `./dev run`: without root, a blocked name is refused in the first
// answer, a name that the house forwards resolves, and the Events page has the contact within 2 s.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import dgram from 'node:dgram';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { BINARY, eventually } from './house.mjs';

const DNS_PORT = 15300;
const WEB_PORT = 18080;
const UPSTREAM_PORT = 15301;
const API = `http://127.0.0.1:${WEB_PORT}/api/v1`;
const ANSWER = [203, 0, 113, 9];

let gateway;
let upstream;
let storage;
let log = '';

/** Answers every query with one A record: RFC 1035 §4.1. */
function answerOf(question) {
  let end = 12;
  while (question[end] !== 0) end += question[end] + 1;
  const header = Buffer.from(question.subarray(0, 12));
  header[2] |= 0x80;
  header[3] = 0x80;
  header.writeUInt16BE(1, 6);
  header.writeUInt16BE(0, 8);
  header.writeUInt16BE(0, 10);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...ANSWER]);
  return Buffer.concat([header, question.subarray(12, end + 5), record]);
}

/** What dig prints; without blocking, since the upstream is in this very process. */
async function dig(...words) {
  const { stdout } = await promisify(execFile)('dig',
    ['@127.0.0.1', '-p', String(DNS_PORT), '+time=2', '+tries=1', ...words]);
  return stdout;
}
const get = async (resource) => (await fetch(API + resource)).json();

before(async () => {
  upstream = dgram.createSocket('udp4');
  upstream.on('message', (message, from) =>
    upstream.send(answerOf(message), from.port, from.address));
  await new Promise((resolve) => { upstream.bind(UPSTREAM_PORT, '127.0.0.1', resolve); });
  storage = fs.mkdtempSync(path.join('/tmp', 'sporvakt-try-'));
  gateway = spawn(BINARY, ['demo', '--listen-dns', `127.0.0.1:${DNS_PORT}`, '--listen-web',
    `127.0.0.1:${WEB_PORT}`, '--upstream', `127.0.0.1@${UPSTREAM_PORT}`, '--dir', storage,
    '--speed', '20'], { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [gateway.stdout, gateway.stderr]) {
    stream.on('data', (text) => { log += text; });
  }
  await eventually('the page answers', 15, async () => (await get('/health')).status);
});

after(async () => {
  if (gateway.exitCode === null && gateway.signalCode === null) {
    const ended = new Promise((resolve) => { gateway.on('exit', resolve); });
    gateway.kill('SIGKILL');
    await ended;
  }
  upstream.close();
  fs.rmSync(storage, { recursive: true, force: true });
});

test('the first answer to a blocked name is 0.0.0.0 with EDE 15', async () => {
  const answer = await dig('connect.facebook.net');
  assert.match(answer, /IN\s+A\s+0\.0\.0\.0/);
  assert.match(answer, /EDE: 15 \(Blocked\)/);
});

test('a forwarded name resolves', async () => {
  assert.equal((await dig('+short', 'forwarded.example')).trim(), ANSWER.join('.'));
});

test('within two seconds the events show the device and Meta, prevented', async () => {
  await dig('connect.facebook.net');
  await eventually('the contact is shown', 2, async () => {
    const { events } = await get('/events?device=127.0.0.1&result=prevented');
    return events?.find((event) => event.name === 'connect.facebook.net'
      && /Meta/.test(event.company?.name));
  });
});

test('the demonstration shows devices and companies, and is marked as one', async () => {
  assert.equal((await get('/session')).demonstration, true);
  await eventually('the demonstration plays', 20, async () => {
    const { devices, companies, cells } = await get('/matrix?range=1h');
    return devices.length >= 4 && companies.length >= 4
      && cells.some((cell) => cell.leaked > 0) && cells.some((cell) => cell.prevented > 0);
  });
});

test('a second one on the same ports says what is wrong', () => {
  let failure;
  try {
    execFileSync(BINARY, ['demo', '--listen-dns', `127.0.0.1:${DNS_PORT}`, '--listen-web',
      '127.0.0.1:18081'], { encoding: 'utf8', stdio: 'pipe', timeout: 10_000 });
  } catch (error) {
    failure = error;
  }
  assert.equal(failure?.status, 69);
  assert.match(failure.stderr, new RegExp(String(DNS_PORT)));
});

test('SIGTERM ends it with exit code 0', async () => {
  const started = Date.now();
  const ended = new Promise((resolve) => { gateway.on('exit', (code) => resolve(code)); });
  gateway.kill('SIGTERM');
  assert.equal(await ended, 0, log);
  assert.ok(Date.now() - started < 2000, log);
});

test('a command that there is not is named, with what to do', async () => {
  await assert.rejects(promisify(execFile)(BINARY, ['nonsense', '--json']), (ended) => {
    assert.equal(ended.code, 64);
    assert.match(ended.stderr, /there is no command 'nonsense'; `sporvakt --help`/u);
    return true;
  });
});
