#!/usr/bin/env node
// The one test command: installs the real parts that the tests talk to where it may, builds, checks, tests.
//   npm test                  everything
//   npm test -- packages/x    only these test files (build and checks included)
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { provideRealParts } from './real-parts.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
// Everything that the tests start uses the Node that runs this command.
const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}` };

function step(name, argv) {
  const startedAtMs = Date.now();
  process.stderr.write(`\n== ${name}\n`);
  const { status, signal } = spawnSync(process.execPath, argv, { stdio: 'inherit', env });
  if (status !== 0) {
    process.stderr.write(`== ${name}: failed (${signal ?? `exit code ${status}`})\n`);
    process.exit(status ?? 1);
  }
  process.stderr.write(`== ${name}: ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s\n`);
}

const bin = (path) => {
  const full = join('node_modules', path);
  if (!existsSync(full)) {
    process.stderr.write(`${full} is missing: run "npm install" first.\n`);
    process.exit(1);
  }
  return full;
};

const only = process.argv.slice(2);
if (!provideRealParts({ required: process.env.CI === 'true' })) process.exit(1);
step('build', [bin('typescript/bin/tsc'), '-b']);
step('programs', ['tools/bundle.mjs']);
step('types of the tests', [bin('typescript/bin/tsc'), '-p', 'test']);
step('types of the console', [bin('typescript/bin/tsc'), '-p', 'packages/web', '--noEmit']);
step('console', [bin('vite/bin/vite.js'), 'build', 'packages/web', '--logLevel', 'warn']);
step('generated files are fresh', ['tools/gen.mjs', '--check']);
step('lint', [bin('@biomejs/biome/bin/biome'), 'check', '.']);
step('tests', [bin('vitest/vitest.mjs'), 'run', ...only]);
