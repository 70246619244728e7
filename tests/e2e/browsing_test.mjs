// A real Chromium, a phone and a thing go about their business through the running gateway; then
// the resolver's answers, the ledger and the page must agree with what the servers saw.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { House, PASSWORD, SHOTS, eventually } from './house.mjs';

const DEVICES = { dev1: '3c:22:fb:12:34:01', dev2: '8c:79:f5:12:34:02', dev3: '24:0a:c4:12:34:03' };
const deviceOf = Object.fromEntries(Object.entries(DEVICES).map(([name, mac]) => [mac, name]));

let house;
let browsed;
let looked;

before(async () => {
  house = new House('b-');
  house.startGateway();
  await house.answersQueries();
  await eventually('the page answers', 10, () => house.api('GET', '/health').status);
  looked = house.node('dev1', 'look.mjs', 'http://192.168.77.1:8080', PASSWORD, SHOTS);
  house.logIn();
  // The devices ask for their addresses again while the sniffer listens.
  for (const device of Object.keys(DEVICES)) house.lab('dhcp', device);
  house.node('dev3', 'iot.mjs');
  browsed = house.node('dev1', 'browse.mjs', 'nordhelse.example', 'barnelinje.example',
    'troogliv.example', 'avisa.example');
  // An app that does not ask us for the address: it goes around DNS.
  house.as('dev2', 'curl', '-fsS', '-o', '/dev/null', '--cacert', `${house.labState}/tls/ca.pem`,
    '-A', 'app lab/dev2', '--resolve', 'graph.facebook.com:443:198.51.100.12',
    'https://graph.facebook.com/bytes/30000');
  await eventually('the app is seen', 10, () => house.contacts()
    .some((row) => row.name === 'graph.facebook.com' && row.leaked > 0));
  looked = house.node('dev1', 'look.mjs', 'http://192.168.77.1:8080', PASSWORD, SHOTS);
});

after(() => house?.close());

test('blocked names are answered with no address, and why', () => {
  const answer = house.as('dev2', 'dig', '@192.168.77.1', 'connect.facebook.net');
  assert.match(answer, /connect\.facebook\.net\.\s+\d+\s+IN\s+A\s+0\.0\.0\.0/);
  assert.match(answer, /EDE: 15 \(Blocked\)/);
});

test('a tracker behind a name of the site itself is blocked too', () => {
  const answer = house.as('dev2', 'dig', '@192.168.77.1', 'metrics.nordhelse.example');
  assert.match(answer, /IN\s+A\s+0\.0\.0\.0/);
});

test('other names resolve, over UDP and TCP', () => {
  for (const transport of ['+notcp', '+tcp']) {
    const answer = house.as('dev2', 'dig', '+short', transport, '@192.168.77.1', 'avisa.example');
    assert.equal(answer.trim(), '203.0.113.14');
  }
});

test('the pages themselves load', () => {
  assert.deepEqual(browsed.failedPages, []);
  assert.equal(browsed.pages, 4);
});

test('devices have the names that they call themselves', () => {
  const names = new Map(house.api('GET', '/devices?range=1h').devices
    .map((row) => [row.id, row.name]));
  assert.equal(names.get(DEVICES.dev1), 'Olas-MacBook-Air');
  assert.equal(names.get(DEVICES.dev2), 'Galaxy-S24');
  assert.match(names.get(DEVICES.dev3) ?? '', /Kitchen Plug|SmartPlug|ESP_123403/);
});

test('what Chromium could not reach is prevented, under its company', () => {
  const verdicts = house.judged(browsed.failedHosts);
  const prevented = new Set(house.contacts().filter((row) => row.prevented > 0)
    .map((row) => `${deviceOf[row.device.id]} ${row.name}`));
  const blocked = browsed.failedHosts.filter((host) => verdicts.get(host)?.verdict === 'block');
  for (const name of blocked) {
    assert.ok(prevented.has(`dev1 ${name}`), `${name} is missing from ${[...prevented]}`);
  }
  const meta = house.contacts().find((row) => row.name === 'connect.facebook.net');
  assert.match(meta.company.name, /Meta/);
  assert.ok(prevented.has('dev1 metrics.nordhelse.example'), 'the cloaked tracker');
});

test('nothing prevented reached its server', () => {
  const served = house.requestsServed();
  for (const row of house.contacts().filter((one) => one.prevented > 0 && one.leaked === 0)) {
    assert.ok(!served.has(`${deviceOf[row.device.id]} ${row.name}`), `${row.name} was served`);
  }
});

test('every leak that is shown happened, and every leak that happened is shown', () => {
  const served = house.requestsServed();
  const leaked = new Set(house.contacts().filter((row) => row.leaked > 0)
    .map((row) => `${deviceOf[row.device.id]} ${row.name}`));
  for (const shown of leaked) assert.ok(served.has(shown), `${shown} leaked, yet no server saw it`);

  const verdicts = house.judged([...new Set([...served].map((one) => one.split(' ')[1]))]);
  const recorded = new Set(house.api('GET', '/purposes').purposes
    .filter((purpose) => purpose.tracking).map((purpose) => purpose.id));
  for (const seen of served) {
    const verdict = verdicts.get(seen.split(' ')[1]);
    const counts = verdict?.verdict === 'block' || recorded.has(verdict?.purpose);
    assert.equal(leaked.has(seen), counts, `${seen}: ${JSON.stringify(verdict)}`);
  }
  assert.ok(leaked.has('dev2 graph.facebook.com'), 'the app that went around DNS');
  assert.ok(leaked.size >= 3, `only ${[...leaked]}`);
});

test('leaked bytes are about what was carried', () => {
  const app = house.contacts().find((row) => row.name === 'graph.facebook.com');
  assert.ok(app.bytes_down > 30_000 && app.bytes_down < 45_000, `${app.bytes_down} bytes down`);
  assert.ok(app.bytes_up > 1_000 && app.bytes_up < 12_000, `${app.bytes_up} bytes up`);
});

test('the page shows devices, companies, prevented and leaked, and asks nobody else', () => {
  assert.deepEqual(looked.foreign, []);
  assert.deepEqual(looked.violations, []);
  assert.match(looked.pages['/devices'], /Olas-MacBook-Air/);
  assert.match(looked.pages['/devices'], /Galaxy-S24/);
  assert.match(looked.pages['/companies'], /Meta/);
  assert.match(looked.pages['/events'], /graph\.facebook\.com/);
  assert.match(looked.pages['/events'], /connect\.facebook\.net/);
  assert.match(looked.pages['/'], /leaked/i);
  assert.match(looked.pages['/'], /prevented/i);
});

test('it ends within two seconds, and what it knew is there when it starts again', async () => {
  const totals = ({ leaked, prevented, leaked_flows, prevented_attempts, bytes_up, bytes_down }) =>
    ({ leaked, prevented, leaked_flows, prevented_attempts, bytes_up, bytes_down });
  await eventually('the traffic has settled', 15, async () => {
    const first = totals(house.api('GET', '/summary?range=1h'));
    await new Promise((resolve) => { setTimeout(resolve, 2500); });
    return JSON.stringify(first) === JSON.stringify(totals(house.api('GET', '/summary?range=1h')));
  });
  const known = totals(house.api('GET', '/summary?range=1h'));

  assert.ok(house.stopGateway() < 2, house.gatewayLog());
  house.startGateway();
  await eventually('the page answers again', 10, () => house.api('GET', '/health').status);
  house.logIn();
  assert.deepEqual(totals(house.api('GET', '/summary?range=1h')), known);
});
