// node --expose-gc plan-child.mjs BYTES GLOBAL DOMAIN SLUG: plans of a remediation on a node whose configuration has so many
// bytes and these TLS_Protocols at the top level and in every domain; one line of JSON.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { nodePorts } from '../../packages/agent/dist/adapters/node-ports.js';
import { nodeRunLock } from '../../packages/agent/dist/adapters/node-run-lock.js';
import { nodeStateStore } from '../../packages/agent/dist/adapters/node-state-store.js';
import { nodeExecutor } from '../../packages/agent/dist/app/node-executor.js';
import { parse } from '../../packages/momentum/dist/index.js';
import { layNode } from '../../test/standin/dist/lay/node.js';
import { configuration } from './large-site.mjs';
import { median } from './measure.mjs';

const TRIES = 5;
const CONF = '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf';

const [size = '0', global, domain, slug = ''] = process.argv.slice(2);
const text = configuration(Number(size), { global, domain });
const dir = mkdtempSync(join(tmpdir(), 'castellan-bench-'));
try {
  const node = await layNode(join(dir, 'node'), { name: 'mta1.example.com' });
  writeFileSync(join(node.dir, CONF), text);
  const executor = nodeExecutor({
    ports: nodePorts(node.dir, { live: false, probe: false }),
    store: nodeStateStore(join(dir, 'state')),
    lock: nodeRunLock(join(dir, 'run.lock')),
    settings: { nodeName: null, assumeMomentum: '3.6.23', probe: false, live: false },
    allow: null,
    isAuditOnly: () => false,
    signal: new AbortController().signal,
  });
  const planned = [];
  const floor = [];
  let changed = 0;
  for (let n = 0; n < TRIES; n += 1) {
    floor.push(await spent(() => parse(text)));
    planned.push(
      await spent(async () => {
        const plan = await executor.plan(slug, { localEdits: 'keep' });
        if (!plan.ok) throw plan.error;
        changed = plan.value.changes.length;
      }),
    );
  }
  const of = (figures, name) => median(figures.map((figure) => figure[name]));
  process.stdout.write(
    JSON.stringify({
      bytes: text.length,
      changed,
      ms: of(planned, 'ms'),
      cpuMs: of(planned, 'cpuMs'),
      parseMs: of(floor, 'ms'),
      parseCpuMs: of(floor, 'cpuMs'),
    }),
  );
} finally {
  rmSync(dir, { recursive: true, force: true });
}

async function spent(work) {
  // What the plan before held is let go of at the end of its turn.
  await nextTurn();
  globalThis.gc?.();
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { ms: performance.now() - startedAt, cpuMs: (user + system) / 1000 };
}
