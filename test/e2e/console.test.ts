import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isPresent } from '../../tools/real-parts.mjs';
import type { Fleet } from '../standin/dist/demo/fleet.js';
import { complaintsOf, launchBrowser, seriousIn, signInAs } from './browser.js';
import { KEYS, NODE, setMode, startFleet, typed, WAIT_MS } from './fleet.js';

const CHROMIUM = 'chromium';
const isThere = isPresent(CHROMIUM);
const CLOSED = 0o600;
const OPEN = 0o644;
const SUMMARY = /server\.key is open to more users/;
const TEST_MS = 120_000;
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };

if (process.env.CI === 'true' && !isThere) throw new Error('Chromium is missing, and nothing may be skipped');

/** The console in a real browser, against the real server, with a node whose files really change. */
describe.skipIf(!isThere)(`the console${isThere ? '' : ' (skipped: no chromium)'}`, () => {
  let fleet: Fleet;
  let browser: Browser;
  const viewer = { name: 'eve', password: randomBytes(12).toString('base64url') };

  beforeAll(async () => {
    fleet = await startFleet(['ecconfigd-certificate-expired']);
    const made = await typed(
      'server',
      ['user', 'create', viewer.name, '--role', 'viewer', '--config', fleet.settingsFile],
      `${viewer.password}\n`,
    );
    expect(made.code).toBe(0);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await fleet?.stop({ keep: false });
  });

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: WIDE, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(WAIT_MS);
    await page.goto(fleet.consoleUrl);
    return page;
  }

  const signIn = (page: Page, who = { name: fleet.adminName, password: fleet.adminPassword }) =>
    signInAs(page, who);

  test('a wrong password is told, and the right one opens the console', { timeout: TEST_MS }, async () => {
    const page = await open();
    await page.getByLabel('Name').fill(fleet.adminName);
    await page.getByLabel('Password').fill('not it');
    await page.keyboard.press('Enter');
    await page.getByText('The name or the password is wrong.').waitFor();
    await signIn(page);
    expect(await page.title()).toContain('Castellan');
    await page.context().close();
  });

  test('a file changes, a finding appears; its plan is read, approved and carried out, and it is over: no reload', {
    timeout: TEST_MS,
  }, async () => {
    const page = await open();
    await signIn(page);
    const complaints = complaintsOf(page);
    await page.getByRole('link', { name: 'Findings', exact: true }).click();
    await page.getByText('expired on').first().waitFor();
    expect(await page.getByText(SUMMARY).count()).toBe(0);
    await page.evaluate('window.notReloaded = true');

    setMode(fleet, KEYS.ecwebui, OPEN);
    await page.getByText(SUMMARY).first().click();
    await page.getByText(KEYS.ecwebui, { exact: false }).first().waitFor();
    await page.getByRole('link', { name: 'Ask for a plan' }).click();
    await page.getByRole('button', { name: 'Ask for a plan' }).click();
    await page.getByText('for root and ecuser only', { exact: false }).first().waitFor();
    await page.getByRole('button', { name: 'Approve…' }).click();
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Approve and carry out' }).click();
    await page.getByText('done and verified', { exact: false }).first().waitFor();
    await page.getByRole('link', { name: 'Findings', exact: true }).click();
    await page.getByText('expired on').first().waitFor();
    await page.getByText(SUMMARY).first().waitFor({ state: 'detached' });
    expect(await page.evaluate('window.notReloaded')).toBe(true);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('who may only look has no button that acts, and the server would refuse it too', {
    timeout: TEST_MS,
  }, async () => {
    const page = await open();
    await signIn(page, viewer);
    await page.getByRole('link', { name: 'Findings', exact: true }).click();
    await page.getByText('expired on').first().click();
    await page.getByText('var/ecconfigd/apache/server.crt', { exact: false }).first().waitFor();
    expect(await page.getByRole('link', { name: 'Ask for a plan' }).count()).toBe(0);
    const status = await page.evaluate(async () => {
      const headers = { 'content-type': 'application/json', 'x-castellan-csrf': '1' };
      const body = JSON.stringify({ nodeId: 'x', remediation: 'permissions-repair', params: {} });
      return (await fetch('/api/v1/plans', { method: 'POST', headers, body })).status;
    });
    expect(status).toBe(403);
    await page.context().close();
  });

  test('a server that goes away is told on the page, and it comes up to date by itself', {
    timeout: TEST_MS,
  }, async () => {
    const page = await open();
    await signIn(page);
    await page.getByText('Live', { exact: true }).waitFor();
    await fleet.stopServer('SIGTERM');
    await page.getByText('Not connected to the server since').waitFor();
    await fleet.restartServer();
    await page.getByText('Not connected to the server since').waitFor({ state: 'detached' });
    await page.getByText('Live', { exact: true }).waitFor();
    await page.context().close();
  });

  describe.each([
    // What is where depends on the width, what can be read on the colours, neither on the other.
    ['wide', 'light', WIDE, undefined, 1],
    // What is wrong with the markup is wrong at both widths, and a part that many pages have is on each third of them.
    ['narrow', 'dark', NARROW, ['color-contrast', 'target-size'], 3],
  ] as const)('%s and %s', (_, colorScheme, viewport, rules, each) => {
    test('every page is within its width and free of serious accessibility violations', {
      timeout: TEST_MS,
    }, async () => {
      const page = await open({ viewport, colorScheme });
      expect(await seriousIn(page)).toEqual([]);
      await signIn(page);
      const { items } = await (
        await page.request.get(`${fleet.consoleUrl}/api/v1/findings?state=open`)
      ).json();
      const [finding, node] = [`/findings/${items[0].id}`, `/nodes/${items[0].node.id}`];
      const places = [
        '/',
        '/findings',
        finding,
        '/nodes',
        node,
        '/remediations',
        '/plans/new',
        '/posture',
        '/runs',
        '/plans?state=all',
        '/audit',
        '/alerts',
        `/alerts/${items[0].alertId}`,
        '/targets',
        '/deliveries',
        '/settings',
        '/certificates',
        '/search-help',
      ];
      for (const place of places.filter((_place, index) => index % each === 0)) {
        await page.goto(`${fleet.consoleUrl}${place}`);
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        await page.locator('.pf-v6-c-skeleton').first().waitFor({ state: 'detached' });
        expect({ place, violations: await seriousIn(page, rules) }).toEqual({ place, violations: [] });
        const tooWide = await page.evaluate<number>(
          'document.documentElement.scrollWidth - window.innerWidth',
        );
        expect({ place, tooWide: Math.max(0, tooWide) }).toEqual({ place, tooWide: 0 });
      }
      await page.context().close();
    });
  });

  test('somebody takes a finding with a note and an end, gives it back, and takes all that a filter shows', {
    timeout: TEST_MS,
  }, async () => {
    const page = await open();
    await signIn(page);
    await page.getByRole('link', { name: 'Findings', exact: true }).click();
    await page
      .getByRole('link', { name: /expired on/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Note').fill('on it');
    await dialog.getByLabel('For').selectOption({ label: '2 hours' });
    await dialog.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText(`${fleet.adminName} has it: on it`).waitFor();
    await page.getByRole('button', { name: 'Take back the acknowledgement' }).click();
    await page.getByText(`taken back by user:${fleet.adminName}`).waitFor();

    await page.goto(`${fleet.consoleUrl}/findings?q=expired`);
    await page.getByRole('button', { name: 'Acknowledge all' }).click();
    await dialog.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText('Acknowledged', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Acknowledge all' }).waitFor({ state: 'detached' });
    await page.context().close();
  });

  test('a finding is silenced with a look at what that holds, says so, is waived, and the silence is ended', {
    timeout: TEST_MS,
  }, async () => {
    const page = await open({ viewport: NARROW });
    await signIn(page);
    await page.goto(`${fleet.consoleUrl}/findings?q=expired`);
    await page
      .getByRole('link', { name: /expired on/ })
      .first()
      .click();
    await page.getByRole('link', { name: 'Silence…' }).click();
    await page.getByText(/Matches [0-9]+ finding/).waitFor();
    await page.getByLabel('Why').fill('the certificate comes tomorrow');
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Silence', exact: true }).click();
    await page.getByText('the certificate comes tomorrow').waitFor();
    expect(await seriousIn(page)).toEqual([]);

    await page.goto(`${fleet.consoleUrl}/findings?q=expired`);
    await page
      .getByRole('link', { name: /expired on/ })
      .first()
      .click();
    await page.getByText(`Silenced by ${fleet.adminName}: the certificate comes tomorrow`).waitFor();
    await page.getByRole('button', { name: 'Waive', exact: true }).click();
    await page.getByRole('textbox', { name: 'Why' }).fill('a lab');
    await page.getByRole('dialog').getByRole('button', { name: 'Waive' }).click();
    await page.getByText(`Waived by ${fleet.adminName}: a lab`).waitFor();
    await page.getByRole('button', { name: 'Take back the waiver' }).click();
    await page.getByText(`taken back by user:${fleet.adminName}`, { exact: false }).first().waitFor();

    await page.goto(`${fleet.consoleUrl}/silences`);
    await page.getByRole('button', { name: 'End now: the certificate comes tomorrow' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End now' }).click();
    await page.getByText('Over', { exact: true }).first().waitFor();
    await page.context().close();
  });

  test('a list is sorted and searched by its address: back and a reload show the same again', {
    timeout: TEST_MS,
  }, async () => {
    const page = await open();
    await signIn(page);
    const complaints = complaintsOf(page);
    await page.getByRole('link', { name: 'Findings', exact: true }).click();
    await page.getByText(/^1–\d+ of \d+$/).waitFor();
    await page.getByRole('button', { name: 'Node', exact: true }).click();
    await page.waitForURL(/sort=node/);
    const search = page.getByLabel('Search in findings');
    await search.fill('expired');
    await page.waitForURL(/q=expired/);
    await page
      .getByRole('link', { name: /expired on/ })
      .first()
      .click();
    await page.getByRole('heading', { name: 'Evidence' }).waitFor();
    await page.goBack();
    const isAsBefore = async () => {
      await page
        .getByRole('link', { name: /expired on/ })
        .first()
        .waitFor();
      expect(page.url()).toMatch(/sort=node/);
      expect(await search.inputValue()).toBe('expired');
      const head = page.getByRole('columnheader', { name: 'Node', exact: true });
      expect(await head.getAttribute('aria-sort')).toBe('ascending');
    };
    await isAsBefore();
    await page.reload();
    await isAsBefore();
    await search.fill('nosuchwords');
    await page.getByText('No finding matches').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).first().click();
    await page
      .getByRole('link', { name: /expired on/ })
      .first()
      .waitFor();
    expect(page.url()).not.toMatch(/q=/);
    const csv = await page.getByRole('link', { name: 'Download CSV' }).getAttribute('href');
    const file = await (await page.request.get(`${fleet.consoleUrl}${csv}`)).text();
    expect(file).toMatch(/^id,severity,state/);
    expect(file).toContain('expired on');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('eight tabs share one event stream, and the next tab takes it over when its holder is closed', {
    timeout: TEST_MS,
  }, async () => {
    const first = await open();
    await signIn(first);
    await first.getByText('Live', { exact: true }).waitFor();
    const context = first.context();
    // From here on: the first tab has the stream.
    let streams = 0;
    context.on('request', (request) => {
      if (request.url().endsWith('/api/v1/events')) streams += 1;
    });
    const tabs = [first];
    for (let i = 1; i < 8; i += 1) {
      const tab = await context.newPage();
      tab.setDefaultTimeout(WAIT_MS);
      await tab.goto(`${fleet.consoleUrl}/findings`);
      tabs.push(tab);
    }
    for (const tab of tabs) await tab.getByText('Live', { exact: true }).waitFor();
    expect(streams).toBe(0);

    setMode(fleet, KEYS.ecwebui, OPEN);
    await Promise.all(tabs.slice(1).map((tab) => tab.getByText(SUMMARY).first().waitFor()));
    await first.close();
    setMode(fleet, KEYS.ecwebui, CLOSED);
    await Promise.all(
      tabs.slice(1).map((tab) => tab.getByText(SUMMARY).first().waitFor({ state: 'detached' })),
    );
    for (const tab of tabs.slice(1)) await tab.getByText('Live', { exact: true }).waitFor();
    expect(streams).toBe(1);
    await context.close();
  });

  test('leaving takes everything off the screen', { timeout: TEST_MS }, async () => {
    const page = await open();
    await signIn(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Password').waitFor();
    expect((await page.request.get(`${fleet.consoleUrl}/api/v1/findings`)).status()).toBe(401);
    await page.context().close();
    setMode(fleet, KEYS.ecwebui, CLOSED);
  });

  test('a person is disabled, a token revoked, a node renamed, retired and deleted: each asks first and says what happens', {
    timeout: TEST_MS,
  }, async () => {
    const page = await open();
    await signIn(page);
    const complaints = complaintsOf(page);
    const confirm = async (question: string, verb: string) => {
      const dialog = page.getByRole('dialog', { name: question });
      await dialog.getByRole('button', { name: verb, exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
    };
    await page.getByRole('link', { name: 'Settings', exact: true }).click();
    await page.getByRole('button', { name: `Disable: ${viewer.name}` }).click();
    await page.getByRole('dialog').waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await confirm(`Disable ${viewer.name}?`, 'Disable');
    await page.getByRole('button', { name: `Enable: ${viewer.name}` }).waitFor();
    await page.getByRole('button', { name: 'Make a token' }).click();
    await page.getByRole('button', { name: 'Revoke: ' }).first().click();
    await confirm('Revoke this token?', 'Revoke');
    await page.getByText('Revoked', { exact: true }).first().waitFor();

    await page.getByRole('link', { name: 'Nodes', exact: true }).click();
    await page.getByRole('link', { name: NODE }).click();
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByLabel('New name').fill('mx1.example.com');
    await confirm(`Rename ${NODE}`, 'Rename');
    await page.getByRole('heading', { level: 1, name: 'mx1.example.com' }).waitFor();
    await page.getByRole('button', { name: 'Retire' }).click();
    await confirm('Retire mx1.example.com?', 'Retire');
    await page.getByText('This node was retired').waitFor();
    await page.getByRole('link', { name: 'Its findings' }).click();
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await page.getByText('expired on').first().click();
    await page.getByText('The node was retired', { exact: false }).first().waitFor();
    await page.getByRole('link', { name: 'mx1.example.com' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await confirm('Delete mx1.example.com?', 'Delete');
    await page.getByText('No node is retired').waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
