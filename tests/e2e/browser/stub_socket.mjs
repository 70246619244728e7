// Just enough WebSocket (RFC 6455) for a server that only sends short text messages.
import { createHash } from "node:crypto";

const MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export function acceptSocket(request, socket) {
    const key = createHash("sha1").update(request.headers["sec-websocket-key"] + MAGIC)
        .digest("base64");
    socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n" +
                 `Connection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`);
    socket.on("error", () => socket.destroy());
    socket.on("data", (bytes) => {
        if ((bytes[0] & 0x0f) === 8) socket.end();  // close
    });
}

export function sendText(socket, text) {
    const body = Buffer.from(text);
    const head = body.length < 126 ? Buffer.from([0x81, body.length])
        : Buffer.from([0x81, 126, body.length >> 8, body.length & 255]);
    socket.write(Buffer.concat([head, body]));
}
