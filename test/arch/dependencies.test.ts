import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REPOSITORY } from './imports.js';

const manifests = [
  'package.json',
  'test/standin/package.json',
  ...readdirSync(join(REPOSITORY, 'packages')).map((p) => `packages/${p}/package.json`),
];
const declared = new Set(
  manifests.flatMap((path) => {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(
      readFileSync(join(REPOSITORY, path), 'utf8'),
    );
    return Object.keys({ ...dependencies, ...devDependencies }).filter(
      (name) => !name.startsWith('@castellan/'),
    );
  }),
);
const page = readFileSync(join(REPOSITORY, 'docs/dependencies.md'), 'utf8');
const listed = new Set(
  [...page.matchAll(/^\| (?!package|---)([^|]+) \|/gm)].flatMap((row) =>
    (row[1] ?? '').split(',').map((name) => name.trim()),
  ),
);

test('every dependency has its line in docs/dependencies.md, and every line its dependency', () => {
  expect([...listed].sort()).toEqual([...declared].sort());
});

test('the agent depends on nothing that is built for one machine', () => {
  const agent = JSON.parse(readFileSync(join(REPOSITORY, 'packages/agent/package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const lock = JSON.parse(readFileSync(join(REPOSITORY, 'package-lock.json'), 'utf8')) as {
    packages: Record<
      string,
      { dependencies?: Record<string, string>; hasInstallScript?: boolean; link?: boolean; resolved?: string }
    >;
  };
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const entry = lock.packages[`node_modules/${name}`];
    expect(entry, `${name} is not in the lock file`).toBeDefined();
    const target = entry?.link && entry.resolved ? lock.packages[entry.resolved] : entry;
    for (const dependency of Object.keys(target?.dependencies ?? {})) visit(dependency);
  };
  for (const name of Object.keys(agent.dependencies)) visit(name);
  expect(seen.size).toBeGreaterThan(15);
  expect([...seen].filter((name) => lock.packages[`node_modules/${name}`]?.hasInstallScript)).toEqual([]);
});
