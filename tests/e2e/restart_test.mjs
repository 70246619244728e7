// kill -9 of any one child while a device browses: DNS goes on, and the ledger counts what an
// undisturbed run counts, save what the killed child had not yet sent.
import assert from 'node:assert/strict';
import os from 'node:os';
import { after, before, test } from 'node:test';
import { DNS, House, eventually, sleep } from './house.mjs';

const SECONDS = 8;
const QUERIES_A_SECOND = 20;      // as in lab/load.mjs
const CONNECTIONS_A_SECOND = 4;
const LOSS_SECONDS = 2;           // what a killed child may not yet have sent
// What the killed resolver had read and not yet answered: a batch of each worker.
const READ_AND_LOST = 64 * os.availableParallelism();

let house;

before(async () => {
  house = new House('k-');
  house.startGateway({ dns: `${DNS}\nrate_limit = 0` });  // one device asks as if it were many
  await house.answersQueries();
  await eventually('the page answers', 10, () => house.api('GET', '/health').status);
  house.logIn();
});

after(() => house?.close());

/** The ledger's totals once nothing more comes in. */
async function settledTotals() {
  await eventually('the page answers', 10, () => house.api('GET', '/health').status);
  if (!house.api('GET', '/session').authenticated) house.logIn();
  let known;
  await eventually('the totals settle', 20, async () => {
    const now = house.api('GET', '/summary?range=1h');
    const same = known && now.prevented_attempts === known.prevented_attempts
      && now.leaked_flows === known.leaked_flows && now.bytes_down === known.bytes_down;
    known = now;
    if (!same) await sleep(1500);
    return same;
  });
  return known;
}

/** Runs the load, kills `role` in its middle, and tells what was sent and what was counted. */
async function loadWhileKilling(role) {
  const earlier = await settledTotals();
  const before = role && house.rolePid(role);
  const loading = house.nodeMeanwhile('dev2', 'load.mjs', String(SECONDS));
  if (role) {
    assert.ok(before, `no child is called ${role}`);
    await sleep(SECONDS * 500);
    process.kill(before, 'SIGKILL');
  }
  const sent = await loading;
  const later = await settledTotals();
  if (role) {
    const now = house.rolePid(role);
    assert.ok(now && now !== before, `${role} was not started again`);
    assert.match(house.gatewayLog(), new RegExp(`${role}.*(killed|signal)`));
  }
  return { sent, prevented: later.prevented_attempts - earlier.prevented_attempts,
    leaked: later.leaked_flows - earlier.leaked_flows };
}

test('an undisturbed run counts every query and every connection', async () => {
  const { sent, prevented, leaked } = await loadWhileKilling(undefined);
  assert.equal(sent.answered, sent.queries);
  assert.equal(sent.finished, sent.connections);
  assert.equal(prevented, sent.queries);
  assert.equal(leaked, sent.connections);
});

for (const role of ['keeper', 'web']) {
  test(`with the ${role} killed nothing at all is lost`, async () => {
    const { sent, prevented, leaked } = await loadWhileKilling(role);
    assert.equal(sent.answered, sent.queries);
    assert.equal(prevented, sent.queries);
    assert.equal(leaked, sent.connections);
  });
}

test('with the resolver killed, queries wait less than a second', async () => {
  const { sent, prevented, leaked } = await loadWhileKilling('resolver');
  assert.ok(sent.queries - sent.answered <= QUERIES_A_SECOND, JSON.stringify(sent));
  assert.ok(sent.slowest_ms < 1000, JSON.stringify(sent));
  assert.ok(prevented <= sent.queries, `${prevented} of ${sent.queries}`);
  assert.ok(prevented >= sent.queries - LOSS_SECONDS * QUERIES_A_SECOND,
    `${prevented} of ${sent.queries}`);
  assert.equal(leaked, sent.connections);
});

test('with the resolver killed under load, the address answers again within a second', async () => {
  const killed = house.rolePid('resolver');
  const asking = house.nodeMeanwhile('dev2', 'ask.mjs', 'known', 2000, 4);
  await sleep(2000);
  process.kill(killed, 'SIGKILL');
  const load = await asking;
  assert.notEqual(house.rolePid('resolver') ?? killed, killed);
  assert.ok(load.slowest_ms < 1000, JSON.stringify(load));
  assert.ok(load.asked - load.answered <= READ_AND_LOST, JSON.stringify(load));
  assert.equal(load.wrong, 0, JSON.stringify(load));
});

test('with the sniffer killed, only what it had not sent is missing', async () => {
  const { sent, prevented, leaked } = await loadWhileKilling('sniffer');
  assert.equal(sent.answered, sent.queries);
  assert.equal(prevented, sent.queries);
  assert.ok(leaked <= sent.connections, `${leaked} of ${sent.connections}`);
  assert.ok(leaked >= sent.connections - LOSS_SECONDS * CONNECTIONS_A_SECOND,
    `${leaked} of ${sent.connections}`);
});
