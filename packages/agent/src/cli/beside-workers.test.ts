import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { Turns } from '../adapters/beside/turns.js';
import type { Job } from '../app/beside-order.js';
import { loadBesideSettings } from '../config/beside-settings.js';
import { carryBeside, JOBS_WAITING_MAX, WORKERS_MAX, type Workers } from './beside-workers.js';

const folder = mkdtempSync(join(tmpdir(), 'castellan-workers-'));
afterAll(() => rmSync(folder, { recursive: true }));
const PLAN: Job = { kind: 'plan', slug: 'key-permissions', params: {} };
const RECOVER: Job = { kind: 'recover', runIds: [], tries: 1 };

function program(name: string, body: string): URL {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, `process.once('message', (order) => {\n${body}\n});\n`);
  return pathToFileURL(file);
}

/** Says which logins it was given. */
const LOGIN = program(
  'login',
  "process.send({ kind: 'failed', error: { code: 'CAS_INTERNAL', detail: order.host + ' ' + order.probeHost } }, undefined, undefined, () => process.exit(0));",
);
const STANDS = program('stands', "process.send({ kind: 'alive' }); setInterval(() => undefined, 1000);");
const STRANGE = program(
  'strange',
  "process.send({ kind: 'done' }, undefined, undefined, () => process.exit(0));",
);

function carried(job: Job, workers: Partial<Workers>, more = '') {
  const text = `version: 1\nnodes:\n  - name: mta1\n    host: look@mta1\n${more}`;
  const loaded = loadBesideSettings({ path: 'nodes.yaml', text });
  const [node] = loaded.ok ? loaded.value.nodes : [];
  if (!node) throw new Error('no node');
  const all = { turns: new Turns(1), signal: new AbortController().signal, ...workers };
  return carryBeside(node, job, () => undefined, all);
}

test('a plan is made with the key to look, a change with the key to change; neither probes with the latter', async () => {
  const more = '    changeHost: change@mta1\n';
  for (const [job, settings, login] of [
    [PLAN, more, 'look@mta1 look@mta1'],
    [RECOVER, more, 'change@mta1 look@mta1'],
    [RECOVER, `${more}    probeHost: probe@mta1\n`, 'change@mta1 probe@mta1'],
    [RECOVER, '', 'look@mta1 look@mta1'],
  ] as const)
    expect(await carried(job, { program: LOGIN }, settings)).toMatchObject({ error: { detail: login } });
});

test('one that says what nobody understands, or nothing at its end, was lost', async () => {
  expect(await carried(PLAN, { program: STRANGE })).toMatchObject({
    kind: 'lost',
    why: 'it is of another release',
  });
  expect(await carried(PLAN, { program: STANDS, totalMs: 1000 })).toMatchObject({
    kind: 'lost',
    why: 'it took longer than 1 s',
  });
});

test('on stop a plan is given up at once, a change when its time is over, and no other is begun', async () => {
  const stop = new AbortController();
  const workers = { turns: new Turns(2), program: STANDS, signal: stop.signal, stopMs: 1500 };
  const both = [carried(PLAN, workers), carried(RECOVER, workers)];
  await new Promise((resolve) => setTimeout(resolve, 300));
  stop.abort();
  expect(await Promise.all(both)).toMatchObject([
    { why: 'it had 0 s to end, and did not' },
    { why: 'it had 1.5 s to end, and did not' },
  ]);
  await expect(carried(RECOVER, workers)).rejects.toMatchObject({
    code: 'CAS_RUN_BUSY',
    detail: 'the agent ends',
  });
});

test(`at most ${WORKERS_MAX} at a time and ${JOBS_WAITING_MAX} that wait; whoever comes beyond, or waits too long, is refused`, async () => {
  const turns = new Turns(WORKERS_MAX, JOBS_WAITING_MAX);
  const ends = await Promise.all(Array.from({ length: WORKERS_MAX }, () => turns.take()));
  const workers = { turns, program: LOGIN, turnMs: 1000 };
  const waiting = Array.from({ length: JOBS_WAITING_MAX }, () => carried(PLAN, workers));
  const refused = { code: 'CAS_RUN_BUSY', detail: expect.stringContaining(`${WORKERS_MAX} at a time`) };
  await expect(carried(PLAN, workers)).rejects.toMatchObject(refused);
  for (const one of waiting) await expect(one).rejects.toMatchObject(refused);
  // Who was refused holds nobody's place.
  for (const end of ends) end();
  expect(await carried(PLAN, workers)).toMatchObject({ kind: 'failed' });
});
