#!/usr/bin/env node
// hello.mjs tls|quic ADDRESS NAME [PIECES [TIMES]]: says hello to a server, naming NAME, in PIECES
// segments or Initials (default: as one; TLS pieces go out one after the other, without waiting).
// Asks no DNS.  Prints one JSON line: {outcome, ms, median_ms}; outcome of the last of TIMES:
// "answered" (whatever the server says), "reset", "refused" or "silent" (for three seconds).
import crypto from 'node:crypto';
import dgram from 'node:dgram';
import net from 'node:net';
import tls from 'node:tls';
import { Duplex } from 'node:stream';

const PATIENCE_MS = 3000;
const [transport, address, name, pieces = '1', times = '1'] = process.argv.slice(2);

/** A real ClientHello, record and all: the first thing that Node's TLS writes. */
function tlsHello(options = {}) {
  return new Promise((resolve) => {
    const take = (chunk, encoding, done) => { resolve(chunk); done(); };
    const wire = new Duplex({ read() {}, write: take });
    tls.connect({ socket: wire, servername: name, ALPNProtocols: ['http/1.1'], ...options })
      .on('error', () => {});
  });
}

function cut(bytes, count) {
  const size = Math.ceil(bytes.length / count);
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * size, (at + 1) * size))
    .filter((piece) => piece.length > 0);
}

/** How the conversation that `begin` starts goes: it gets a function that takes the outcome. */
function outcomeOf(begin) {
  const started = performance.now();
  return new Promise((resolve) => {
    const end = (outcome) => resolve({ outcome, ms: performance.now() - started });
    setTimeout(end, PATIENCE_MS, 'silent').unref();
    begin(end);
  });
}

async function sayTls() {
  const hello = await tlsHello();
  let socket;
  const result = await outcomeOf((end) => {
    socket = net.connect(443, address, () => {
      for (const piece of cut(hello, Number(pieces))) socket.write(piece);
    }).setNoDelay();
    socket.on('data', () => end('answered'));
    socket.on('close', () => end('closed'));
    socket.on('error', (error) => end(error.code === 'ECONNRESET' ? 'reset' : error.code));
  });
  socket.destroy();
  return result;
}

// A QUIC Initial of version 1 (RFC 9000, RFC 9001).

const SALT = Buffer.from('38762cf7f55934b34d179ae6a4c80cadccbb7f0a', 'hex');
const DATAGRAM_MIN = 1300;  // more than 1,200, so that links of IPv6's least must cut it
const TAG = 16;

function expandLabel(secret, label, length) {
  const text = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([0, length, text.length]), text, Buffer.from([0])]);
  return crypto.createHmac('sha256', secret).update(info).update(Buffer.from([1])).digest()
    .subarray(0, length);
}

const varint16 = (value) => Buffer.from([0x40 | (value >> 8), value & 0xff]);

function initial(id, number, offset, piece) {
  const client = expandLabel(
    crypto.createHmac('sha256', SALT).update(id).digest(), 'client in', 32);
  const [key, iv, mask] = [['quic key', 16], ['quic iv', 12], ['quic hp', 16]]
    .map(([label, length]) => expandLabel(client, label, length));
  const head = Buffer.concat([Buffer.from([0xc0, 0, 0, 0, 1, id.length]), id,
    Buffer.from([8]), id, Buffer.from([0])]);
  const crypt = Buffer.concat([Buffer.from([6]), varint16(offset), varint16(piece.length), piece]);
  const frames = Buffer.alloc(Math.max(crypt.length, DATAGRAM_MIN - head.length - 2 - 1 - TAG));
  crypt.copy(frames);
  const header = Buffer.concat([head, varint16(1 + frames.length + TAG), Buffer.from([number])]);
  const nonce = Buffer.from(iv);
  nonce[11] ^= number;
  const cipher = crypto.createCipheriv('aes-128-gcm', key, nonce).setAAD(header);
  const packet = Buffer.concat([header, cipher.update(frames), cipher.final(),
    cipher.getAuthTag()]);
  const at = header.length - 1;  // of the packet number, whose sample begins four bytes on
  const hide = crypto.createCipheriv('aes-128-ecb', mask, null)
    .update(packet.subarray(at + 4, at + 20));
  packet[0] ^= hide[0] & 0x0f;
  packet[at] ^= hide[1];
  return packet;
}

async function sayQuic() {
  const record = await tlsHello({ minVersion: 'TLSv1.3', ALPNProtocols: ['h3'] });
  const id = crypto.randomBytes(8);
  const socket = dgram.createSocket(net.isIPv6(address) ? 'udp6' : 'udp4');
  const result = await outcomeOf((end) => {
    socket.on('message', () => end('answered'));
    socket.on('error', (error) => end(error.code === 'ECONNREFUSED' ? 'refused' : error.code));
    socket.connect(443, address, () => {
      let offset = 0;
      for (const [number, piece] of cut(record.subarray(5), Number(pieces)).entries()) {
        socket.send(initial(id, number, offset, piece));
        offset += piece.length;
      }
    });
  });
  socket.close();
  return result;
}

const results = [];
for (let said = 0; said < Number(times); said += 1) {
  results.push(await (transport === 'quic' ? sayQuic() : sayTls()));
}
const sorted = results.map((result) => result.ms).sort((a, b) => a - b);
console.log(JSON.stringify({ ...results.at(-1), median_ms: sorted[sorted.length >> 1] }));
process.exit(0);
