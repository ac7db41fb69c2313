// The agent killed before each of its effects, on a node whose services really run; and every damage to its journal.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './real-node.mjs';
import { ENDS, killAll, Victim } from './victim.mjs';

const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '../..');
const ONE_RUN = join(REPOSITORY, 'tools/kills/one-run.mjs');
const EFFECTS_MAX = 400;
/** Recoveries are killed at one of this many first effects, a different one each time. */
const RECOVERY_EFFECTS = 17;
const COLUMNS = ['effects', 'kills', ...ENDS];

/** How a run is carried out on the node itself. A point: the effect before which its process dies; null: none. */
const onTheNode = {
  named: (n) => `effect ${n}`,
  async carry({ root, state }, { what, slug, pairs, digest, point }) {
    const ran = await run(
      process.execPath,
      [ONE_RUN, what, root, state, slug, String(point ?? 0), ...pairs],
      {
        ...process.env,
        ...(digest === null ? {} : { PLAN_DIGEST: digest }),
      },
    );
    return { ...ran, isBroken: ran.signal !== null };
  },
  atRecovery: (n) => 1 + ((n * 7) % RECOVERY_EFFECTS),
};

/** Killed at effect after effect until a run passes. */
async function everyEffect(victim, { every, from }) {
  for (let n = from; n < EFFECTS_MAX; n += every) {
    const { isUntouched, said } = await victim.round(n);
    if (isUntouched) {
      victim.counts.effects = said.count;
      return;
    }
    victim.counts.kills += 1;
  }
  victim.lie(EFFECTS_MAX, 'no run passed');
}

/** `every`: only each n-th effect; `from`: the first; `only`: rows whose name begins with one of these. Resolves with whether nothing was found. */
export function killAgent({ every = 1, from = 1, only = null } = {}) {
  return killAll(COLUMNS, only, (row) => ({
    victim: new Victim(row, COLUMNS, onTheNode),
    work: (victim) => everyEffect(victim, { every, from }),
  }));
}

/** Every bit, line and copy of the journal. */
export function damageJournals() {
  const vitest = join(REPOSITORY, 'node_modules/vitest/vitest.mjs');
  const ran = spawnSync(
    process.execPath,
    [vitest, 'run', 'test/faults/damaged-journal.test.ts', 'test/faults/remediations.test.ts'],
    {
      cwd: REPOSITORY,
      stdio: 'inherit',
      env: { ...process.env, CASTELLAN_KILLS: 'whole' },
    },
  );
  return ran.status === 0;
}
