#!/usr/bin/env node
// look.mjs URL PASSWORD SHOTS: a person on the network opens the gateway's page, sets the first
// password and reads.  Saves screenshots into the folder SHOTS.  Prints one JSON line with the text
// of each page and what the browser complained of.
import path from 'node:path';
import { chromium } from '@playwright/test';

const [url, password, shots] = process.argv.slice(2);
const origin = new URL(url).origin;
const browser = await chromium.launch({
  executablePath: process.env.LAB_CHROMIUM ?? '/usr/bin/chromium',
  chromiumSandbox: false,
  args: ['--disable-gpu', '--disable-background-networking', '--disable-component-update'],
});
const result = { pages: {}, foreign: [], violations: [] };
try {
  const context = await browser.newContext({ locale: 'en-GB',
    viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.on('request', (request) => {
    const target = new URL(request.url());
    if (target.origin !== origin && target.protocol !== 'data:') {
      result.foreign.push(request.url());
    }
  });
  page.on('console', (message) => {
    const text = message.text();
    if (/Content Security Policy|Trusted/.test(text)) result.violations.push(text);
  });
  await page.goto(`${url}/`);
  const fields = page.locator('input[type=password]');
  await fields.first().waitFor();
  for (let i = 0; i < await fields.count(); i += 1) await fields.nth(i).fill(password);
  await page.locator('form button[type=submit]').click();
  await page.locator('nav').first().waitFor();
  for (const route of ['/', '/devices', '/companies', '/events']) {
    await page.goto(url + route);
    await page.locator('main h1').waitFor();
    await page.waitForTimeout(1500);
    result.pages[route] = await page.locator('main').innerText();
    const name = route === '/' ? 'overview' : route.slice(1);
    await page.screenshot({ path: path.join(shots, `house-${name}.png`), fullPage: true });
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(result));
