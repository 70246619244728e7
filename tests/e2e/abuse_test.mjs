// Devices that misbehave, at the running gateway over real sockets: what each gets and can make us
// keep is bounded, and a calm device beside it loses nothing.  What needs no second process is
// tested in tests/dns/serving.  SPORVAKT_ABUSE_SECONDS: how long the hostile queries go on;
// SPORVAKT_FLOOD_RATE: queries a second of a flood (a build without optimisation, on two cores that
// send them too, does not manage much more than the default).
import assert from 'node:assert/strict';
import os from 'node:os';
import { after, before, test } from 'node:test';
import { DNS, House, eventually, sleep } from './house.mjs';

const HOSTILE_SECONDS = Number(process.env.SPORVAKT_ABUSE_SECONDS ?? 10);
const HOSTILE_RATE = 2000;
const FLOOD_RATE = Number(process.env.SPORVAKT_FLOOD_RATE ?? 5000);
const UDP_ANSWER_MAX = 1232;
// The bounds as docs/configuration.md and the headers have them.
const RATE_LIMIT = 500;                   // dns.rate_limit,
const RATE_BURST = 4 * RATE_LIMIT;        // with four seconds' worth at once
const IDLE_SECONDS = 10;                  // dns/serving/client.h: kConnectionIdleMax
const REFUSALS_A_SECOND = 10;             // dns/serving/admission.h: kRefusalsPerSecond
const WORKERS = os.availableParallelism();
const CONNECTIONS_MAX = 128 * WORKERS;    // dns/serving/tcp_server.h: kConnectionCountMax
const CONNECTIONS_MEGABYTES = 26 * WORKERS;
const CACHE_MEGABYTES = 8;                // dns/resolver.h: cache_bytes
const UPSTREAM_MEGABYTES = 3 * WORKERS;   // dns/upstream/unbound_context.cpp: its own caches
const NAMES_THAT_FILL = 40_000;
const NXDOMAIN = 3;
const OTHER_FILES_MAX = 40;               // listeners, channels, files, an upstream question or two

// All of 172.20.0.0/16 is dev3; these of it may ask as much as they like.
const UNLIMITED = '172.20.250.1';
const CROWD = '172.20.1.0/24';
const LIMITED = '172.20.9.9';
const VICTIM = '172.20.5.5';              // dev2's, and dev3 asks in its name
const STRANGER = '203.0.113.200';         // of a network that may not ask

let house;

function makeCrowd() {
  const ip = (namespace, ...words) => house.as(namespace, 'ip', ...words);
  const addressOf = (device) => ip(device, '-4', '-o', 'address', 'show', 'dev', 'eth0')
    .match(/inet ([\d.]+)/)[1];
  ip('dev3', 'route', 'add', 'local', '172.20.0.0/16', 'dev', 'lo');
  ip('dev3', 'address', 'add', `${STRANGER}/32`, 'dev', 'lo');
  ip('dev2', 'address', 'add', `${VICTIM}/32`, 'dev', 'lo');
  ip('gw', 'route', 'add', '172.20.0.0/16', 'via', addressOf('dev3'));
  ip('gw', 'route', 'add', `${STRANGER}/32`, 'via', addressOf('dev3'));
  ip('gw', 'route', 'add', `${VICTIM}/32`, 'via', addressOf('dev2'));
  // What the crowd never reads shall not fill the machine that the test runs on.
  house.as('dev3', 'sysctl', '-qw', 'net.ipv4.tcp_rmem=4096 32768 32768');
}

before(async () => {
  house = new House('a-');
  makeCrowd();
  house.startGateway({ dns: `${DNS}
listen_tls = ["192.168.77.1:853"]
rate_limit_exempt = ["${UNLIMITED}/32", "${CROWD}"]
[[dns.forward]]
zone = "silent.example"
upstream = ["10.77.0.99"]` });
  await house.answersQueries();
});

after(() => house?.close());

/** Asks over TCP, a connection each, until `seconds` have passed; how many got no answer. */
async function askByTcp(seconds) {
  const end = Date.now() + seconds * 1000;
  let unanswered = 0;
  while (Date.now() < end) {
    const answer = await house.asMeanwhile('dev2', 'dig', '+tcp', '+short', '+tries=1', '+time=5',
      '@192.168.77.1', 'avisa.example').catch(() => '');
    if (answer.trim() !== '203.0.113.14') unanswered += 1;
    await sleep(500);
  }
  return unanswered;
}

/**
 * Has dev3 run `script` while dev2 asks ten times a second for what is known here and for what is
 * not, and now and then by TCP.  Returns what the script tells; dev2 must have lost nothing.
 */
async function besideACalmDevice(seconds, script, ...words) {
  const resolver = house.rolePid('resolver');
  const [abuse, known, fresh, lostByTcp] = await Promise.all([
    house.nodeMeanwhile('dev3', script, ...words),
    house.nodeMeanwhile('dev2', 'ask.mjs', 'known', 10, seconds),
    house.nodeMeanwhile('dev2', 'ask.mjs', 'fresh', 10, seconds),
    askByTcp(seconds)]);
  for (const calm of [known, fresh]) {
    assert.equal(calm.answered, calm.asked, JSON.stringify({ calm, abuse }));
    assert.equal(calm.wrong, 0, JSON.stringify(calm));
    assert.ok(calm.largest <= UDP_ANSWER_MAX);
  }
  assert.equal(lostByTcp, 0);
  assert.equal(house.rolePid('resolver'), resolver, house.gatewayLog());
  return abuse;
}

/** The highest that `measure` gives until the promise is kept, looking every 200 ms. */
async function highestMeanwhile(promise, measure) {
  let highest = measure();
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      await sleep(200);
      highest = Math.max(highest, measure());
    }
  })();
  const result = await promise.finally(() => { isOver = true; });
  await watching;
  return { result, highest };
}

test('a device that floods is limited', async (context) => {
  const flood = await besideACalmDevice(6, 'flood.mjs', 'same', 5 * FLOOD_RATE, 5, LIMITED);
  context.diagnostic(`${flood.sent} queries in 5 s`);
  assert.ok(flood.sent > 6 * RATE_BURST, `${flood.sent} are no flood`);
  assert.ok(flood.heard - flood.truncated <= RATE_BURST + 6 * RATE_LIMIT, JSON.stringify(flood));
  assert.ok(flood.truncated <= flood.sent / 4 + 1, JSON.stringify(flood));
});

test('who asks in the name of another makes us send the other less than it sent', async () => {
  const hearing = house.nodeMeanwhile('dev2', 'hear.mjs', VICTIM, 5353, 8);
  const attack = await besideACalmDevice(6, 'flood.mjs', 'same', 5 * FLOOD_RATE, 5, VICTIM);
  const victim = await hearing;
  assert.equal(attack.heard, 0, 'the attacker sees no answer');
  assert.ok(victim.heard > 0, 'the victim was reached');
  assert.ok(victim.heard - victim.truncated <= RATE_BURST + 6 * RATE_LIMIT, JSON.stringify(victim));
  assert.ok(victim.heard_bytes < attack.sent_bytes, JSON.stringify({ attack, victim }));
});

test('strangers hear next to nothing', async () => {
  const stranger = await besideACalmDevice(3, 'flood.mjs', 'same', 10_000, 2, STRANGER);
  assert.ok(stranger.heard > 0, 'the first hear why');
  assert.ok(stranger.heard <= 4 * REFUSALS_A_SECOND, JSON.stringify(stranger));
  assert.deepEqual(Object.keys(stranger.rcodes), ['5']);
});

test('hostile bytes are answered with an error or not at all', async () => {
  const hostile = await besideACalmDevice(HOSTILE_SECONDS, 'flood.mjs', 'mutated',
    HOSTILE_SECONDS * HOSTILE_RATE, HOSTILE_SECONDS, UNLIMITED);
  assert.ok(hostile.sent > (HOSTILE_RATE / 2) * HOSTILE_SECONDS, `only ${hostile.sent}`);
  assert.ok(hostile.rcodes[1] > 0, 'none was FORMERR: they were not hostile');
  assert.ok(hostile.largest <= UDP_ANSWER_MAX, `an answer of ${hostile.largest} bytes`);
});

test('a thousand idle connections are bounded', async () => {
  const { result: crowd, highest } = await highestMeanwhile(
    besideACalmDevice(6, 'crowd.mjs', 'idle', 1000, 4), () => house.openFiles('resolver'));
  assert.equal(crowd.connected, 1000);
  assert.ok(crowd.closed >= 1000 - CONNECTIONS_MAX, JSON.stringify(crowd));
  assert.ok(highest <= CONNECTIONS_MAX + OTHER_FILES_MAX, `${highest} files open`);
});

test('who begins and never finishes is closed, half-closed or not', async () => {
  const seconds = IDLE_SECONDS + 3;
  for (const [kind, count] of [['partial', 500], ['silent', 100]]) {
    const crowd = await besideACalmDevice(seconds, 'crowd.mjs', kind, count, seconds);
    assert.equal(crowd.connected, count, kind);
    assert.equal(crowd.closed, count, kind);
  }
  assert.ok(house.openFiles('resolver') <= OTHER_FILES_MAX);
});

for (const kind of ['greedy', 'tls']) {
  test(`who asks without end and never reads takes bounded memory: ${kind}`, async () => {
    const before = house.privateMegabytes('resolver');
    const { result: crowd, highest } = await highestMeanwhile(
      besideACalmDevice(8, 'crowd.mjs', kind, 300, 8), () => house.privateMegabytes('resolver'));
    assert.ok(crowd.asked > 100_000, `only ${crowd.asked} questions`);
    assert.ok(highest - before <= CONNECTIONS_MEGABYTES + CACHE_MEGABYTES,
      `${before} MB, then ${highest} MB`);
    await eventually('the connections are gone', 15, () =>
      house.openFiles('resolver') <= OTHER_FILES_MAX);
  });
}

test('names without end take no more than the cache', async () => {
  const before = house.privateMegabytes('resolver');
  const first = await besideACalmDevice(20, 'flood.mjs', 'names', NAMES_THAT_FILL, 60, UNLIMITED);
  assert.equal(first.rcodes[NXDOMAIN], NAMES_THAT_FILL, JSON.stringify(first));
  const filled = house.privateMegabytes('resolver');
  const then = await besideACalmDevice(30, 'flood.mjs', 'names', 200_000 - NAMES_THAT_FILL, 60,
    UNLIMITED);
  const later = house.privateMegabytes('resolver');
  assert.ok(then.rcodes[NXDOMAIN] > NAMES_THAT_FILL, JSON.stringify(then));
  assert.ok(filled - before <= CACHE_MEGABYTES + UPSTREAM_MEGABYTES, `${before}, then ${filled}`);
  assert.ok(later - filled <= 2, `${filled} MB with the first names, ${later} MB with all`);
});

// Last: what was asked of the silent server stays under way for a minute or two.
test('questions for a zone that is silent do not keep others from the Internet', async () => {
  const flood = await besideACalmDevice(25, 'flood.mjs', 'silent', 20_000, 9, LIMITED);
  assert.ok(flood.sent > 2 * RATE_BURST, `${flood.sent} are no flood`);
});
