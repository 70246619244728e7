// What a socket hears, added up: {heard, heard_bytes, largest, truncated, rcodes}; `largest` is in
// bytes, `truncated` counts answers with TC set, `rcodes` those of each response code.
export function tallyOf(socket, seen = () => {}) {
  const tally = { heard: 0, heard_bytes: 0, largest: 0, truncated: 0, rcodes: {} };
  socket.on('message', (message) => {
    const rcode = message[3] & 15;
    tally.heard += 1;
    tally.heard_bytes += message.length;
    tally.largest = Math.max(tally.largest, message.length);
    tally.truncated += (message[2] & 2) >> 1;
    tally.rcodes[rcode] = (tally.rcodes[rcode] ?? 0) + 1;
    seen();
  });
  return tally;
}
