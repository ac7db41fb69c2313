import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeFiles } from '../../adapters/node-files.js';
import type { PrincipalIds } from './passwd.js';
import { PathAccess, type Want } from './path-access.js';

/** Generated trees; each has a file below three folders, and one of its kind is asked of in every way. */
const TREES = Number(process.env.ACCESS_TREES ?? 200);
const USERS: readonly PrincipalIds[] = [
  { uid: 7100, groups: [7100] },
  { uid: 7101, groups: [7101, 7100] },
  { uid: 7102, groups: [7102, 7110, 7111] },
  { uid: 65_534, groups: [65_534] },
];
const IDS = [0, 7100, 7101, 7102, 7110, 7111];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-access-'));
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A small generator (xorshift32) whose trees are the same in every run. */
function generator(seed: number) {
  let state = seed;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return {
    below: (count: number): number => next() % count,
    among: <T>(items: readonly T[]): T => items[next() % items.length] as T,
  };
}

type Random = ReturnType<typeof generator>;

/** Lists are set by one setfacl for all: a process each would take minutes. */
function lay(random: Random): { paths: string[]; restore: string } {
  const paths: string[] = [];
  let restore = '';
  const bits = () =>
    `${random.below(3) > 0 ? 'r' : '-'}${random.below(2) > 0 ? 'w' : '-'}${random.below(3) > 0 ? 'x' : '-'}`;
  const spoil = (path: string): void => {
    chownSync(path, random.among(IDS), random.among(IDS));
    // Mostly passable, or no question would come as far as the file.
    chmodSync(path, random.below(3) > 0 ? 0o711 | random.below(0o1000) : random.below(0o1000));
    if (random.below(3) > 0) return;
    const named = (kind: string) =>
      [...new Set(Array.from({ length: random.below(3) }, () => random.among(IDS.slice(1))))].map(
        (id) => `${kind}:${id}:${bits()}`,
      );
    const lines = [
      'user::rwx',
      ...named('user'),
      `group::${bits()}`,
      ...named('group'),
      `mask::${bits()}`,
      `other::${bits()}`,
    ];
    restore += `# file: ${path.slice(1)}\n${lines.join('\n')}\n\n`;
  };
  for (let tree = 0; tree < TREES; tree += 1) {
    const folders = ['a', 'a/b', 'a/b/c'].map((name) => join(folder, `${tree}`, name));
    mkdirSync(folders.at(-1) ?? '', { recursive: true });
    const file = join(folder, `${tree}`, 'a/b/c/f');
    writeFileSync(file, '');
    chmodSync(join(folder, `${tree}`), 0o755);
    for (const path of [file, ...folders.toReversed()]) spoil(path);
    paths.push(file, folders.at(-1) ?? '');
  }
  return { paths, restore };
}

/** What the kernel says: a shell asks it (faccessat(2)) of each path and right, as that user with those groups. */
function kernelSays(user: PrincipalIds, questions: readonly string[]): string[] {
  const program = `while read -r want path; do
    case $want in
      read) [ -r "$path" ] ;; write) [ -w "$path" ] ;; pass) [ -x "$path" ] ;;
      search) [ -r "$path" ] && [ -x "$path" ] ;;
    esac && echo 1 || echo 0
  done`;
  const [gid = 0, ...others] = user.groups;
  const groups = others.length > 0 ? ['--groups', others.join(',')] : ['--clear-groups'];
  const said = execFileSync(
    'setpriv',
    ['--reuid', `${user.uid}`, '--regid', `${gid}`, ...groups, '/bin/sh', '-c', program],
    { input: `${questions.join('\n')}\n`, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  return said.trim().split('\n');
}

const WANTS: readonly Want[] = ['read', 'write', 'pass', 'search'];

test('every question of access has the kernel’s answer: owners, groups, access lists, masks, folders above', () => {
  const { paths, restore } = lay(generator(20_261_128));
  execFileSync('setfacl', ['--restore=-'], { input: restore, cwd: '/' });
  const files = nodeFiles('/');
  let granted = 0;
  const different: string[] = [];
  for (const user of USERS) {
    const questions = paths.flatMap((path) =>
      // A file is never passed through: execute permission of a file is nothing that is asked.
      (path.endsWith('/f') ? WANTS.slice(0, 2) : WANTS).map((want) => ({ path, want })),
    );
    const says = kernelSays(
      user,
      questions.map(({ path, want }) => `${want} ${path}`),
    );
    const access = new PathAccess(files, user);
    for (const [index, { path, want }] of questions.entries()) {
      const isGranted = access.check(path, want).kind === 'granted';
      granted += isGranted ? 1 : 0;
      if (isGranted !== (says[index] === '1'))
        different.push(`${user.uid} ${want} ${path}: kernel ${says[index]}`);
    }
    expect(says).toHaveLength(questions.length);
  }
  expect(different.slice(0, 5)).toEqual([]);
  const asked = TREES * 6 * USERS.length;
  expect(granted).toBeGreaterThan(asked / 20);
  expect(granted).toBeLessThan(asked / 2);
});
