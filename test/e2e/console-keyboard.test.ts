import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isPresent } from '../../tools/real-parts.mjs';
import type { Fleet } from '../standin/dist/demo/fleet.js';
import { complaintsOf, launchBrowser, seriousIn, signInAs } from './browser.js';
import { NODE, startFleet, WAIT_MS } from './fleet.js';

const isThere = isPresent('chromium');
const TEST_MS = 120_000;
const CONTROL = 'MOM-TLS-005';

if (process.env.CI === 'true' && !isThere) throw new Error('Chromium is missing, and nothing may be skipped');

describe.skipIf(!isThere)(`posture and the keyboard${isThere ? '' : ' (skipped: no chromium)'}`, () => {
  let fleet: Fleet;
  let browser: Browser;

  beforeAll(async () => {
    fleet = await startFleet(['ecconfigd-certificate-expired']);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await fleet?.stop({ keep: false });
  });

  async function signedIn(width = 1280): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height: 844 } });
    const page = await context.newPage();
    page.setDefaultTimeout(WAIT_MS);
    await page.goto(fleet.consoleUrl);
    await signInAs(page, { name: fleet.adminName, password: fleet.adminPassword });
    return page;
  }

  const titleIs = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
  const focusedRow = (page: Page) =>
    page.evaluate<string | null>("document.activeElement?.closest('tbody tr')?.textContent ?? null");

  test.each([1280, 390])(
    'posture on its first day says so, and its matrix leads to the findings: %i px',
    {
      timeout: TEST_MS,
    },
    async (width) => {
      const page = await signedIn(width);
      const complaints = complaintsOf(page);
      await page.goto(`${fleet.consoleUrl}/findings`);
      await page.getByText('expired on').first().waitFor();
      await page.goto(`${fleet.consoleUrl}/posture`);
      await page.getByText('This is the first day').waitFor();
      await page.getByRole('grid', { name: 'Open findings by day' }).waitFor();
      await page.getByRole('grid', { name: 'Changes since yesterday' }).waitFor();
      const cell = page.locator('.cas-matrix td a').first();
      await cell.waitFor();
      expect(await seriousIn(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      await cell.click();
      await titleIs(page, 'Findings');
      expect(new URL(page.url()).search).toMatch(/control=[A-Z]{3}-.*group=/);
      await page.locator('tbody tr').first().waitFor();
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  test('rows, pages, the search and the palette by keyboard; nothing while somebody types, nothing when off', {
    timeout: TEST_MS,
  }, async () => {
    const page = await signedIn();
    const complaints = complaintsOf(page);
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    await titleIs(page, 'Findings');
    await page.getByText('expired on').first().waitFor();
    await page.keyboard.press('j');
    const first = await focusedRow(page);
    expect(first).not.toBeNull();
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement?.tagName')).toBe('INPUT');
    await page.keyboard.type('gn?jx');
    expect(await page.locator('.cas-list-search input').inputValue()).toBe('gn?jx');
    await titleIs(page, 'Findings');
    await page.getByText('No finding matches').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).first().click();
    await page.getByText('expired on').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Evidence' }).waitFor();

    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: 'A page, a node' });
    await field.fill(NODE.slice(0, 5));
    await page.getByRole('option', { name: NODE }).waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await titleIs(page, NODE);
    await page.keyboard.press('Control+k');
    await field.fill(CONTROL);
    await page.getByRole('option', { name: CONTROL }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await titleIs(page, 'Findings');
    expect(page.url()).toContain(`control=${CONTROL}`);

    await page.goto(`${fleet.consoleUrl}/settings`);
    await page.getByLabel('Single keys act on the console').uncheck();
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('?');
    await page.keyboard.press('g');
    await page.keyboard.press('n');
    await page.keyboard.press('Control+k');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await titleIs(page, 'Settings');
    await page.reload();
    expect(await page.getByLabel('Single keys act on the console').isChecked()).toBe(false);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('on paper a finding has its whole page and no navigation', { timeout: TEST_MS }, async () => {
    const page = await signedIn();
    await page.goto(`${fleet.consoleUrl}/findings`);
    await page.getByText('expired on').first().click();
    const why = page.getByRole('button', { name: 'Why it matters' });
    await why.click();
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('navigation', { name: 'Console' }).isVisible()).toBe(false);
    expect(await page.getByText('How it is judged', { exact: true }).isVisible()).toBe(true);
    await page.context().close();
  });
});
