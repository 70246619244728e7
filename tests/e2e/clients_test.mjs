// Programs that people ask DNS with, each against the running gateway: dig, drill, kdig, delv,
// systemd-resolved as a stub, a real Chromium; and a client that asks a link-local address.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { House, eventually } from './house.mjs';

const SERVER = '192.168.77.1';
const AVISA = '203.0.113.14';
const PADDING_BLOCK = 468;          // RFC 8467
const SIGNED = { zone: 'signed.example', server: '10.77.0.53', address: '203.0.113.90' };
// Debian's package of it makes it the resolver of the whole machine, so the tests never install it.
const RESOLVED = process.env.SPORVAKT_RESOLVED ?? '/lib/systemd/systemd-resolved';

let house;

/** A signed zone and its name server on the pretend Internet; trust anchors in delv's form. */
function serveSignedZone() {
  const folder = path.join(house.state, 'signed');
  fs.mkdirSync(folder);
  const run = (...words) => execFileSync(words[0], words.slice(1),
    { cwd: folder, encoding: 'utf8' }).trim();
  fs.writeFileSync(path.join(folder, 'zone'), `$ORIGIN ${SIGNED.zone}.\n$TTL 300\n`
    + `@ SOA ns admin 1 3600 900 604800 60\n@ NS ns\nns A ${SIGNED.server}\n`
    + `www A ${SIGNED.address}\n`);
  const makeKey = () => run('ldns-keygen', '-a', 'ECDSAP256SHA256', '-k', SIGNED.zone);
  const anchors = (key, file) => {
    const [, secret] = fs.readFileSync(path.join(folder, `${key}.key`), 'utf8')
      .match(/DNSKEY\s+257 3 13 (\S+)/);
    fs.writeFileSync(path.join(folder, file),
      `trust-anchors { ${SIGNED.zone}. static-key 257 3 13 "${secret}"; };\n`);
  };
  const key = makeKey();
  anchors(key, 'anchors');
  anchors(makeKey(), 'other-anchors');
  run('ldns-signzone', '-n', '-f', 'zone.signed', 'zone', key);
  fs.writeFileSync(path.join(folder, 'unbound.conf'), `server:
  directory: "${folder}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  module-config: "iterator"
  access-control: 0.0.0.0/0 allow
  interface: ${SIGNED.server}@53
remote-control:
  control-enable: no
auth-zone:
  name: "${SIGNED.zone}"
  zonefile: "zone.signed"
  for-upstream: yes
  for-downstream: no
  fallback-enabled: no
`);
  house.as('net', 'ip', 'address', 'add', `${SIGNED.server}/32`, 'dev', 'lo');
  house.lab('start', 'signed', 'net', 'unbound', '-d', '-c', path.join(folder, 'unbound.conf'));
  return folder;
}

let signedFolder;

before(async () => {
  house = new House('c-');
  signedFolder = serveSignedZone();
  house.startGateway({ dns: `listen = ["${SERVER}:53", "[::]:53"]
listen_tls = ["${SERVER}:853"]
upstream = ["10.77.0.1@53"]
dnssec = false
[[dns.forward]]
zone = "${SIGNED.zone}"
upstream = ["${SIGNED.server}"]` });
  await house.answersQueries();
});

after(() => house?.close());

const kdig = (...words) => house.as('dev2', 'kdig', `@${SERVER}`, ...words);
const drill = (...words) => house.as('dev2', 'drill', ...words, `@${SERVER}`);
const certificate = () => path.join(house.state, 'storage', 'dns-certificate.pem');

test('dig: a cookie that we gave is taken when it comes back', () => {
  const answer = house.as('dev2', 'dig', `@${SERVER}`, '+cookie', 'avisa.example');
  assert.match(answer, /COOKIE: [0-9a-f]{48} \(good\)/);
  const cookie = answer.match(/COOKIE: ([0-9a-f]{48})/)[1];
  const again = house.as('dev2', 'dig', `@${SERVER}`, `+cookie=${cookie}`, 'avisa.example');
  assert.match(again, /status: NOERROR/);
});

test('drill: addresses, HTTPS records and names of addresses, over UDP and TCP', () => {
  assert.match(drill('avisa.example', 'A'), new RegExp(`^avisa\\.example\\.\\s.*${AVISA}$`, 'm'));
  assert.match(drill('-t', 'avisa.example', 'A'), /rcode: NOERROR/);
  const https = drill('nordhelse.example', 'TYPE65');
  assert.match(https, /^nordhelse\.example\.\s+\d+\s+IN\s+(HTTPS|TYPE65)\s/m);
  assert.match(drill('-x', SERVER), /PTR\s+sporvakt\.home\.arpa\./);
});

test('kdig: the same answer over UDP, TCP and TLS with the certificate pinned', () => {
  const pin = execFileSync('sh', ['-c', `openssl x509 -in '${certificate()}' -noout -pubkey
    | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64`
    .replaceAll('\n', ' ')], { encoding: 'utf8' }).trim();
  const ways = [['+notcp'], ['+tcp'], ['+tls', `+tls-pin=${pin}`],
    ['+tls', `+tls-ca=${certificate()}`, '+tls-hostname=sporvakt.home.arpa']];
  for (const way of ways) {
    assert.equal(kdig('+short', ...way, 'avisa.example').trim(), AVISA, way.join(' '));
  }
});

test('kdig: a certificate for another name, or another pin, is not ours', () => {
  for (const wrong of [[`+tls-ca=${certificate()}`, '+tls-hostname=other.example'],
    [`+tls-pin=${Buffer.alloc(32, 1).toString('base64')}`]]) {
    assert.throws(() => kdig('+tls', '+retry=0', ...wrong, 'avisa.example'), wrong.join(' '));
  }
});

test('kdig: answers over TLS are padded to whole blocks, over UDP they are not', () => {
  const size = (answer) => Number(answer.match(/^;; Received (\d+) B/m)[1]);
  for (const name of ['avisa.example', 'a-much-longer-name-that-does-not-exist.avisa.example']) {
    assert.equal(size(kdig('+tls', '+padding', name)) % PADDING_BLOCK, 0, name);
  }
  assert.notEqual(size(kdig('+padding=64', 'avisa.example')) % PADDING_BLOCK, 0);
});

test('kdig: whoever asks for our encrypted form finds it where we say', () => {
  const found = kdig('_dns.resolver.arpa', 'SVCB');
  const [, alpn, port, address] = found
    .match(/SVCB\s+\d+ \S+ alpn=(\S+) port=(\d+) ipv4hint=(\S+)/) ?? assert.fail(found);
  assert.equal(alpn, 'dot');
  const upgraded = house.as('dev2', 'kdig', `@${address}`, '-p', port, '+tls',
    `+tls-ca=${certificate()}`, '+tls-hostname=sporvakt.home.arpa', '+short', 'avisa.example');
  assert.equal(upgraded.trim(), AVISA);
});

test('delv: validates a signed answer that came through us, and says which is not signed', () => {
  const delv = (anchors, name) => house.as('dev2', 'delv', `@${SERVER}`, '-a',
    path.join(signedFolder, anchors), `+root=${SIGNED.zone}`, name, 'A');
  const signed = delv('anchors', `www.${SIGNED.zone}`);
  assert.match(signed, /^; fully validated$/m);
  assert.match(signed, new RegExp(`IN\\s+A\\s+${SIGNED.address.replaceAll('.', '\\.')}`));
  assert.match(delv('anchors', `none.${SIGNED.zone}`), /negative response, fully validated/);
  assert.doesNotMatch(delv('other-anchors', `www.${SIGNED.zone}`), /fully validated/);
  assert.match(delv('anchors', 'avisa.example'), /unsigned answer/);
});

test('a link-local address answers whoever asks it, over UDP and TCP', () => {
  const [, address] = house.as('gw', 'ip', '-6', '-o', 'address', 'show', 'dev', 'br-lan',
    'scope', 'link').match(/inet6 (fe80:[0-9a-f:]+)/);
  for (const transport of ['+notcp', '+tcp']) {
    // dig takes no answer from another address than the one that it asked.
    const answer = house.as('dev2', 'dig', transport, '+tries=1', '+time=3',
      `@${address}%eth0`, 'avisa.example');
    assert.match(answer, new RegExp(`IN\\s+A\\s+${AVISA.replaceAll('.', '\\.')}`));
    assert.match(answer, new RegExp(`SERVER: ${address}%`));
  }
});

test('systemd-resolved as a stub: names resolve, trackers do not, over TLS', async (context) => {
  if (!fs.existsSync(RESOLVED)) {
    context.skip(`SKIPPED: this machine has no ${RESOLVED} (set SPORVAKT_RESOLVED)`);
    return;
  }
  house.lab('start', 'resolved', 'dev2', path.join(import.meta.dirname, 'lab/resolved.sh'),
    RESOLVED, SERVER);
  const ask = (name) => house.as('dev2', 'dig', '@127.0.0.53', '+short', '+tries=1', '+time=3',
    name).trim();
  await eventually('the stub answers', 20, () => ask('avisa.example') === AVISA);
  assert.equal(ask('connect.facebook.net'), '0.0.0.0');
  assert.equal(ask('sporvakt.home.arpa'), SERVER);
  const log = fs.readFileSync(path.join(house.labState, 'log', 'resolved.out'), 'utf8');
  assert.match(log, /feature level (TLS\+EDNS0|TLS\+EDNS0\+DO|TLS\+EDNS0\+D0)/);
  house.lab('stop', 'resolved');
});

test('Chromium asks for HTTPS records through us, and nobody is asked for the canary', () => {
  const browsed = house.node('dev1', 'browse.mjs', 'nordhelse.example', 'legestua.example');
  assert.deepEqual(browsed.failedPages, []);
  const asked = fs.readFileSync(path.join(house.labState, 'log', 'unbound.log'), 'utf8');
  assert.match(asked, / nordhelse\.example\. (HTTPS|TYPE65) IN/);
  assert.match(kdig('use-application-dns.net'), /status: NXDOMAIN/);
  assert.doesNotMatch(asked, /use-application-dns\.net/);
  assert.doesNotMatch(asked, /resolver\.arpa/);
});
