import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '@castellan/shared/model/run';
import { describe, expect, it } from 'vitest';
import { nodeStateStore } from '../../packages/agent/src/adapters/node-state-store.js';
import { backupName } from '../../packages/agent/src/runner/backups.js';
import { Journal } from '../../packages/agent/src/runner/journal.js';
import { BACKED_UP_RUNS_MAX, JOURNALS_KEPT_MAX, prune } from '../../packages/agent/src/runner/prune.js';
import { APACHE, CONF, DoubleNode } from './double-node.js';
import { carryOut, diesAt, faultyExecutor } from './faulty-executor.js';

const RENEW = { slug: 'certificate-renew', params: { service: 'ecconfigd' } };
const CERTIFICATE = `${APACHE}/server.crt`;

function ours(node: DoubleNode): string[] {
  return Object.keys(node.snapshot()).filter((path) => path.includes('castellan'));
}

/** How many effects a renewal that is left alone has up to the given one. */
async function effectsUntil(wanted: (node: DoubleNode) => boolean): Promise<number> {
  const node = await DoubleNode.lay();
  let count = 0;
  let at = 0;
  await carryOut(
    faultyExecutor(node, () => {
      count += 1;
      if (at === 0 && wanted(node)) at = count;
    }),
    RENEW.slug,
    RENEW.params,
  );
  node.remove();
  expect(at).toBeGreaterThan(0);
  return at;
}

describe('what a run leaves behind', () => {
  it('a line of the journal that was torn off does not keep the agent from starting, now or later', async () => {
    const node = await DoubleNode.lay();
    const before = node.snapshot();
    await carryOut(
      faultyExecutor(node, diesAt(await effectsUntil((one) => !one.isCoherent())).fate),
      RENEW.slug,
      RENEW.params,
    );
    expect(node.snapshot()).not.toEqual(before);
    appendFileSync(join(node.state, 'journal/run-1.jsonl'), '9 30 0123');
    for (let start = 1; start <= 3; start += 1) await faultyExecutor(node).recover(() => undefined);
    expect(node.snapshot()).toEqual(before);
    expect(node.isCoherent()).toBe(true);
    node.remove();
  });

  it('a file that a person changed while its successor was staged keeps the change, and the new key is gone', async () => {
    const node = await DoubleNode.lay();
    const edit = () => writeFileSync(join(node.root, CERTIFICATE), 'put here by a person');
    let writes = 0;
    const { events } = await carryOut(
      faultyExecutor(node, (effect) => {
        if (effect === 'write') writes += 1;
        if (effect === 'write' && writes === 2) edit();
      }),
      RENEW.slug,
      RENEW.params,
    );
    expect(events.at(-1)).toMatchObject({ state: 'rolledBack', error: 'CAS_PLAN_STALE' });
    expect(node.text(CERTIFICATE)).toBe('put here by a person');
    expect(ours(node)).toEqual([]);
    node.remove();
  });

  it('after a kill, what a person put in place since is left alone and told, and the new key does not lie about', async () => {
    const node = await DoubleNode.lay();
    await carryOut(
      faultyExecutor(node, diesAt(await effectsUntil((one) => !one.isCoherent())).fate),
      RENEW.slug,
      RENEW.params,
    );
    writeFileSync(join(node.root, CERTIFICATE), 'put here by a person');
    const events: RunEvent[] = [];
    await faultyExecutor(node).recover((event) => events.push(event));
    expect(events.at(-1)).toMatchObject({
      state: 'rollbackFailed',
      error: 'CAS_RUN_FOREIGN_CHANGE',
      line: expect.stringContaining(join(node.state, 'backups/run-1.')),
    });
    expect(node.text(CERTIFICATE)).toBe('put here by a person');
    expect(ours(node)).toEqual([]);
    // The old key is needed by whoever puts it right.
    expect(readdirSync(join(node.state, 'backups'))).toHaveLength(2);
    node.remove();
  });

  it('a service that does not come back with the old certificate is no rollback that went well', async () => {
    const node = await DoubleNode.lay();
    const run = node.run.bind(node);
    let restarts = 0;
    // The new certificate is never shown, and after the second restart nothing is.
    node.run = (request) => {
      const result = run(request);
      if (request.program !== '/etc/init.d/ecconfigd') return result;
      restarts += 1;
      node.shown = restarts === 1 ? 'f'.repeat(64) : null;
      return result;
    };
    const { events } = await carryOut(faultyExecutor(node), RENEW.slug, RENEW.params);
    expect(events.at(-1)).toMatchObject({
      state: 'rollbackFailed',
      error: 'CAS_RUN_ROLLBACK_FAILED',
      line: expect.stringContaining('does not show the old certificate'),
    });
    node.remove();
  });

  it.each([
    ['and can be put back', false, 'rolledBack'],
    ['and putting back fails', true, 'rollbackFailed'],
  ])('a Momentum that went down at the reload is said to be down, %s', async (_how, isFailing, state) => {
    const node = await DoubleNode.lay();
    const run = node.run.bind(node);
    node.run = (request) => {
      if (request.argv.join(' ').endsWith('config reload')) {
        node.isMtaDown = true;
        if (isFailing) writeFileSync(join(node.root, CONF), 'put here by a person');
      }
      return run(request);
    };
    const { events } = await carryOut(faultyExecutor(node), 'tls-protocols', {});
    expect(events.at(-1)).toMatchObject({
      state,
      line: expect.stringContaining('ecelerity is down (/etc/init.d/ecelerity status ended with 3)'),
    });
    node.remove();
  });

  it('journals and backups of ended runs are bounded, the oldest go first; those of a failed rollback stay', async () => {
    const node = await DoubleNode.lay();
    const state = nodeStateStore(node.state);
    const runs = Array.from(
      { length: JOURNALS_KEPT_MAX + 3 },
      (_, index) => `run-${String(index).padStart(4, '0')}`,
    );
    const access = { uid: 0, gid: 0, mode: 0o644 };
    runs.forEach((runId, index) => {
      const journal = new Journal(state, runId);
      const backup = backupName(runId, 0, 0);
      journal.append({
        t: 'run',
        runId,
        slug: 'sample',
        digest: 'x',
        at: `2026-01-01T00:00:00.${String(index).padStart(3, '0')}Z`,
        steps: [{ kind: 'replace-files', id: 'open', files: [] }],
      });
      journal.append({ t: 'backup', step: 0, path: '/opt/msys/x', sha256: 'x', backup, access });
      journal.append({ t: 'closed', state: index === 50 ? 'rollbackFailed' : 'done' });
      state.replace(backup, 'old');
    });
    new Journal(state, 'open').append({ t: 'begin', step: 0 });
    prune(state);
    expect(readdirSync(join(node.state, 'journal')).sort()).toEqual([
      'open.jsonl',
      ...runs.slice(3).map((runId) => `${runId}.jsonl`),
    ]);
    expect(readdirSync(join(node.state, 'backups')).sort()).toEqual(
      ['run-0050', ...runs.slice(-BACKED_UP_RUNS_MAX)].map((runId) => `${runId}.0-0`),
    );
    node.remove();
  });
});
