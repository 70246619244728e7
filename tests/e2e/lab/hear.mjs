#!/usr/bin/env node
// hear.mjs ADDRESS PORT SECONDS: what datagrams reach ADDRESS and PORT, of one who asked for none.
// Prints one JSON line, as tally.mjs has it.
import dgram from 'node:dgram';
import { tallyOf } from './tally.mjs';

const [address, port, seconds] = process.argv.slice(2);
const socket = dgram.createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
const tally = tallyOf(socket);
await new Promise((resolve) => { socket.bind(Number(port), address, resolve); });
await new Promise((resolve) => { setTimeout(resolve, Number(seconds) * 1000); });
socket.close();
console.log(JSON.stringify(tally));
