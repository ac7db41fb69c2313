// Opens every page of the built console, writes pictures, and tells of what is wrong: node dev/look.mjs FOLDER [PAGE ...]
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import { cutStreams, openFinding, startMock } from './mock-server.mjs';

const [folder = 'look', ...only] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const PAGES = {
  overview: '/',
  findings: '/findings',
  nomatch: '/findings?q=nothing-like-this&severity=high',
  finding: '/findings/fnd_3',
  stale: '/findings/fnd_7',
  ofgroup: '/findings/fnd_9',
  nodes: '/nodes',
  node: '/nodes/nod_1',
  silent: '/nodes/nod_3',
  remediations: '/remediations',
  newplan: '/plans/new?node=nod_1&remediation=securecreds-enable',
  plan: '/plans/pln_1',
  runs: '/runs',
  plans: '/plans',
  audit: '/audit',
  run: '/runs/run_1',
  rolledback: '/runs/run_2',
  alerts: '/alerts',
  alert: '/alerts/alr_1',
  storm: '/alerts/alr_storm',
  targets: '/targets',
  target: '/targets/tgt_2',
  deliveries: '/deliveries',
  silences: '/silences',
  settings: '/settings',
};
const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };

const server = await startMock();
const origin = `http://127.0.0.1:${server.address().port}`;
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
let wrong = 0;
const tell = (text) => {
  wrong += 1;
  process.stdout.write(`${text}\n`);
};

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const at = (name) => `${name} ${size} ${colorScheme}`;
    let current = 'sign-in';
    page.on('console', (message) => {
      if (message.type() === 'error' && !/401|INCOMPLETE_CHUNKED/.test(message.text()))
        tell(`${at(current)}: console: ${message.text().slice(0, 400)}`);
    });
    page.on('pageerror', (error) => tell(`${at(current)}: ${error.message}`));
    const look = async (name) => {
      // The page's main part scrolls by itself: the picture is as high as what it holds.
      const height = await page.evaluate(() => (document.querySelector('main')?.scrollHeight ?? 0) + 130);
      await page.setViewportSize({ width: viewport.width, height: Math.max(viewport.height, height) });
      await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`) });
      await page.setViewportSize(viewport);
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (over > 0) tell(`${at(name)}: the page scrolls sideways by ${over} px`);
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
        .analyze();
      for (const v of violations)
        tell(
          `${at(name)}: axe ${v.id}: ${v.nodes
            .slice(0, 2)
            .map((n) => `${n.html.slice(0, 160)} :: ${(n.any[0] ?? n.all[0] ?? n.none[0])?.message ?? ''}`)
            .join(' | ')}`,
        );
    };
    await page.goto(origin);
    await page.getByLabel('Name').waitFor();
    if (only.length === 0) await look('sign-in');
    await page.getByLabel('Name').fill('olga');
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    for (const [name, path] of Object.entries(PAGES)) {
      if (only.length > 0 && !only.includes(name)) continue;
      current = name;
      await page.goto(origin + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForFunction(() => document.querySelector('.pf-v6-c-skeleton') === null);
      await look(name);
      if (name === 'targets') await lookAtForms(page, look);
    }
    if (size === 'wide' && colorScheme === 'light' && only.length === 0)
      await live(page, (name) => (current = name));
    await context.close();
  }
}
await browser.close();
server.close();
server.closeAllConnections();
process.stdout.write(wrong === 0 ? 'nothing wrong\n' : `${wrong} things\n`);
process.exit(wrong === 0 ? 0 : 1);

/** A new target of each kind, with what would be sent. */
async function lookAtForms(page, look) {
  await page.getByRole('button', { name: 'Add a target' }).first().click();
  for (const kind of await page
    .locator('#target-kind option')
    .evaluateAll((all) => all.map((o) => o.value))) {
    await page.locator('#target-kind').selectOption(kind);
    await page.getByRole('button', { name: 'Show what would be sent' }).click();
    await page.getByLabel('An example of what would be sent').waitFor();
    await look(`target-${kind}`);
  }
  await page.getByRole('button', { name: 'Cancel' }).click();
}

async function live(page, name) {
  name('live');
  await page.goto(`${origin}/findings`);
  await page.getByText('Live', { exact: true }).waitFor();
  const before = Date.now();
  openFinding();
  await page.getByText('A finding that has just been opened').first().waitFor({ timeout: 5_000 });
  process.stdout.write(`a new finding was on the screen after ${Date.now() - before} ms\n`);
  cutStreams();
  await page
    .getByText('Not connected to the server since')
    .waitFor({ timeout: 8_000 })
    .catch(() => process.stdout.write('the browser reconnected before the banner\n'));
}
