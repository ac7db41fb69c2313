import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BEHIND_MS, cluster } from '../../packages/server/testing/cluster.js';
import { PASSWORD, PEOPLE } from '../../packages/server/testing/server.js';
import { isPresent } from '../../tools/real-parts.mjs';
import { complaintsOf, launchBrowser, seriousIn, signInAs } from './browser.js';
import { WAIT_MS } from './fleet.js';

const isThere = isPresent('chromium');
const CONSOLE = fileURLToPath(new URL('../../packages/web/dist', import.meta.url));

if (process.env.CI === 'true' && !isThere) throw new Error('Chromium is missing, and nothing may be skipped');

describe.skipIf(!isThere)(`after a commit${isThere ? '' : ' (skipped: no chromium)'}`, () => {
  test('the page of the run names who lacks the revision, when it is late, and that all have it', {
    timeout: 120_000,
  }, async () => {
    const { url, node, pass } = await cluster({ people: { ...PEOPLE, consoleFolder: CONSOLE } });
    const [manager, mta1, mta2] = [await node('mgr1'), await node('mta1'), await node('mta2')];
    for (const one of [manager, mta1, mta2]) await one.has(122);
    const run = await manager.commits(123);
    await mta1.has(123);

    const browser = await launchBrowser();
    onTestFinished(() => browser.close());
    const page = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
    page.setDefaultTimeout(WAIT_MS);
    await page.goto(url);
    await signInAs(page, { name: 'operator', password: PASSWORD });
    const complaints = complaintsOf(page);
    await page.goto(`${url}/runs/${run}`);
    await page.getByText('Committed as r123; 1 of 2 other nodes').waitFor();
    await page.getByText('mta2 still has r122 (since').waitFor();
    expect(await seriousIn(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);

    pass(BEHIND_MS);
    await page.getByText('still lacks it').waitFor();
    await mta2.has(123);
    await page.reload();
    await page.getByText('Committed as r123; all 2 other nodes that share the repository have it').waitFor();
    expect(await page.getByText('still has').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
