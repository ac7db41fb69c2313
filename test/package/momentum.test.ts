import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const PACKAGE = join(REPOSITORY, 'packages/momentum');
const readme = readFileSync(join(PACKAGE, 'README.md'), 'utf8');
const run = promisify(execFile);

/** The fenced blocks of a page, with their language. */
const blocks = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
  language: language ?? '',
  text: text ?? '',
}));
const scripts = blocks.flatMap(({ language, text }, i) =>
  language === 'js' ? [[text, blocks[i + 1]] as const] : [],
);
/** Each command of the page's console, and what it prints. */
const commands = blocks
  .filter(({ language }) => language === 'console')
  .flatMap(({ text }) => text.split(/^\$ /m).slice(1))
  .map((one) => [one.slice(0, one.indexOf('\n')), one.slice(one.indexOf('\n') + 1)] as const);

let folder = '';
let files: string[] = [];

// The registry serves what the package depends on; nothing of this repository but the tarball is in the folder.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'package-'));
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: PACKAGE });
  const [{ filename, files: list }] = JSON.parse(packed.toString()) as [
    { filename: string; files: { path: string }[] },
  ];
  files = list.map(({ path }) => path);
  const empty = join(folder, 'site');
  mkdirSync(empty);
  writeFileSync(join(empty, 'package.json'), '{"type":"module","private":true}\n');
  execFileSync('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, filename)], {
    cwd: empty,
    stdio: 'pipe',
  });
  folder = empty;
  const conf = blocks.find(({ language }) => language === 'conf');
  writeFileSync(join(folder, 'ecelerity.conf'), conf?.text ?? '');
});

afterAll(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

describe('the package', () => {
  test('has what a user reads and runs, and nothing else', () => {
    for (const name of [
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
      'package.json',
      'bin/ecconf.js',
      'dist/index.d.ts',
    ])
      expect(files).toContain(name);
    const allowed = /^(README\.md|LICENSE|CHANGELOG\.md|package\.json|(bin|dist|src|docs|editors)\/)/;
    expect(files.filter((name) => !allowed.test(name) || /\.test\.|tsbuildinfo/.test(name))).toEqual([]);
  });

  test('every page that the README links to is in it', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path]) => path ?? '');
    expect(links.length).toBeGreaterThan(4);
    expect(links.filter((path) => !files.includes(path))).toEqual([]);
  });

  test('the library alone loads no other package', async () => {
    rmSync(join(folder, 'node_modules/commander'), { recursive: true });
    rmSync(join(folder, 'node_modules/diff'), { recursive: true });
    const source =
      "import { parse } from '@castellan/momentum'; console.log(parse('a = 1').diagnostics.length)";
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', source], { cwd: folder });
    expect(stdout).toBe('0\n');
    execFileSync('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], {
      cwd: folder,
      stdio: 'pipe',
    });
    expect(readdirSync(join(folder, 'node_modules'))).toEqual(expect.arrayContaining(['commander', 'diff']));
  });
});

describe("the README's examples", () => {
  test('are there', () => {
    expect(scripts.length).toBeGreaterThanOrEqual(3);
    expect(commands.length).toBeGreaterThanOrEqual(5);
  });

  test.each(scripts.map(([text, output], i) => [i + 1, text, output] as const))(
    'script %i',
    async (i, text, output) => {
      expect(output?.language).toBe('text');
      const file = join(folder, `example-${i}.js`);
      writeFileSync(file, text);
      const { stdout } = await run(process.execPath, [file], { cwd: folder });
      expect(stdout).toBe(output?.text);
    },
  );

  test.each(commands)('%s', async (command, expected) => {
    const path = `${join(folder, 'node_modules/.bin')}:${process.env.PATH ?? ''}`;
    // One stream, as a terminal shows it; a command that ends with another code than 0 still prints.
    const { stdout } = await run('/bin/sh', ['-c', `${command} 2>&1 || true`], {
      cwd: folder,
      env: { ...process.env, PATH: path },
    });
    expect(stdout).toBe(expected);
  });
});
