// Lists and searches of a large fleet over real HTTP, and the nodes page in a real browser: 10,000 nodes, 100,000 findings,
// 700,000 verdicts. The floor, asked in turn with each: one run by its key, over the same HTTP.
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { Fleet } from '../../test/standin/dist/demo/fleet.js';
import { isPresent } from '../real-parts.mjs';
import { fill, NODES } from './lists-fill.mjs';
import { cpuMs, percentile, report, round, say } from './measure.mjs';

const ASKED = 100;
const BROWSED = 7;
const REACH = 'p99Ms <= 100';

/** Each list as the console asks for it; `n` makes the askings differ. */
const LISTS = {
  'nodes by name': () => '/nodes',
  'nodes, worst first': () => '/nodes?sort=worst',
  'nodes by certificate end, a group': (n) => `/nodes?sort=certificate&group=group-${n % 12}`,
  'nodes searched': (n) => `/nodes?q=mta0${n % 10}*`,
  'nodes searched, a fuzzy word': (n) => `/nodes?q=mta0${1000 + n}~`,
  'findings, worst first': () => '/findings',
  'findings, newest first, all': () => '/findings?state=all&sort=updated',
  'findings by node, critical': () => '/findings?sort=node&severity=critical',
  'findings of a control': (n) => `/findings?control=MOM-TLS-0${10 + (n % 40)}`,
  'findings of a node': (n) => `/findings?node=nod_0${1000 + n}`,
  'findings searched, few': (n) => `/findings?q=case${1000 + n * 7}`,
  'findings searched, two words': (n) => `/findings?q=mta0${1000 + n}%20AND%20SSLv3`,
  'findings searched, either of two words': (n) => `/findings?q=mta0${1000 + n}%20SSLv3`,
  'findings searched, a phrase': (n) => `/findings?q=%22of ${1000 + n} places%22`,
  'findings searched, a column and a word': () => '/findings?q=%2Bseverity:critical%20%2BSSLv3',
  'findings searched, a leading wildcard': (n) => `/findings?q=*ase${1000 + n * 7}`,
  'findings searched, a fuzzy word': (n) => `/findings?q=case${1000 + n * 7}~`,
  'findings searched, every one': () => '/findings?q=SSLv3',
  plans: () => '/plans',
  runs: () => '/runs',
  audit: () => '/audit',
  'audit searched': (n) => `/audit?q=fnd_${n}`,
};

export async function benchLists() {
  const silent = { step: () => undefined, plain: () => undefined };
  const fleet = new Fleet(silent, [], { heartbeatMs: 600_000 });
  try {
    await fleet.startServer();
    await fleet.stopServer('SIGTERM');
    await fill(join(fleet.dir, 'server/castellan.db'), say);
    await fleet.restartServer();
    for (const [name, path] of Object.entries(LISTS)) await measureList(fleet, name, path);
    await measureDeep(fleet);
    if (isPresent('chromium')) await measurePage(fleet);
    else say('no chromium: the nodes page is not measured');
  } finally {
    await fleet.stop({ keep: false });
  }
}

async function timed(ask) {
  const startedAt = performance.now();
  const value = await ask();
  return { ms: performance.now() - startedAt, value };
}

async function measureList(fleet, name, pathOf) {
  const [lists, floor] = [[], []];
  const { pid } = fleet.programs.findLast((program) => program.name === 'server');
  let total = null;
  let spentMs = 0;
  for (let n = 0; n < ASKED; n += 1) {
    floor.push((await timed(() => fleet.rest.get(`/runs/run_${n}`))).ms);
    const before = cpuMs(pid);
    const { ms, value } = await timed(() => fleet.rest.get(pathOf(n)));
    spentMs += cpuMs(pid) - before;
    lists.push(ms);
    total = value.total;
  }
  // What others do at the same time is in the times, and not in this.
  const serverCpuMs = round(spentMs / ASKED);
  report({ measurement: 'list', list: name, total, ...figures(lists, floor), serverCpuMs, reach: REACH });
}

function figures(values, floor) {
  return {
    asked: values.length,
    p50Ms: round(percentile(values, 50)),
    p99Ms: round(percentile(values, 99)),
    floor: 'one run by its key',
    floorP50Ms: round(percentile(floor, 50)),
    floorP99Ms: round(percentile(floor, 99)),
    ratio: round(percentile(values, 50) / percentile(floor, 50)),
  };
}

/** The hundredth page is as near as the first. */
async function measureDeep(fleet) {
  const [pages, floor] = [[], []];
  let cursor = '';
  for (let n = 0; n < ASKED; n += 1) {
    floor.push((await timed(() => fleet.rest.get(`/runs/run_${n}`))).ms);
    const { ms, value } = await timed(() =>
      fleet.rest.get(`/findings?limit=500${cursor && `&cursor=${cursor}`}`),
    );
    pages.push(ms);
    cursor = value.next;
  }
  report({ measurement: 'list', list: 'findings, page after page of 500', ...figures(pages, floor) });
}

/** From asking for the address, signed in, to the first row; the program's files are in the browser's cache, as they are at work. */
async function measurePage(fleet) {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(fleet.consoleUrl);
    await page.getByLabel('Name').fill(fleet.adminName);
    await page.getByLabel('Password').fill(fleet.adminPassword);
    await page.keyboard.press('Enter');
    await page.getByRole('navigation', { name: 'Console' }).waitFor();
    const [rows, floor] = [[], []];
    for (let n = 0; n < BROWSED; n += 1) {
      floor.push(await shown(page, `${fleet.consoleUrl}/runs/run_${n}`, 'h1'));
      rows.push(await shown(page, `${fleet.consoleUrl}/nodes`, 'tbody tr'));
    }
    report({
      measurement: 'nodes-page-first-row',
      nodes: NODES,
      loads: rows.length,
      p50Ms: round(percentile(rows, 50)),
      maxMs: round(Math.max(...rows)),
      floor: "one run's page",
      floorP50Ms: round(percentile(floor, 50)),
      ratio: round(percentile(rows, 50) / percentile(floor, 50)),
      reach: 'p50Ms <= 1000',
    });
  } finally {
    await browser.close();
  }
}

async function shown(page, address, selector) {
  const { ms } = await timed(async () => {
    await page.goto(address, { waitUntil: 'commit' });
    await page.locator(selector).first().waitFor();
  });
  return ms;
}
