import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REPOSITORY, readSources } from './imports.js';

const LINES_MAX = 400;
const exceptions = JSON.parse(readFileSync(join(REPOSITORY, 'test/arch/exceptions.json'), 'utf8')) as {
  longFiles: Record<string, string>;
};
const sources = readSources();
const lines = (text: string) => text.split('\n').length;

describe('the files', () => {
  test(`have at most ${LINES_MAX} lines, unless an exception with a reason names them`, () => {
    const long = sources
      .filter(
        ({ path, text }) =>
          !path.includes('.generated.') && lines(text) > LINES_MAX && !exceptions.longFiles[path],
      )
      .map(({ path, text }) => `${path}: ${lines(text)}`);
    expect(long).toEqual([]);
  });

  test('need every exception that is written down', () => {
    const needless = Object.keys(exceptions.longFiles).filter((path) => {
      const source = sources.find((s) => s.path === path);
      return !source || lines(source.text) <= LINES_MAX;
    });
    expect(needless).toEqual([]);
  });

  test('say what every folder is for', () => {
    const folders = ['momentum', 'shared', 'agent', 'server', 'web'].flatMap((pkg) =>
      readdirSync(join(REPOSITORY, 'packages', pkg, 'src'))
        .map((name) => `packages/${pkg}/src/${name}`)
        .filter((path) => statSync(join(REPOSITORY, path)).isDirectory()),
    );
    expect(folders.length).toBeGreaterThan(30);
    expect(folders.filter((folder) => !existsSync(join(REPOSITORY, folder, 'README.md')))).toEqual([]);
  });

  test('hold no empty catch and no silenced promise', () => {
    const bad = sources.filter(
      ({ text }) =>
        /catch\s*(\([^)]*\))?\s*\{\s*\}/.test(text) || /\.catch\(\(\)\s*=>\s*\{\s*\}\)/.test(text),
    );
    expect(bad.map((s) => s.path)).toEqual([]);
  });

  test('hold nothing that a new control left to be written', () => {
    const folder = join(REPOSITORY, 'packages/agent/src/controls');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).isFile());
    expect(files.length).toBeGreaterThan(60);
    expect(files.filter((path) => readFileSync(path, 'utf8').includes('TO-BE-WRITTEN'))).toEqual([]);
  });

  test('are imported by something, or are an entry', () => {
    const entries =
      /(main\.tsx?|index\.ts|\.generated\.ts|\/(control|collector|remediation|cases)\.ts|\.d\.ts)$/;
    const everything = [...sources, ...testSources()].map((s) => s.text).join('\n');
    const unused = sources
      .filter(({ path }) => !entries.test(path))
      .filter(({ path }) => {
        const stem =
          path
            .replace(/\.tsx?$/, '')
            .split('/')
            .slice(-1)[0] ?? '';
        return !new RegExp(`['"/]${stem.replaceAll('.', '\\.')}(\\.js|\\.tsx?)?['"]`).test(everything);
      });
    expect(unused.map((s) => s.path)).toEqual([]);
  });
});

describe('the repository', () => {
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: REPOSITORY, encoding: 'utf8' })
    .split('\0')
    .filter(Boolean);

  test('holds no private key', () => {
    const holders = tracked.filter((path) => {
      const file = join(REPOSITORY, path);
      if (!existsSync(file) || statSync(file).size > 2_000_000) return false;
      return /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}/.test(readFileSync(file, 'latin1'));
    });
    expect(holders).toEqual([]);
  });

  test('names no registry in its lock file', () => {
    const lock = readFileSync(join(REPOSITORY, 'package-lock.json'), 'utf8');
    expect(lock).not.toMatch(/"resolved": "https?:/);
  });

  test('holds no output of a build', () => {
    expect(tracked.filter((path) => /(^|\/)(dist|node_modules)\//.test(path))).toEqual([]);
  });
});

function testSources(): { path: string; text: string }[] {
  const list = execFileSync(
    'git',
    ['ls-files', '-z', '-co', '--exclude-standard', 'packages', 'test', 'tools'],
    { cwd: REPOSITORY, encoding: 'utf8' },
  );
  return list
    .split('\0')
    .filter(
      (path) =>
        /(\.test\.tsx?|^test\/.*\.ts|^tools\/.*\.mjs)$/.test(path) && existsSync(join(REPOSITORY, path)),
    )
    .map((path) => ({ path, text: readFileSync(join(REPOSITORY, path), 'utf8') }));
}
