#!/usr/bin/env node
// Joins each program and the libraries it uses into a few files below dist/bundle: a command is run often and by people
// who wait, and reading a thousand small modules took most of a `check`. What is compiled for one machine stays outside.
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const NATIVE = ['sqlite3', '@node-rs/argon2'];
/** knex names the drivers of every database; those that are not installed are not used. */
const isUnusedDriver = ({ code, message }) =>
  code === 'UNRESOLVED_IMPORT' && message.includes('node_modules/knex/lib/dialects/');

/** By package: what is run by name, and what a program starts as a process of its own. */
const PROGRAMS = {
  agent: {
    main: 'main.js',
    'beside-worker': 'cli/beside-worker.js',
  },
  server: { main: 'main.js' },
};

for (const [name, programs] of Object.entries(PROGRAMS)) {
  const dist = join(root, 'packages', name, 'dist');
  rmSync(join(dist, 'bundle'), { recursive: true, force: true });
  const bundle = await rolldown({
    input: Object.fromEntries(Object.entries(programs).map(([key, file]) => [key, join(dist, file)])),
    platform: 'node',
    external: NATIVE,
    onLog(level, log) {
      if (level === 'warn' && !isUnusedDriver(log)) throw new Error(`${name}: ${log.message}`);
    },
  });
  // Source maps are read by whoever debugs; a stack trace names the bundle's functions as the source does.
  await bundle.write({ dir: join(dist, 'bundle'), format: 'esm', sourcemap: true });
  await bundle.close();
}
