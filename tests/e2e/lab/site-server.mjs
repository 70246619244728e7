#!/usr/bin/env node
// Plays every web site of the pretend Internet on 127.0.0.1:8081 in `net`, behind caddy.
// Pages carry tracker tags the way real ones do: <script>, <img>, <iframe>, sendBeacon.
// On every host: /bytes/N sends N bytes (at most 64 MiB), /echo tells what arrived.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

const sites = JSON.parse(fs.readFileSync(path.join(import.meta.dirname, 'sites.json'), 'utf8'));
const pages = new Map(sites.hosts.filter((host) => host.tags)
  .flatMap((host) => [[host.name, host], [`www.${host.name}`, host]]));
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const BYTES_MAX = 64 << 20;

const TAGS = {
  gtm: '<script async src="https://www.googletagmanager.com/gtm.js?id=GTM-LAB1"></script>',
  meta: '<script async src="https://connect.facebook.net/en_US/fbevents.js"></script>'
    + '<img src="https://www.facebook.com/tr?id=123&ev=PageView" alt="">',
  instagram: '<iframe src="https://www.instagram.com/p/lab/embed" title="post"></iframe>',
  snap: "<script>navigator.sendBeacon('https://tr.snapchat.com/p', '{}')</script>",
  tiktok: '<script async src="https://analytics.tiktok.com/i18n/pixel/events.js"></script>',
  hotjar: '<script async src="https://static.hotjar.com/c/hotjar-1.js?sv=6"></script>',
  linkedin: '<img src="https://px.ads.linkedin.com/collect?pid=1&fmt=gif" alt="">',
  bing: '<script async src="https://bat.bing.com/bat.js"></script>',
  adobe: '<img src="https://metrics.nordhelse.example/b/ss/lab/1?AQB=1" alt="">',
  doubleclick: '<iframe src="https://ad.doubleclick.net/ddm/fls/z/src=1" title="ad"></iframe>',
};

/** What the trackers' scripts do, and their size in bytes. */
const SCRIPTS = {
  'www.googletagmanager.com': [120000,
    "navigator.sendBeacon('https://www.google-analytics.com/g/collect?v=2', 'en=page_view');"
    + "new Image().src='https://stats.g.doubleclick.net/g/collect?v=2';"],
  'connect.facebook.net': [60000,
    "new Image().src='https://www.facebook.com/tr?id=123&ev=PageView&script=1';"],
  'analytics.tiktok.com': [90000,
    "fetch('https://analytics.tiktok.com/api/v2/pixel',"
    + "{method:'POST',mode:'no-cors',body:'p'.repeat(1800)});"],
  'static.hotjar.com': [30000, ''],
  'bat.bing.com': [15000, "new Image().src='https://bat.bing.com/action/0?ti=1';"],
};

function pageOf(host) {
  return `<!doctype html><html lang="no"><head><meta charset="utf-8">
<title>${host.name} (lab)</title>
<link rel="stylesheet" href="https://fonts.gstatic.com/s/lab.css">
<script src="https://cdn.jsdelivr.net/npm/lab.js"></script>
${host.tags.map((tag) => TAGS[tag]).join('\n')}</head>
<body><h1>${host.name}</h1><p>${'A page of the lab. '.repeat(200)}</p></body></html>`;
}

const padded = (size, code) => `/*${'x'.repeat(size)}*/\n${code}`;

function answer(host, url) {
  if (pages.has(host)) {
    return url.pathname === '/' ? ['text/html; charset=utf-8', pageOf(pages.get(host))]
      : ['image/gif', GIF];
  }
  if (url.pathname.endsWith('.js')) {
    const [size, code] = SCRIPTS[host] ?? [20000, ''];
    return ['text/javascript', padded(size, code)];
  }
  if (url.pathname.endsWith('.css')) return ['text/css', padded(3000, '')];
  if (/embed|ddm/.test(url.pathname)) return ['text/html', '<!doctype html><p>frame</p>'];
  return ['image/gif', GIF];
}

http.createServer((request, response) => {
  const host = (request.headers['x-forwarded-host'] ?? request.headers.host ?? '')
    .split(':')[0].toLowerCase();
  const url = new URL(request.url, `http://${host || 'x'}`);
  const send = (type, body) => {
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store',
      'access-control-allow-origin': '*' });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  let received = 0;
  request.on('data', (chunk) => { received += chunk.length; });
  request.on('end', () => {
    const size = url.pathname.match(/^\/bytes\/(\d+)$/);
    if (size) {
      send('application/octet-stream', Buffer.alloc(Math.min(+size[1], BYTES_MAX)));
    } else if (url.pathname === '/echo') {
      send('application/json', JSON.stringify({ host, received }));
    } else {
      send(...answer(host, url));
    }
  });
}).listen(8081, '127.0.0.1');
