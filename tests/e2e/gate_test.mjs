// The gate in the house: flows to blocked names are cut before any payload leaves, over TCP and
// QUIC, IPv4 and IPv6, whole and in pieces, from a real Chromium too; all else passes; and a gate
// that is killed fails as configured and leaves nothing behind.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { BINARY, DNS, House, eventually, sleep } from './house.mjs';

const BLOCKED = { name: 'connect.facebook.net', v4: '198.51.100.11', v6: '2001:db8:100::11' };
const ALLOWED = { name: 'nordhelse.example', v4: '203.0.113.16', v6: '2001:db8:113::16' };
const PUBLIC_DNS = '8.8.8.8';
const AT_ONCE_MS = 1000;
const NOBODY = 65534;
const CUT = 'mode = "cut"';
// Rides on the connection to fonts.gstatic.com, whose certificate fits both: no gate sees it.
const COALESCED = 'www.google-analytics.com';

let house;

const hello = (transport, address, name, ...more) =>
  house.node('dev2', 'hello.mjs', transport, address, name, ...more.map(String));
const gateRules = () => house.as('gw', 'nft', 'list', 'tables')
  + house.as('gw', 'iptables-nft-save', '-t', 'mangle')
  + house.as('gw', 'ip6tables-nft-save', '-t', 'mangle');

async function start(gate, dns = DNS) {
  house.startGateway({ gate, dns });
  await house.answersQueries();
  await eventually('the gate is ready', 10, () => /gate.*ready/.test(house.gatewayLog()));
}

/** What carried payload to the blocked server: packets, counted where it lives. */
function reached() {
  const counters = house.as('net', 'nft', 'list', 'counters');
  return Number(counters.match(/packets (\d+)/)[1]);
}

before(async () => {
  house = new House('g-');
  fs.writeFileSync(`${house.labState}/reached.nft`, `table inet reached {
    counter payload { }
    chain c { type filter hook input priority 0;
      ip daddr ${BLOCKED.v4} meta length > 100 counter name payload
      ip6 daddr ${BLOCKED.v6} meta length > 120 counter name payload
    }
  }\n`);
  house.as('net', 'nft', '-f', `${house.labState}/reached.nft`);
  await start(CUT);
  await eventually('the page answers', 10, () => house.api('GET', '/health').status);
  house.logIn();
});

after(() => house?.close());

for (const version of ['v4', 'v6']) {
  for (const [transport, end] of [['tls', 'reset'], ['quic', 'refused']]) {
    for (const pieces of [1, 2]) {
      test(`cuts ${transport} in ${pieces} over ${version} at once, before payload leaves`, () => {
        const before = reached();
        const { outcome, ms } = hello(transport, BLOCKED[version], BLOCKED.name, pieces);
        assert.equal(outcome, end);
        assert.ok(ms < AT_ONCE_MS, `${ms} ms`);
        assert.equal(reached(), before);
      });
      test(`passes ${transport} in ${pieces} over ${version} to others`, () => {
        const { outcome, ms } = hello(transport, ALLOWED[version], ALLOWED.name, pieces);
        assert.equal(outcome, 'answered');
        assert.ok(ms < AT_ONCE_MS, `${ms} ms`);
      });
    }
  }
}

test('cuts and passes hellos in more pieces than a client sends unacknowledged', () => {
  assert.equal(hello('tls', BLOCKED.v4, BLOCKED.name, 14).outcome, 'reset');
  assert.equal(hello('tls', ALLOWED.v4, ALLOWED.name, 14).outcome, 'answered');
});

/** Fragments that the phone has made: of IPv4 and of IPv6. */
function fragmentsSent() {
  const [names, values] = house.as('dev2', 'grep', '^Ip:', '/proc/net/snmp').split('\n');
  const v4 = Number(values.split(' ')[names.split(' ').indexOf('FragCreates')]);
  const v6 = house.as('dev2', 'grep', 'Ip6FragCreates', '/proc/net/snmp6').match(/\d+$/m);
  return { v4, v6: Number(v6) };
}

test('cuts and passes hellos in IP fragments', () => {
  for (const [version, gateway] of [['v4', '192.168.77.1'], ['v6', '2001:db8:77::1']]) {
    for (const { [version]: address } of [BLOCKED, ALLOWED]) {
      house.as('dev2', 'ip', 'route', 'add', address, 'via', gateway, 'dev', 'eth0',
        'mtu', 'lock', version === 'v4' ? '600' : '1280');
    }
  }
  const before = reached();
  for (const version of ['v4', 'v6']) {
    assert.equal(hello('quic', BLOCKED[version], BLOCKED.name, 2).outcome, 'refused');
    assert.equal(hello('quic', ALLOWED[version], ALLOWED.name, 2).outcome, 'answered');
  }
  assert.equal(reached(), before);
  const fragments = fragmentsSent();
  assert.ok(fragments.v4 >= 8 && fragments.v6 >= 8, JSON.stringify(fragments));
});

test('cuts openssl and curl, on any port', () => {
  assert.throws(() => house.as('dev2', 'openssl', 's_client', '-connect', `${BLOCKED.v4}:443`,
    '-servername', BLOCKED.name), /reset|errno=104/i);
  assert.throws(() => house.as('dev2', 'curl', '-sS', '-m', '5', '--resolve',
    `${BLOCKED.name}:8081:${ALLOWED.v4}`, `http://${BLOCKED.name}:8081/`));
});

test('what was cut is prevented: one contact, though DNS refused the name too', async () => {
  house.as('dev2', 'dig', '@192.168.77.1', BLOCKED.name);
  await sleep(1500);
  const rows = await eventually('the cut is in the ledger', 10, () => {
    const found = house.contacts().filter((row) => row.name === BLOCKED.name);
    return found.length > 0 && found;
  });
  assert.equal(rows.filter((row) => row.prevented > 0).length, 1, JSON.stringify(rows));
  assert.equal(rows[0].prevented, 1, JSON.stringify(rows));
  assert.equal(rows[0].device.id, '8c:79:f5:12:34:02');
  assert.equal(rows.reduce((sum, row) => sum + row.leaked, 0), 0, 'nothing leaked');
});

test('a Chromium that asks another resolver loads pages at once, without trackers', () => {
  fs.writeFileSync('/etc/netns/g-dev1/resolv.conf', `nameserver ${PUBLIC_DNS}\n`);
  const earlier = house.requestsServed();
  const began = Date.now();
  const browsed = house.node('dev1', 'browse.mjs', 'nordhelse.example', 'barnelinje.example',
    'legestua.example');
  assert.deepEqual(browsed.failedPages, []);
  assert.ok(Date.now() - began < 30_000, `${Date.now() - began} ms`);
  assert.ok(browsed.protocols.h3 > 0, `QUIC passes: ${JSON.stringify(browsed.protocols)}`);
  const verdicts = house.judged(browsed.failedHosts);
  assert.ok(browsed.failedHosts.includes(BLOCKED.name), `${browsed.failedHosts}`);
  for (const host of browsed.failedHosts) assert.equal(verdicts.get(host).verdict, 'block', host);
  const served = [...house.requestsServed()].filter((one) => !earlier.has(one))
    .map((one) => one.split(' ')[1]).filter((host) => host !== COALESCED);
  const asked = house.judged(served);
  for (const host of served) assert.notEqual(asked.get(host).verdict, 'block', `served ${host}`);
});

test('killed, it lets flows pass until it is back: open', async () => {
  const supervisor = house.gatewayPid;
  const gate = house.rolePid('gate');
  process.kill(supervisor, 'SIGSTOP');  // else it is back before we have looked
  process.kill(gate, 'SIGKILL');
  await sleep(300);
  assert.equal(hello('tls', BLOCKED.v4, BLOCKED.name).outcome, 'answered');
  assert.equal(hello('quic', ALLOWED.v6, ALLOWED.name).outcome, 'answered');
  process.kill(supervisor, 'SIGCONT');
  await eventually('it cuts again', 10,
    () => hello('tls', BLOCKED.v4, BLOCKED.name).outcome === 'reset');
  assert.notEqual(house.rolePid('gate'), gate);
});

test('stopped, it leaves no rule behind', () => {
  assert.match(gateRules(), /sporvakt/);
  house.stopGateway();
  assert.doesNotMatch(gateRules(), /sporvakt/);
  assert.equal(hello('tls', BLOCKED.v4, BLOCKED.name).outcome, 'answered');
});

test('killed, it lets no flow begin until it is back: closed', async () => {
  await start(`${CUT}\non_failure = "closed"`);
  const browsed = house.node('dev1', 'browse.mjs', ALLOWED.name, 'legestua.example');
  assert.deepEqual(browsed.failedPages, [], 'it is not closed to what it can judge');
  const verdicts = house.judged(browsed.failedHosts);
  for (const host of browsed.failedHosts) assert.equal(verdicts.get(host).verdict, 'block', host);
  const supervisor = house.gatewayPid;
  const gate = house.rolePid('gate');
  process.kill(supervisor, 'SIGSTOP');
  process.kill(gate, 'SIGKILL');
  await sleep(300);
  assert.equal(hello('tls', ALLOWED.v4, ALLOWED.name).outcome, 'silent');
  assert.equal(hello('quic', ALLOWED.v6, ALLOWED.name).outcome, 'silent');
  process.kill(supervisor, 'SIGCONT');
  await eventually('flows begin again', 10,
    () => hello('tls', ALLOWED.v4, ALLOWED.name).outcome === 'answered');
});

test('with its supervisor killed, it takes the rules away', async () => {
  process.kill(house.gatewayPid, 'SIGKILL');
  await eventually('the rules are gone', 10, () => !/sporvakt/.test(gateRules()));
  house.stopGateway();
});

test('without the right to set rules it says what to do, and begins nothing', () => {
  const file = house.writeConfiguration({ gate: CUT });
  fs.chmodSync(file, 0o644);
  fs.chmodSync(house.state, 0o755);
  const folder = `${house.state}/nobody`;
  fs.mkdirSync(folder);
  fs.chownSync(folder, NOBODY, NOBODY);
  fs.writeFileSync(`${folder}/gate.toml`, fs.readFileSync(file, 'utf8')
    .replaceAll(/(dir = ").*"/g, `$1${folder}"`).replaceAll(/:53"/g, ':5353"'));
  const run = house.tryAs('gw', 'setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`,
    '--clear-groups', BINARY, 'run', '--config', `${folder}/gate.toml`);
  assert.equal(run.status, 69, run.stderr);
  assert.match(run.stderr, /CAP_NET_ADMIN.*\[gate\] mode = "off"/);
  assert.doesNotMatch(gateRules(), /sporvakt/);
});

test('it rejects DNS over HTTPS when told to, by address and by name', async () => {
  await start(CUT);
  assert.equal(hello('tls', ALLOWED.v4, 'dns.google').outcome, 'answered');
  house.stopGateway();
  await start(`${CUT}\nreject_doh = true`);
  assert.match(hello('tls', PUBLIC_DNS, 'avisa.example').outcome, /reset|ECONNREFUSED/);
  assert.equal(hello('quic', PUBLIC_DNS, 'avisa.example').outcome, 'refused');
  assert.equal(hello('tls', ALLOWED.v4, 'dns.google').outcome, 'reset');
  assert.equal(hello('tls', ALLOWED.v4, ALLOWED.name).outcome, 'answered');
  house.stopGateway();
});

test('it logs, redirects plain DNS and rejects DNS over TLS when told to', async () => {
  await start('mode = "log"\nredirect_dns = true\nreject_dot = true',
    `${DNS}\nallow_from = ["192.168.77.0/24", "2001:db8:77::/64"]`);
  assert.equal(hello('tls', BLOCKED.v4, BLOCKED.name).outcome, 'answered');
  await eventually('it says what it would cut', 5,
    () => house.gatewayLog().includes(`would cut 8c:79:f5:12:34:02 -> ${BLOCKED.name}`));
  for (const server of [PUBLIC_DNS, ALLOWED.v6]) {
    const [address, type] = server.includes(':') ? ['::', 'AAAA'] : ['0.0.0.0', 'A'];
    for (const transport of ['+notcp', '+tcp']) {
      assert.equal(house.as('dev2', 'dig', '+short', '+time=2', '+tries=1', transport,
        `@${server}`, BLOCKED.name, type).trim(), address);
    }
  }
  assert.throws(() => house.as('dev2', 'openssl', 's_client', '-connect', `${PUBLIC_DNS}:853`),
    /refused|reset/i);
});

test('turned off and on by SIGHUP, it goes and comes', async () => {
  const configure = (gate) => {
    house.writeConfiguration({ gate });
    process.kill(house.gatewayPid, 'SIGHUP');
  };
  configure('mode = "off"');
  await eventually('the rules are gone', 10, () => !/sporvakt/.test(gateRules()));
  assert.equal(house.rolePid('gate'), undefined);
  configure(CUT);
  await eventually('it cuts', 10,
    () => hello('tls', BLOCKED.v4, BLOCKED.name).outcome === 'reset');
  assert.equal(house.api('GET', '/health').status, 'ok');
});
