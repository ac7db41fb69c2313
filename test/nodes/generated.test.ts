import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Verdict } from '../../packages/shared/src/model/verdict.js';
import type { Fault } from './generated/fault.js';
import { CONFIG_FAULTS } from './generated/faults-config.js';
import { FILE_FAULTS } from './generated/faults-files.js';
import { type GeneratedNode, generate, LAYOUTS, systemsOf } from './generated/generate.js';
import { judged, describe as told } from './generated/judged.js';
import { Random } from './generated/random.js';
import { placesOf } from './node.js';

let folder = '';
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-generated-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function verdictsOf(node: GeneratedNode): Promise<readonly Verdict[]> {
  count += 1;
  const dir = join(folder, `node-${count}`);
  mkdirSync(dir, { mode: 0o755 });
  node.draft.lay(dir);
  return judged(node, dir);
}

/** What a tree at rest cannot tell. */
const OPEN: readonly RegExp[] = [
  // Momentum's own program judges the configuration, and is not run in a tree that is only read.
  /^validate_config was not run/,
  // Programs of the product that tell of the repository and of the credential store are not run either.
  /(eccfg|svn) was not run|credmgr was not asked|Whether the newest revision is here is not known/,
  // Which OpenSSL runs is asked of the system: what it can speak, and what its own lists hold, depends on it.
  /[Ww]hich OpenSSL|depends on how the library of a version that is not known was built/,
];

const SEEDS = 1;
const clean = LAYOUTS.flatMap((layout) =>
  systemsOf(layout).flatMap((system, index) =>
    Array.from({ length: SEEDS }, (_, turn) => ({
      layout,
      system,
      seed: 1000 * index + 10 * turn + LAYOUTS.indexOf(layout),
    })),
  ),
);

describe('a node in order', () => {
  test.each(clean)('$layout on $system, seed $seed', async ({ layout, system, seed }) => {
    const node = generate(layout, system, seed);
    const verdicts = await verdictsOf(node);
    const open = verdicts
      .filter(({ status }) => status !== 'pass' && status !== 'not-applicable')
      .filter(
        ({ status, reason }) => status !== 'indeterminate' || !OPEN.some((why) => why.test(reason ?? '')),
      );
    expect(
      open.map(({ control, subject, status, summary, violations }) =>
        JSON.stringify({ control, subject, status, summary, at: violations.map(({ at }) => at) }),
      ),
      told(node, seed),
    ).toEqual([]);
  });
});

const FAULTS = [...CONFIG_FAULTS, ...FILE_FAULTS];
const NODES_MIN = 120;

/** A layout and a system for the fault, by the seed. */
function nodeFor(fault: Fault, seed: number): GeneratedNode {
  const random = new Random(seed);
  const layout = random.pick(fault.layouts);
  const systems = systemsOf(layout).filter((name) => fault.systems?.includes(name) ?? true);
  return generate(layout, random.pick(systems), seed);
}

const failing = (verdicts: readonly Verdict[]) => [
  ...new Set(verdicts.filter(({ status }) => status === 'fail').map(({ control }) => control)),
];

describe('one fault', () => {
  test('there are enough of them, each with a name of its own', () => {
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
    expect(FAULTS.length).toBeGreaterThanOrEqual(35);
  });

  test.each(FAULTS.map((fault, index) => ({ fault, index, name: fault.name })))(
    '$name',
    async ({ fault, index }) => {
      for (let turn = 0; turn < (index < NODES_MIN - FAULTS.length ? 2 : 1); turn += 1) {
        const seed = 100_000 + 100 * index + turn;
        const node = nodeFor(fault, seed);
        const expected = fault.plant(node);
        const verdicts = await verdictsOf(node);
        const about = `${fault.name}; ${told(node, seed)}`;
        expect(failing(verdicts).sort(), about).toEqual(expected.map(({ control }) => control).sort());
        for (const { control, place } of expected)
          expect(placesOf(verdicts, control), `${control}: ${about}`).toContain(place);
        expect(
          verdicts.filter(({ status }) => status === 'errored'),
          about,
        ).toEqual([]);
      }
    },
  );
});
