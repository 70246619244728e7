// What a household decides by the API is what its devices get, within a second: groups, what puts a
// device into one, pauses, the reason; and it is all there after kill -9 of everybody.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { House, eventually } from './house.mjs';

const NAME = 'avisa.example';
const TRACKER = 'connect.facebook.net';

let house;
let child;  // the device's id

before(async () => {
  house = new House('p-');
  house.startGateway();
  await house.answersQueries();
  await eventually('the page answers', 10, () => house.api('GET', '/health').status);
  house.logIn();
  house.as('dev1', 'dig', '+short', '@192.168.77.1', TRACKER);
  child = await eventually('dev1 is known', 10, () => {
    const address = house.as('dev1', 'hostname', '-I').split(' ').find((one) => one.includes('.'));
    return house.api('GET', '/devices').devices
      .find((device) => device.addresses.includes(address))?.id;
  });
});

after(() => house?.close());

const answer = (device, name) =>
  house.as(device, 'dig', '+short', '+time=1', '+tries=1', '@192.168.77.1', name).trim();
const isBlocked = (device, name) => answer(device, name) === '0.0.0.0';
const lookUp = (name, device) =>
  house.api('GET', `/lookup/${name}?device=${encodeURIComponent(device)}`);

test('a group blocks for its devices alone, from when the order is answered', () => {
  house.api('PUT', '/groups/children', { name: 'Barna', rules: [{ text: NAME, rule: 'block' }] });
  assert.ok(!isBlocked('dev1', NAME));
  house.api('PATCH', `/devices/${encodeURIComponent(child)}`, { group: 'children' });
  assert.ok(isBlocked('dev1', NAME));
  assert.ok(!isBlocked('dev2', NAME));
});

test('the lookup says why, and what would change it', () => {
  const why = lookUp(NAME, child);
  assert.deepEqual([why.verdict, why.reason, why.group, why.rule],
    ['block', 'own_rule', 'children', NAME]);
  assert.equal(why.because, `The rule ${NAME} of the group Barna blocks it.`);
  assert.equal(lookUp(TRACKER, child).reason, 'list');
});

test('a purpose that the owner allows is let through although a list names it', () => {
  const { purpose } = lookUp(TRACKER, child);
  assert.ok(isBlocked('dev1', TRACKER));
  house.api('PUT', '/groups/children',
    { name: 'Barna', rules: [{ text: NAME, rule: 'block' }],
      purposes: [{ purpose, rule: 'allow' }] });
  assert.ok(!isBlocked('dev1', TRACKER));
  assert.ok(isBlocked('dev2', TRACKER));
  house.api('PUT', '/groups/children', { name: 'Barna', rules: [{ text: NAME, rule: 'block' }] });
});

test('a pause lifts it for one device, until it is ended', () => {
  house.api('POST', '/pauses', { scope: 'device', what: child, minutes: 5 });
  assert.ok(!isBlocked('dev1', NAME));
  assert.ok(!isBlocked('dev1', TRACKER));
  assert.ok(isBlocked('dev2', TRACKER));
  assert.equal(lookUp(NAME, child).reason, 'paused');
  house.api('DELETE', `/pauses/device?what=${encodeURIComponent(child)}`);
  assert.ok(isBlocked('dev1', NAME));
});

test('a rule that ends by itself ends by itself', async () => {
  const until = new Date(Date.now() + 3000).toISOString();
  house.api('PUT', '/groups/children', { name: 'Barna',
    rules: [{ text: NAME, rule: 'block' }, { text: NAME, rule: 'allow', form: 'exact', until }] });
  assert.ok(!isBlocked('dev1', NAME));
  await eventually('the rule ends', 6, () => isBlocked('dev1', NAME));
  assert.ok(Date.now() >= Date.parse(until));
});

test('a kiosk reaches only what is allowed', () => {
  house.api('PUT', '/groups/children',
    { name: 'Barna', allow_only: true, rules: [{ text: NAME, rule: 'allow' }] });
  assert.ok(!isBlocked('dev1', NAME));
  assert.ok(isBlocked('dev1', 'nordhelse.example'));
  assert.equal(lookUp('nordhelse.example', child).reason, 'allow_only');
});

test('all of it is there after kill -9 of the whole gateway', async () => {
  const known = house.api('GET', '/policy');
  process.kill(house.gatewayPid, 'SIGKILL');
  await eventually('its children end too', 10,
    () => house.tryAs('gw', 'ss', '-Hln', 'sport = :53').stdout.trim() === '');
  house.startGateway();
  await eventually('it blocks again', 15, () => isBlocked('dev1', 'nordhelse.example'));
  await eventually('the page answers', 10, () => house.api('GET', '/health').status);
  house.logIn();
  assert.deepEqual(house.api('GET', '/policy'), known);
});

test('a group that is taken back holds nobody', () => {
  house.api('DELETE', '/groups/children');
  assert.ok(!isBlocked('dev1', 'nordhelse.example'));
  assert.ok(isBlocked('dev1', TRACKER));
  assert.equal(lookUp(TRACKER, child).group, null);
});
