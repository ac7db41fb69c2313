import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SOURCE = dirname(fileURLToPath(import.meta.url));
const entry = readFileSync(join(SOURCE, 'index.ts'), 'utf8');

/** Every name of the library's entry, with the text of the file that declares it. */
const names = [...entry.matchAll(/export (?:type )?\{([^}]*)\} from '\.\/([^']+)\.js'/g)].flatMap(
  ([, list = '', path = '']) => {
    const text = readFileSync(join(SOURCE, `${path}.ts`), 'utf8');
    return list
      .split(',')
      .map((name) => name.trim().replace(/^type /, ''))
      .filter((name) => name !== '')
      .map((name) => ({ name, text }));
  },
);

test('every name of the library says what it is', () => {
  expect(names.length).toBeGreaterThan(60);
  const documented = (name: string) =>
    new RegExp(`\\*/\\nexport (?:const|function|interface|type|class) ${name}\\b`);
  expect(names.filter(({ name, text }) => !documented(name).test(text)).map(({ name }) => name)).toEqual([]);
});

/** Files that a file loads when it runs, itself included; packages by their names. */
function loaded(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  const text = readFileSync(join(SOURCE, path), 'utf8');
  for (const [, types, target = ''] of text.matchAll(
    /^(?:import|export) (type )?(?:[^'";]*? from )?'([^']+)'/gm,
  )) {
    if (types !== undefined) continue;
    if (target.startsWith('.')) loaded(join(dirname(path), target.replace(/\.js$/, '.ts')), seen);
    else seen.add(target);
  }
  return seen;
}

test('the library loads no package, and nothing of ecconf', () => {
  const all = [...loaded('index.ts')];
  expect(all.length).toBeGreaterThan(40);
  expect(all.filter((path) => !path.endsWith('.ts') || path.startsWith('cli/'))).toEqual([]);
});
