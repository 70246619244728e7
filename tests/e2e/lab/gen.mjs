#!/usr/bin/env node
// gen.mjs STATE: from sites.json writes, under STATE, what the pretend Internet is made of:
//   addrs.txt     every address that the `net` namespace owns
//   certs.tsv     certificate, tab, subjectAltName
//   root.zone     one zone "." with every record
//   unbound.conf  the provider's resolver and a public one, answering from that zone
//   caddy.json    HTTPS (h1, h2, and h3 where sites.json says so) before site-server.mjs
import fs from 'node:fs';
import path from 'node:path';

const state = process.argv[2];
if (!state) {
  console.error('usage: gen.mjs STATE');
  process.exit(64);
}
const sites = JSON.parse(fs.readFileSync(path.join(import.meta.dirname, 'sites.json'), 'utf8'));
const write = (name, text) => fs.writeFileSync(path.join(state, name), text);

/** 203.0.113.N has the twin 2001:db8:113::N. */
function v6Of(address) {
  const parts = address.split('.');
  return `2001:db8:${parts[2]}::${parts[3]}`;
}

function zoneLines(host) {
  if (host.cname) return [`${host.name}. CNAME ${host.cname}.`];
  const lines = [`${host.name}. A ${host.ip}`];
  if (host.v6) lines.push(`${host.name}. AAAA ${v6Of(host.ip)}`);
  if (host.h3) {
    const hint = host.v6 ? ` ipv6hint=${v6Of(host.ip)}` : '';
    lines.push(`${host.name}. HTTPS 1 . alpn="h3,h2" ipv4hint=${host.ip}${hint}`);
  }
  return lines;
}

function addressesOf(host) {
  return !host.ip ? [] : host.v6 ? [host.ip, v6Of(host.ip)] : [host.ip];
}

function writeZone() {
  const lines = ['$ORIGIN .', '$TTL 120',
    '. SOA ns.lab.example. admin.lab.example. 1 3600 900 604800 60', '. NS ns.lab.example.',
    `ns.lab.example. A ${sites.provider_resolver}`,
    `${sites.public_resolver.name}. A ${sites.public_resolver.ip}`,
    `big.lab.example. TXT${` "${'x'.repeat(250)}"`.repeat(16)}`];
  for (const host of sites.hosts) {
    lines.push(...zoneLines(host));
    if (host.tags) lines.push(...zoneLines({ ...host, name: `www.${host.name}` }));
  }
  write('root.zone', lines.join('\n') + '\n');
}

function writeAddresses() {
  const all = new Set([sites.public_resolver.ip, ...sites.hosts.flatMap(addressesOf)]);
  write('addrs.txt', [...all].join('\n') + '\n');
}

function writeCertificates() {
  const rows = Object.entries(sites.groups)
    .map(([group, names]) => `${group}\t${names.map((name) => `DNS:${name}`).join(',')}`);
  write('certs.tsv', rows.join('\n') + '\n');
}

function writeResolver() {
  write('unbound.conf', `server:
  directory: "${state}"
  chroot: ""
  username: ""
  pidfile: "${state}/unbound.pid"
  logfile: "${state}/log/unbound.log"
  use-syslog: no
  log-queries: yes
  do-daemonize: no
  num-threads: 1
  module-config: "iterator"
  access-control: 0.0.0.0/0 allow
  qname-minimisation: no
  interface: ${sites.provider_resolver}@53
  interface: ${sites.public_resolver.ip}@53
remote-control:
  control-enable: no
auth-zone:
  name: "."
  zonefile: "${state}/root.zone"
  for-upstream: yes
  for-downstream: no
  fallback-enabled: no
`);
}

function writeWebServer() {
  const web = [...new Set(sites.hosts.flatMap(addressesOf))];
  const speaksH3 = new Set(sites.hosts.filter((host) => host.h3).flatMap(addressesOf));
  const listen = (addresses, port) =>
    addresses.map((a) => (a.includes(':') ? `[${a}]:${port}` : `${a}:${port}`));
  const common = {
    routes: [{ handle: [{ handler: 'reverse_proxy', upstreams: [{ dial: '127.0.0.1:8081' }],
      flush_interval: -1 }] }],
    automatic_https: { disable: true },
    logs: { default_logger_name: 'access' },
  };
  const tls = { tls_connection_policies: [{ default_sni: 'avisa.example' }] };
  const log = (name) => ({ output: 'file', filename: `${state}/log/${name}`, roll: false });
  write('caddy.json', JSON.stringify({
    admin: { disabled: true },
    logging: { logs: {
      default: { level: 'WARN', writer: log('caddy.log'), exclude: ['http.log.access'] },
      access: { writer: log('access.json'), include: ['http.log.access'],
        encoder: { format: 'json', time_format: 'unix_seconds_float' } } } },
    apps: {
      tls: { certificates: { load_files: Object.keys(sites.groups).map((group) => ({
        certificate: `${state}/tls/${group}.pem`, key: `${state}/tls/${group}.key` })) } },
      http: { grace_period: '1s', servers: {
        h3: { ...common, ...tls, listen: listen(web.filter((a) => speaksH3.has(a)), 443),
          protocols: ['h1', 'h2', 'h3'] },
        h2: { ...common, ...tls, listen: listen(web.filter((a) => !speaksH3.has(a)), 443),
          protocols: ['h1', 'h2'] },
        plain: { ...common, listen: listen(web, 80), protocols: ['h1'] } } } },
  }, null, 1));
}

writeZone();
writeAddresses();
writeCertificates();
writeResolver();
writeWebServer();
