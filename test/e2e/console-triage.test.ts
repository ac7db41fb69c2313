import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isPresent } from '../../tools/real-parts.mjs';
import { EACH_ALERT_ALONE, Fleet } from '../standin/dist/demo/fleet.js';
import type { FindingRow, Page as Rows } from '../standin/dist/demo/rest.js';
import { until } from '../standin/dist/demo/wait.js';
import { WAIT_MS } from './fleet.js';

const isThere = isPresent('chromium');
const TEST_MS = 180_000;
const NODES = ['mta1.example.com', 'mta2.example.com', 'mta3.example.com', 'mta4.example.com'];
const FAULTS = ['ecconfigd-certificate-expired', 'webui-key-open', 'root-umask'] as const;
const FINDINGS = NODES.length * FAULTS.length;
const CLICKS_MAX = 8;
const NOTE = 'the rack of the trial, until Friday';

interface Finding extends FindingRow {
  readonly acknowledgement: { readonly by: string; readonly note: string } | null;
}

if (process.env.CI === 'true' && !isThere) throw new Error('Chromium is missing, and nothing may be skipped');

/** What a person at night has to do: a fleet with one cause behind each alert, from the first page on. */
describe.skipIf(!isThere)(`triage in the console${isThere ? '' : ' (skipped: no chromium)'}`, () => {
  let fleet: Fleet;
  let browser: Browser;

  beforeAll(async () => {
    const planted = NODES.map((name) => ({ name, faults: FAULTS }));
    fleet = new Fleet({ plain: () => undefined }, planted, { alerts: EACH_ALERT_ALONE });
    await fleet.layNodes();
    await fleet.startServer();
    await fleet.startAgents();
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
      ],
    });
  }, TEST_MS);
  afterAll(async () => {
    await browser?.close();
    await fleet?.stop({ keep: false });
  });

  const open = async () => (await fleet.rest.get<Rows<Finding>>('/findings?state=open&limit=500')).items;

  async function signedIn(): Promise<Page> {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    page.setDefaultTimeout(WAIT_MS);
    await page.goto(fleet.consoleUrl);
    await page.getByLabel('Name').fill(fleet.adminName);
    await page.getByLabel('Password').fill(fleet.adminPassword);
    await page.keyboard.press('Enter');
    await page.getByText('Live', { exact: true }).waitFor();
    return page;
  }

  test(`${FINDINGS} findings are taken with a note in ${CLICKS_MAX} clicks or fewer, from the overview`, {
    timeout: TEST_MS,
  }, async () => {
    await until('every fault is found on every node', WAIT_MS, async () => {
      const { items } = await fleet.rest.get<Rows<{ counts: { open: number } }>>('/alerts?kind=alert');
      const found = items.reduce((sum, { counts }) => sum + counts.open, 0);
      return found >= FINDINGS && items.every(({ counts }) => counts.open % NODES.length === 0) ? true : null;
    });
    const page = await signedIn();
    let clicks = 0;
    await page.exposeFunction('countClick', () => {
      clicks += 1;
    });
    // Clicks of the mouse alone: Enter in a field makes one too, on the button that it stands for.
    await page.evaluate(
      `addEventListener('click', (event) => { if (event.isTrusted && event.detail > 0) countClick(); }, true)`,
    );
    const buttons = page.getByRole('button', { name: /^Acknowledge: / });
    await buttons.first().waitFor();
    while ((await open()).some(({ state }) => state === 'open')) {
      await buttons.first().click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox', { name: 'Note' }).and(page.locator(':focus')).waitFor();
      await page.keyboard.type(NOTE);
      await dialog.getByRole('button', { name: 'Acknowledge' }).click();
      await dialog.waitFor({ state: 'detached' });
    }
    await buttons.first().waitFor({ state: 'detached' });
    const taken = await open();
    expect(taken.length).toBeGreaterThanOrEqual(FINDINGS);
    expect(taken.filter(({ acknowledgement }) => acknowledgement?.note !== NOTE)).toEqual([]);
    expect(clicks).toBeLessThanOrEqual(CLICKS_MAX);
    await page.context().close();
  });

  test('an alert says who has it, what it is made of, and leads to its findings and back', {
    timeout: TEST_MS,
  }, async () => {
    const page = await signedIn();
    await page.getByRole('link', { name: 'Alerts', exact: true }).click();
    await page.getByRole('row').filter({ hasText: 'MOM-CRT-006' }).getByRole('link').first().click();
    await page.getByText(`fails on ${NODES.length} nodes in`).waitFor();
    await page.getByText(`has ${NODES.length} findings: ${NOTE}`).waitFor();
    await page.getByRole('heading', { name: 'Who was told what' }).waitFor();
    await page
      .getByRole('link', { name: /expired on/ })
      .first()
      .click();
    await page.getByRole('link', { name: `1 of ${NODES.length} in this alert` }).click();
    await page.getByRole('button', { name: 'Take back the acknowledgement' }).click();
    await page.getByRole('button', { name: 'Acknowledge', exact: true }).waitFor();
    await page.getByText(`${NODES.length} open`).waitFor();
    await page.context().close();
  });
});
