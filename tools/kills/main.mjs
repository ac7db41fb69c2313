#!/usr/bin/env node
// npm run test:kills                 everything is killed, everywhere (takes long)
// npm run test:kills -- --every 5    only at each fifth effect
// npm run test:kills -- --only "tls-protocols" --from 40
// npm run test:kills -- --only "certificate-renew ecwebui,undo"
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { damageJournals, killAgent } from './agent.mjs';

const { values } = parseArgs({
  options: {
    every: { type: 'string', default: '1' },
    from: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const everything = values.only === undefined;
const parts = [
  [
    'the agent',
    () =>
      killAgent({
        every: Number(values.every),
        from: Number(values.from),
        only: values.only?.split(',') ?? null,
      }),
  ],
  ...(everything ? [['journals', damageJournals]] : []),
  ...(everything ? [['links', cutLinks]] : []),
  ...(everything ? [['the server', killServer]] : []),
];
for (const [name, run] of parts) {
  process.stdout.write(`== kills: ${name}\n`);
  if (!(await run())) {
    process.stdout.write(`== kills: ${name}: failed\n`);
    process.exitCode = 1;
  }
}

/** The ssh session of a run from beside, behind every piece that it sends. */
function cutLinks() {
  const env = { ...process.env, CASTELLAN_KILLS: 'whole' };
  const words = ['vitest', 'run', 'test/beside/cut-links.test.ts'];
  return spawnSync('npx', words, { stdio: 'inherit', env }).status === 0;
}

/** A program of its own, which can be run alone. */
function killServer() {
  const program = fileURLToPath(new URL('server.mjs', import.meta.url));
  return spawnSync(process.execPath, [program], { stdio: 'inherit' }).status === 0;
}
