// What the end-to-end tests share: the lab's house with the gateway under test running in it.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const HERE = import.meta.dirname;
const ROOT = path.resolve(HERE, '../..');
const LAB = path.join(HERE, 'lab', 'lab.sh');
export const BINARY = process.env.SPORVAKT_BINARY ?? path.join(ROOT, 'build/dev/bin/sporvakt');
export const SHOTS = path.join(ROOT, 'test-results', 'screenshots');
export const PASSWORD = 'riktig hest batteri';
const GATEWAY = 'http://192.168.77.1:8080';
/** What the gateway's [dns] is when a test says nothing else. */
export const DNS = `listen = ["192.168.77.1:53", "[fd00:77::1]:53"]
upstream = ["10.77.0.1@53"]
dnssec = false`;

export const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Calls `probe` until it returns something truthy, at most `seconds` long. */
export async function eventually(what, seconds, probe) {
  const end = Date.now() + seconds * 1000;
  let last;
  while (Date.now() < end) {
    try {
      last = await probe();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    await sleep(100);
  }
  return assert.fail(`${what}: not within ${seconds} s; last: ${last?.message ?? last}`);
}

/** One house: up at construction, gone after `close()`. */
export class House {
  constructor(prefix) {
    this.prefix = prefix;
    this.state = fs.mkdtempSync(path.join('/tmp', 'sporvakt-house-'));
    this.environment = { ...process.env, LAB_PREFIX: prefix,
      LAB_STATE: path.join(this.state, 'lab') };
    this.csrf = '';
    fs.mkdirSync(SHOTS, { recursive: true });
    this.lab('up');
  }

  lab(...words) {
    return execFileSync(LAB, words, { env: this.environment, encoding: 'utf8', timeout: 120_000 });
  }

  /** Runs a program as a device; throws when it fails. */
  as(device, ...words) {
    return this.lab('exec', device, ...words);
  }

  /** The same for one that may fail: {status, stdout, stderr}. */
  tryAs(device, ...words) {
    return spawnSync(LAB, ['exec', device, ...words],
      { env: this.environment, encoding: 'utf8', timeout: 120_000 });
  }

  node(device, script, ...words) {
    const out = this.as(device, process.execPath, path.join(HERE, 'lab', script), ...words);
    return JSON.parse(out.trim().split('\n').at(-1));
  }

  /** Both without waiting: promises of what is printed. */
  async asMeanwhile(device, ...words) {
    const { stdout } = await promisify(execFile)(LAB, ['exec', device, ...words],
      { env: this.environment, timeout: 200_000 });
    return stdout;
  }

  async nodeMeanwhile(device, script, ...words) {
    const out = await this.asMeanwhile(device, process.execPath, path.join(HERE, 'lab', script),
      ...words.map(String));
    return JSON.parse(out.trim().split('\n').at(-1));
  }

  get labState() {
    return this.environment.LAB_STATE;
  }

  /** Its configuration, with further lines of [dns], of [lists] and of [gate]; the file's path. */
  writeConfiguration({ dns = DNS, lists = '', gate = '' } = {}) {
    const storage = path.join(this.state, 'storage');
    fs.mkdirSync(storage, { recursive: true });
    const file = path.join(this.state, 'gateway.toml');
    fs.writeFileSync(file, `
[dns]
${dns}
[capture]
interfaces = ["br-lan"]
[web]
listen = ["192.168.77.1:8080"]
[storage]
dir = "${storage}"
[lists]
${lists}
[gate]
${gate}
`);
    return file;
  }

  /** Starts it, with further lines as in writeConfiguration(). */
  startGateway(lines) {
    const file = this.writeConfiguration(lines);
    this.lab('start', 'gateway', 'gw', BINARY, 'run', '--config', file);
  }

  /** Waits until it answers queries from the Internet. */
  async answersQueries() {
    await eventually('the gateway answers queries', 10, () =>
      this.as('dev2', 'dig', '+short', '+time=1', '+tries=1', '@192.168.77.1', 'avisa.example')
        .includes('203.0.113.14'));
  }

  /** The supervisor's process id. */
  get gatewayPid() {
    return Number(fs.readFileSync(path.join(this.labState, 'pids', 'gateway'), 'utf8'));
  }

  gatewayLog() {
    return fs.readFileSync(path.join(this.labState, 'log', 'gateway.out'), 'utf8');
  }

  /** The process id of a role's child, or undefined. */
  rolePid(role) {
    const pid = this.gatewayPid;
    const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    return children.map(Number).find((child) =>
      fs.readFileSync(`/proc/${child}/comm`, 'utf8').includes(role));
  }

  /** The private memory of a role's child in MB: what no other process shares with it. */
  privateMegabytes(role) {
    const status = fs.readFileSync(`/proc/${this.rolePid(role)}/status`, 'utf8');
    return Number(status.match(/^RssAnon:\s+(\d+) kB$/m)[1]) / 1024;
  }

  /** How many files and sockets a role's child has open. */
  openFiles(role) {
    return fs.readdirSync(`/proc/${this.rolePid(role)}/fd`).length;
  }

  /** Asks for it to end, and returns the seconds that took. */
  stopGateway() {
    const started = Date.now();
    this.lab('stop', 'gateway');
    return (Date.now() - started) / 1000;
  }

  /** A request to the web page's API from the gateway itself; fails on an error status. */
  api(method, resource, body) {
    const jar = path.join(this.state, 'cookies');
    const words = ['curl', '-sS', '-m', '5', '-X', method, '-b', jar, '-c', jar,
      '-w', '\n%{http_code}', '-H', `X-CSRF-Token: ${this.csrf}`];
    if (body) words.push('-H', 'Content-Type: application/json', '-d', JSON.stringify(body));
    const out = this.as('gw', ...words, `${GATEWAY}/api/v1${resource}`);
    const cut = out.lastIndexOf('\n');
    const status = Number(out.slice(cut + 1));
    const text = out.slice(0, cut);
    assert.ok(status < 400, `${method} ${resource}: ${status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** Sets the first password, or logs in with it. */
  logIn() {
    const session = this.api('GET', '/session');
    const answer = this.api('POST', session.setup_needed ? '/setup' : '/session',
      { password: PASSWORD });
    this.csrf = answer.csrf_token;
  }

  /** Every contact of the last hour, as rows of /contacts. */
  contacts() {
    return this.api('GET', '/contacts?range=1h&limit=500').contacts;
  }

  /** What the pretend Internet's servers saw: a set of "device host". */
  requestsServed() {
    const log = fs.readFileSync(path.join(this.labState, 'log', 'access.json'), 'utf8');
    const requests = log.split('\n').filter(Boolean).map((line) => JSON.parse(line).request);
    return new Set(requests.map((request) => {
      const agent = request.headers['User-Agent']?.[0] ?? '';
      return `${agent.match(/lab\/(dev\d)/)?.[1]} ${request.host.split(':')[0]}`;
    }));
  }

  /** What the policy says of names: Map name -> {verdict, purpose, company}. */
  judged(names) {
    const run = spawnSync(BINARY, ['check', '--json', '-'], { input: names.join('\n') + '\n',
      encoding: 'utf8' });
    assert.equal(run.status, 0, run.stderr);
    return new Map(run.stdout.trim().split('\n').map((line) => JSON.parse(line))
      .map((row) => [row.name, row]));
  }

  close() {
    this.lab('down');
    fs.rmSync(this.state, { recursive: true, force: true });
  }
}
