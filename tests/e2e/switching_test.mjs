// The owner's list of trackers changes while devices ask: it is compiled and taken up, forth and
// back, and no query is lost, late or answered wrongly.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { DNS, House, eventually, sleep } from './house.mjs';

const RATE = 2000;
const SECONDS = 20;
const SLOWEST_MS = 1000;        // seen: 110, on a busy machine
const LIST_NAMES = 200_000;
const NEW_TRACKER = 'fjordapotek.example';

let house;
let list;

/** A list of many invented trackers, and of those `more`. */
function writeList(...more) {
  const lines = more.map((name) => `0.0.0.0 ${name}\n`);
  for (let number = 0; number < LIST_NAMES; number += 1) {
    lines.push(`0.0.0.0 host${number}.tracker${number % 1000}.example\n`);
  }
  // As a whole, so that it is never read half written.
  fs.writeFileSync(`${list}.new`, lines.join(''));
  fs.renameSync(`${list}.new`, list);
}

before(async () => {
  house = new House('w-');
  list = path.join(house.state, 'trackers.txt');
  writeList();
  house.startGateway({ dns: `${DNS}\nrate_limit = 0`, lists: `files = ["${list}"]` });
  await house.answersQueries();
});

after(() => house?.close());

const addressOf = async (name) =>
  (await house.asMeanwhile('dev1', 'dig', '+short', '@192.168.77.1', name)).trim();

async function switchTo(address, ...more) {
  writeList(...more);
  process.kill(house.gatewayPid, 'SIGHUP');
  await eventually(`${NEW_TRACKER} is ${address}`, SECONDS / 2, async () =>
    await addressOf(NEW_TRACKER) === address);
}

test('no query is lost while the list is switched, forth and back', async () => {
  await eventually('the first list is in force', 30, async () =>
    await addressOf('host7.tracker7.example') === '0.0.0.0');
  const resolver = house.rolePid('resolver');
  let isAsking = true;
  const asking = house.nodeMeanwhile('dev2', 'ask.mjs', 'known', RATE, SECONDS)
    .finally(() => { isAsking = false; });
  await sleep(1000);
  await switchTo('0.0.0.0', NEW_TRACKER);
  await switchTo('203.0.113.12');
  assert.ok(isAsking, 'both switches happened under load');
  const load = await asking;
  assert.ok(load.asked >= RATE * SECONDS * 0.9, JSON.stringify(load));
  assert.equal(load.answered, load.asked, JSON.stringify(load));
  assert.equal(load.wrong, 0);
  assert.ok(load.slowest_ms < SLOWEST_MS, JSON.stringify(load));
  assert.equal(house.rolePid('resolver'), resolver, 'the same resolver goes on');
});
