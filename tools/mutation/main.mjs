#!/usr/bin/env node
// npm run test:mutation               every mutant of the language's layers, layer by layer; then the page docs/mutation.md
// npm run test:mutation -- lex edit   only these layers; the page tells of the layers that have ever been run here
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LAYERS } from './layers.mjs';
import { writePage } from './page.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const repository = join(here, '../..');
const program = join(here, 'node_modules/@stryker-mutator/core/bin/stryker.js');
if (!existsSync(program)) run('npm', ['ci', '--prefix', here], {});
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(LAYERS, name));
if (unknown.length > 0) {
  process.stderr.write(`no such layer: ${unknown.join(', ')}; there are ${Object.keys(LAYERS).join(', ')}\n`);
  process.exit(2);
}
for (const layer of asked.length > 0 ? asked : Object.keys(LAYERS))
  run(process.execPath, [program, 'run', join(here, 'stryker.config.mjs')], { MUTATED_LAYER: layer });
process.exitCode = writePage(repository) ? 0 : 1;

function run(command, argv, env) {
  return (
    spawnSync(command, argv, { cwd: repository, stdio: 'inherit', env: { ...process.env, ...env } }).status ??
    1
  );
}
