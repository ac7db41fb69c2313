import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { examine, importsOf, REPOSITORY, readRules, readSources, unitOf } from './imports.js';

const rules = readRules(readFileSync(join(REPOSITORY, 'test/arch/imports.dag'), 'utf8'));
const sources = readSources();
const found = examine(sources, rules);

describe('the imports of the packages', () => {
  test('are read: many files, many imports', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(found.importsSeen).toBeGreaterThan(sources.length);
  });

  test('are all permitted', () => {
    expect(found.forbidden).toEqual([]);
  });

  test('are of files that a rule covers', () => {
    expect(found.unruled).toEqual([]);
  });

  test('use every rule and every permission: one that guards nothing is taken out', () => {
    expect(found.idle).toEqual([]);
  });

  test.each(['controls', 'collectors', 'remediations'])(
    'never cross between two folders of agent/%s',
    (kind) => {
      const folder = (path: string) => new RegExp(`^packages/agent/src/${kind}/([^/]+)/`).exec(path)?.[1];
      const crossing = sources
        .flatMap(({ path, text }) => importsOf(path, text))
        .filter((item) => folder(item.from) && folder(item.to) && folder(item.from) !== folder(item.to));
      expect(crossing).toEqual([]);
    },
  );

  test('of the agent name no native module', () => {
    const native = /from '(sqlite3|bindings|@node-rs\/[a-z0-9-]+|knex)'/;
    const files = sources.filter(({ path, text }) => path.startsWith('packages/agent/') && native.test(text));
    expect(files.map((f) => f.path)).toEqual([]);
  });

  test('reach the disk, the network and programs from the agent only through its adapters', () => {
    // Each of these talks to the outside itself, and says why in its first lines.
    const own =
      /^packages\/agent\/src\/(adapters|watch|spool|link|health|config|cli|runner|policy|app|main\.ts)/;
    const effect = /from 'node:(fs|fs\/promises|net|tls|http|https|child_process|dgram)'/;
    const files = sources.filter(
      ({ path, text }) => path.startsWith('packages/agent/src/') && !own.test(path) && effect.test(text),
    );
    expect(files.map((f) => f.path)).toEqual([]);
  });
});

describe('the examination itself', () => {
  const rulesOfTwo = readRules('agent/controls -> agent/units\nagent/units ->\n');
  const file = (path: string, text: string) => ({ path: `packages/agent/src/${path}`, text });

  test('sees a forbidden import, also of a type and also one loaded later', () => {
    const texts = [
      "import type { A } from '../../engine/run.js';",
      "const x = await import('../../engine/run.js');",
      "export { a } from '../../engine/run.js';",
    ];
    for (const text of texts)
      expect(examine([file('controls/a/control.ts', text)], rulesOfTwo).forbidden).toHaveLength(1);
  });

  test('sees an import over several lines', () => {
    expect(
      importsOf('packages/agent/src/units/a.ts', "import {\n  a,\n  b,\n} from '../engine/run.js';"),
    ).toHaveLength(1);
  });

  test('sees a rule for a folder that is gone, and a permission that nothing uses', () => {
    expect(examine([file('controls/a/control.ts', '')], rulesOfTwo).idle).toEqual([
      'agent/controls -> agent/units',
      'agent/units: no such file',
    ]);
  });

  test('tells a file right under src from a folder', () => {
    expect([
      unitOf('packages/agent/src/main.ts'),
      unitOf('packages/agent/src/cli/main'),
      unitOf('packages/momentum/src/index'),
    ]).toEqual(['agent/main.ts', 'agent/cli', 'momentum/index.ts']);
  });
});
