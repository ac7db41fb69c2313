import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { OWN_CONTROLS } from '../packages/server/src/domain/own-controls.js';
import catalogue from '../packages/server/src/generated/catalogue.json' with { type: 'json' };
import { REPOSITORY } from './arch/imports.js';
import { SCENES } from './standin/src/demo/scenes.js';

const PAGE = 'docs/security-considerations.md';
const text = readFileSync(join(REPOSITORY, PAGE), 'utf8');
const prose = text.replace(/^\[[^\]]+\]: .*$/gm, '');

/** What the chapter itself states, as the catalogue of controls was drawn up from it. */
const STATED = [
  ...['MOM-CRT-001', 'MOM-CRT-002', 'MOM-CRT-003', 'MOM-CRT-004', 'MOM-CRT-005'],
  ...['MOM-CRED-001', 'MOM-CRED-002', 'MOM-PERM-001', 'MOM-PERM-002', 'MOM-PERM-003'],
  ...['MOM-TLS-001', 'MOM-TLS-002', 'MOM-TLS-003', 'MOM-TLS-004', 'MOM-TLS-005', 'MOM-TLS-006'],
  ...['MOM-TLS-007', 'MOM-LDAP-001', 'MOM-SOL-001'],
];

const mends = new Map(
  [...catalogue.remediations].map(({ slug, fixes }) => [slug, new Set<string>(fixes)] as const),
);
const controls = new Set<string>([...catalogue.controls, ...OWN_CONTROLS].map(({ id }) => id));

interface Row {
  readonly statement: string;
  readonly controls: readonly string[];
  readonly remediations: readonly string[];
  readonly mended: string;
  readonly files: readonly string[];
}

const rows: readonly Row[] = prose
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line))
  .map((line) => {
    const [number = '', said = '', judged = '', mended = '', held = ''] = line
      .split(/(?<!\\)\|/)
      .slice(1)
      .map((cell) => cell.trim());
    return {
      statement: `${number}. ${said.slice(0, 60)}`,
      controls: judged.match(/\bMOM-[A-Z]+-\d{3}\b/g) ?? [],
      remediations: [...mended.matchAll(/\[([a-z-]+)\]/g)].map(([, slug]) => slug ?? ''),
      mended,
      files: [...held.matchAll(/`([^`]+)`/g)].map(([, path]) => path ?? ''),
    };
  });

test('the page numbers its statements, and none is left out', () => {
  expect(rows.map(({ statement }) => Number.parseInt(statement, 10))).toEqual(rows.map((_, at) => at + 1));
  expect(rows.length).toBeGreaterThan(20);
});

describe.each(rows)('$statement', (row) => {
  test('names controls, remediations and tests that are there', () => {
    expect(row.controls.filter((id) => !controls.has(id))).toEqual([]);
    expect(row.remediations.filter((slug) => !mends.has(slug))).toEqual([]);
    const gone = row.files.filter((path) => !/\.test\.ts$/.test(path) || !existsSync(join(REPOSITORY, path)));
    expect(gone).toEqual([]);
  });

  test('says how each is mended, or that it is by hand, and what holds it', () => {
    if (row.controls.length === 0) return;
    expect(row.files).not.toEqual([]);
    if (!/by hand|node by node/.test(row.mended)) expect(row.remediations).not.toEqual([]);
    const judged = new Set(row.controls);
    const idle = row.remediations.filter(
      (slug) =>
        !judged.has('MOM-CRED-002') && ![...(mends.get(slug) ?? [])].some((control) => judged.has(control)),
    );
    // What follows from another row is mended by that row's.
    expect(idle.filter((slug) => !/^18\./.test(row.statement) || slug !== 'permissions-repair')).toEqual([]);
  });
});

test('every control that the chapter states stands in a row', () => {
  const named = new Set(rows.flatMap((row) => row.controls));
  expect(STATED.filter((id) => !named.has(id))).toEqual([]);
});

test('every link of the page leads to a page that is there, and every name that is linked has one', () => {
  const links = [...text.matchAll(/^\[([^\]]+)\]: (\S+)$/gm)].map(([, name = '', path = '']) => ({
    name,
    path,
  }));
  expect(links.filter(({ path }) => !existsSync(join(REPOSITORY, 'docs', path)))).toEqual([]);
  const used = new Set([...prose.matchAll(/\[([A-Za-z0-9-]+)\](?!\()/g)].map(([, name]) => name ?? ''));
  expect([...used].sort()).toEqual(links.map(({ name }) => name).sort());
});

test('no remediation is left out that mends what the chapter states', () => {
  const named = new Set(rows.flatMap((row) => row.remediations));
  const wanted = [...mends].filter(([, fixes]) => STATED.some((id) => fixes.has(id))).map(([slug]) => slug);
  expect(wanted.filter((slug) => !named.has(slug))).toEqual([]);
});

describe.each(SCENES)('the scene of the story: $broken', (scene) => {
  test('plays controls of the page that its remediation mends', () => {
    const named = new Set(rows.flatMap((row) => row.controls));
    expect(scene.controls.filter((id) => !named.has(id))).toEqual([]);
    expect(scene.controls.filter((id) => !mends.get(scene.remediation)?.has(id))).toEqual([]);
  });
});

test('the README names every remediation', () => {
  const readme = readFileSync(join(REPOSITORY, 'README.md'), 'utf8');
  expect([...mends.keys()].filter((slug) => !readme.includes(`\`${slug}\``))).toEqual([]);
});
