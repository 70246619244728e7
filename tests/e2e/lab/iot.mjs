#!/usr/bin/env node
// What a cheap connected thing says on its network and to its maker: an mDNS announcement, an SSDP
// notice, then a plain HTTP firmware check and TLS telemetry.  (lab.sh does its DHCP just before.)
import dgram from 'node:dgram';
import http from 'node:http';
import https from 'node:https';
import os from 'node:os';
import { A, SRV, TXT, name, response } from './dnsmsg.mjs';

const HOST = 'ESP_123403';
const address = Object.values(os.networkInterfaces()).flat()
  .find((one) => one.family === 'IPv4' && !one.internal)?.address;
const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

async function announce() {
  const socket = dgram.createSocket({ type: 'udp4', reuseAddr: true });
  await new Promise((resolve) => { socket.bind(5353, resolve); });
  socket.addMembership('224.0.0.251', address);
  socket.setMulticastInterface(address);
  const instance = 'Kitchen Plug._hap._tcp.local';
  const local = `${HOST}.local`;
  const message = response(0, [
    { name: '_hap._tcp.local', type: 12, ttl: 4500, data: name(instance) },
    { name: instance, type: 33, flush: true, data: SRV(80, local) },
    { name: instance, type: 16, flush: true, ttl: 4500, data: TXT(['md=SmartPlug S1', 'ci=7']) },
    { name: local, type: 1, flush: true, data: A(address) },
  ]);
  socket.send(message, 5353, '224.0.0.251');
  const notice = `NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNT: upnp:rootdevice\r\n`
    + `NTS: ssdp:alive\r\nSERVER: RTOS/1.0 UPnP/1.1 SmartPlug/2.1\r\n\r\n`;
  socket.send(notice, 1900, '239.255.255.250');
  await sleep(300);
  socket.close();
}

function request(protocol, options, body) {
  return new Promise((resolve) => {
    const outgoing = protocol.request({ timeout: 4000, family: 4, ...options,
      headers: { 'user-agent': `LabThing/2.1 lab/${process.env.LAB_DEV}`,
        'content-length': body.length } }, (incoming) => {
      incoming.resume();
      incoming.on('end', () => resolve(incoming.statusCode));
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('timeout')));
    outgoing.on('error', (error) => resolve(error.code ?? error.message));
    outgoing.end(body);
  });
}

await announce();
const plain = await request(http, { host: 'fw.iotvendor.example', path: '/firmware.bin' }, '');
const tls = await request(https, { host: 'telemetry.iotvendor.example', path: '/v1/report',
  method: 'POST' }, Buffer.alloc(700, 't'));
console.log(JSON.stringify({ plain, tls }));
