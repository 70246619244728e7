#!/usr/bin/env node
// browse.mjs SITE...: headless Chromium visits https://SITE/ as the device in whose namespace it
// runs.  Prints one JSON line: pages, failed hosts, protocols.  Blocked trackers are no failure;
// exit 1 when a page itself failed.
import fs from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';

const state = process.env.LAB_STATE;
const sites = JSON.parse(fs.readFileSync(path.join(import.meta.dirname, 'sites.json'), 'utf8'));
const STAY_MS = 1500;

// Chromium wants a publicly known root for QUIC.  A host named in --origin-to-force-quic-on is let
// off that check whatever its port, so port 1 leaves the natural race of QUIC and TCP as it is.
const quicOrigins = sites.hosts.filter((host) => host.h3)
  .flatMap((host) => [`${host.name}:1`, `www.${host.name}:1`]);
const profile = fs.mkdtempSync(path.join(state, 'tmp', 'chromium-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.LAB_CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  chromiumSandbox: false,
  userAgent: `Mozilla/5.0 lab/${process.env.LAB_DEV}`,
  args: ['--disable-gpu', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
    '--disable-features=Translate,OptimizationHints,MediaRouter,LocalNetworkAccessChecks,'
      + 'BlockInsecurePrivateNetworkRequests',
    '--ignore-certificate-errors-spki-list='
      + fs.readFileSync(path.join(state, 'tls/spki.txt'), 'utf8').trim(),
    '--enable-quic', `--origin-to-force-quic-on=${quicOrigins.join(',')}`],
});
const result = { pages: 0, failedPages: [], failedHosts: [], protocols: {} };
try {
  const page = context.pages()[0] ?? await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  session.on('Network.responseReceived', ({ response }) => {
    const name = response.protocol ?? '?';
    result.protocols[name] = (result.protocols[name] ?? 0) + 1;
  });
  page.on('requestfailed', (request) => {
    result.failedHosts.push(new URL(request.url()).hostname);
  });
  for (const site of process.argv.slice(2)) {
    try {
      await page.goto(`https://${site}/`, { waitUntil: 'load', timeout: 20000 });
      result.pages += 1;
    } catch (error) {
      result.failedPages.push(`${site}: ${String(error.message).split('\n')[0]}`);
    }
    await page.waitForTimeout(STAY_MS);
  }
} finally {
  await context.close();
  fs.rmSync(profile, { recursive: true, force: true });
}
result.failedHosts = [...new Set(result.failedHosts)].sort();
console.log(JSON.stringify(result));
process.exit(result.failedPages.length ? 1 : 0);
