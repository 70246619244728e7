// As much of the DNS message format (RFC 1035) as the lab's thing needs to announce itself.
const u16 = (value) => Buffer.from([(value >> 8) & 255, value & 255]);
const u32 = (value) => Buffer.concat([u16(value >>> 16), u16(value)]);

function labelled(text) {
  return Buffer.concat([Buffer.from([Buffer.byteLength(text)]), Buffer.from(text)]);
}

export function name(text) {
  return Buffer.concat([...text.split('.').filter(Boolean).map(labelled), Buffer.from([0])]);
}

/** record: {name, type, ttl, flush, data} */
function record({ name: owner, type, ttl = 120, flush = false, data }) {
  return Buffer.concat([name(owner), u16(type), u16(flush ? 0x8001 : 1), u32(ttl),
    u16(data.length), data]);
}

export function query(owner, type, id) {
  return Buffer.concat([u16(id), u16(0x0100), u16(1), u16(0), u16(0), u16(0), name(owner),
    u16(type), u16(1)]);
}

export function response(id, answers) {
  return Buffer.concat([u16(id), u16(0x8400), u16(0), u16(answers.length), u16(0), u16(0),
    ...answers.map(record)]);
}

export const A = (address) => Buffer.from(address.split('.').map(Number));
export const SRV = (port, target) => Buffer.concat([u16(0), u16(0), u16(port), name(target)]);
export const TXT = (pairs) => Buffer.concat(pairs.map(labelled));
