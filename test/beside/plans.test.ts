import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changePorts } from '../../packages/agent/src/adapters/beside/change-ports.js';
import { parseTarget } from '../../packages/agent/src/adapters/beside/target.js';
import { nodePorts } from '../../packages/agent/src/adapters/node-ports.js';
import { nodeRunLock } from '../../packages/agent/src/adapters/node-run-lock.js';
import { nodeStateStore } from '../../packages/agent/src/adapters/node-state-store.js';
import type { Executor } from '../../packages/agent/src/app/command-dispatcher.js';
import { nodeExecutor } from '../../packages/agent/src/app/node-executor.js';
import { scanOnce } from '../../packages/agent/src/app/scan-once.js';
import type { Exec } from '../../packages/agent/src/ports/exec.js';
import { noNet } from '../../packages/agent/testing/no-net.js';
import type { Verdict } from '../../packages/shared/src/model/verdict.js';
import { describeReal } from '../real/parts.js';
import { changeSession } from './changing.js';
import { nodesWithFaults } from './far-sides/cases.js';
import { laidSides } from './far-sides/lay.js';
import { FAR_SIDE_PARTS, FAR_SIDES } from './far-sides/sides.js';

/** `npm run test:beside`: every planted fault, each on one of the sides by turns. */
const EVERY = process.env['CASTELLAN_BESIDE'] === 'all' ? 1 : 30;
const { signal } = new AbortController();
/** The nodes are files alone: none of their programs and listeners is there, from wherever they are looked at. */
const played = {
  exec: {
    run: () => Promise.resolve({ kind: 'unstarted', problem: 'missing', detail: 'not there' }),
  } as Exec,
  net: noNet(),
};

describeReal(
  'what a node that fails is mended with',
  () => {
    const sides = laidSides(FAR_SIDES);
    let folder = '';
    let count = 0;
    let planned = 0;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'castellan-plans-'));
    });
    afterAll(() => {
      rmSync(folder, { recursive: true, force: true });
      // A run in which nothing was planned would have shown nothing.
      expect(planned).toBeGreaterThan(0);
    });

    test.each(nodesWithFaults(EVERY))('$name: the plan is the same from beside', async ({ lay }) => {
      count += 1;
      const laid = sides[count % sides.length];
      if (!laid) throw new Error('it was not laid');
      const [dir, state] = [join(folder, `node-${count}`), join(folder, `state-${count}`)];
      const { momentum } = lay(dir);
      mkdirSync(state, { mode: 0o700 });
      const settings = { nodeName: null, assumeMomentum: momentum, probe: false, live: false };
      const common = { settings, allow: null, isAuditOnly: () => false, signal };

      const here = nodePorts(dir, { live: false, probe: false });
      const { report } = await scanOnce({ ports: here, settings, signal });
      const own = nodeExecutor({
        ...common,
        ports: { ...here, ...played },
        store: nodeStateStore(state),
        lock: nodeRunLock(join(state, 'run.lock')),
      });
      const { name } = laid.side.login;
      const session = await changeSession(laid.sshd, name);
      const target = parseTarget(`${name}@127.0.0.1`);
      const from = await changePorts({
        session,
        target,
        ssh: laid.sshd.ssh,
        root: dir,
        probe: false,
        live: false,
        state,
      });
      const { store, lock } = from;
      const far = nodeExecutor({
        ...common,
        ports: { ...from.ports, ...played },
        looks: { ...from.looks, ...played },
        store,
        lock,
      });
      try {
        for (const { slug, params } of mendedBy(report.verdicts)) {
          const plan = await told(own, slug, params);
          expect(await told(far, slug, params), `${laid.side.name}: ${slug}`).toBe(plan);
          planned += 1;
        }
      } finally {
        await session.close();
      }
    });
  },
  FAR_SIDE_PARTS,
);

/** Each remediation once, with each of the parameters that a verdict carries for it. */
function mendedBy(
  verdicts: readonly Verdict[],
): { slug: string; params: Readonly<Record<string, string>> }[] {
  const asked = new Map<string, { slug: string; params: Readonly<Record<string, string>> }>();
  for (const { status, remediation, params = {} } of verdicts)
    if (status === 'fail' && remediation !== null)
      asked.set(JSON.stringify([remediation, params]), { slug: remediation, params });
  return [...asked.values()];
}

/** The plan as its approver gets it, or why there is none. */
async function told(
  executor: Executor,
  slug: string,
  params: Readonly<Record<string, string>>,
): Promise<string> {
  const plan = await executor.plan(slug, params);
  return JSON.stringify(plan.ok ? plan.value : [plan.error.code, plan.error.detail], null, 1);
}
