import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { REPOSITORY } from '../arch/imports.js';
import { RUN_FOLDER_PREFIX } from './temporary-folder.js';

// Below test/, so that the run finds it as it finds every test, and git and the linter pass it over.
const PROBES = join(REPOSITORY, 'test/run/.probe');
afterEach(() => rmSync(PROBES, { recursive: true, force: true }));

/** Runs one test file in a run of its own, whose temporary folder is made in `temp`. */
function runOf(text: string, temp: string) {
  mkdirSync(PROBES, { recursive: true });
  writeFileSync(join(PROBES, 'probe.test.ts'), `import { test } from 'vitest';\n${text}`);
  return spawnSync(
    process.execPath,
    [join(REPOSITORY, 'node_modules/vitest/vitest.mjs'), 'run', 'test/run/.probe/probe.test.ts'],
    { cwd: REPOSITORY, encoding: 'utf8', env: { ...process.env, CI: 'true', TMPDIR: temp } },
  );
}

test('this run has its temporary folder to itself', () => {
  expect(basename(tmpdir())).toMatch(new RegExp(`^${RUN_FOLDER_PREFIX}`));
});

describe('a run', () => {
  test('under CI fails by a test that was skipped', () => {
    const temp = mkdtempSync(join(tmpdir(), 'outer-'));
    const run = runOf("test('was forgotten', { skip: true }, () => {});\ntest('stands', () => {});\n", temp);
    expect(run.stderr).toContain('probe.test.ts > was forgotten');
    expect(run.status).toBe(1);
  });

  test('leaves nothing in the temporary directory, also when a test fails and cleans nothing up', () => {
    const temp = mkdtempSync(join(tmpdir(), 'outer-'));
    const run = runOf(
      `import { mkdtempSync } from 'node:fs'; import { tmpdir } from 'node:os'; import { join } from 'node:path';
       test('fails', () => { throw new Error(mkdtempSync(join(tmpdir(), 'left-'))); });\n`,
      temp,
    );
    expect(run.stdout + run.stderr).toContain(join(temp, RUN_FOLDER_PREFIX));
    expect(run.status).toBe(1);
    expect(readdirSync(temp)).toEqual([]);
    expect(dirname(temp)).toBe(tmpdir());
  });
});
