#!/usr/bin/env node
// npm run test:mutation              every mutant of the language's layers; the score and the survivors
// npm run test:mutation -- FOLDER    only packages/momentum/src/FOLDER
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const program = join(here, 'node_modules/@stryker-mutator/core/bin/stryker.js');
if (!existsSync(program)) run('npm', ['ci', '--prefix', here]);
const [folder] = process.argv.slice(2);
const only =
  folder === undefined ? [] : ['--mutate', `packages/momentum/src/${folder}/**/*.ts,!**/*.test.ts`];
process.exitCode = run(process.execPath, [program, 'run', join(here, 'stryker.config.mjs'), ...only]);

function run(command, argv) {
  return spawnSync(command, argv, { cwd: join(here, '../..'), stdio: 'inherit' }).status ?? 1;
}
