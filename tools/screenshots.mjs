#!/usr/bin/env node
// Takes the pictures of docs/images from a running demo: node tools/screenshots.mjs URL NAME PASSWORD
// Wide and narrow, light and dark, in Debian's Chromium.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const FOLDER = 'docs/images';
const SIZES = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
];
const [url, name, password] = process.argv.slice(2);
if (!url || !name || !password) {
  process.stderr.write('Usage: node tools/screenshots.mjs URL NAME PASSWORD\n');
  process.exit(2);
}
mkdirSync(FOLDER, { recursive: true });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
try {
  for (const viewport of SIZES)
    for (const colorScheme of ['light', 'dark']) await shoot(viewport, colorScheme);
} finally {
  await browser.close();
}

async function shoot(viewport, colorScheme) {
  const context = await browser.newContext({ viewport, colorScheme });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('input').first().fill(name);
  await page.locator('input[type=password]').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('input[type=password]').waitFor({ state: 'detached' });
  const findings =
    (await page.evaluate(
      async () => (await (await fetch('/api/v1/findings?state=open&limit=100')).json()).items,
    )) ?? [];
  const finding = findings.find((f) => f.control === 'MOM-TLS-002') ?? findings[0];
  const places = {
    overview: '/',
    findings: '/findings',
    finding: `/findings/${finding.id}`,
    node: `/nodes/${finding.node.id}`,
  };
  for (const [place, path] of Object.entries(places)) {
    await page.goto(`${url}${path}`);
    await page.waitForTimeout(800);
    await page.screenshot({ path: join(FOLDER, `${place}-${viewport.width}-${colorScheme}.png`) });
  }
  await context.close();
}
