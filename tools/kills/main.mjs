#!/usr/bin/env node
// npm run test:kills                 everything is killed, everywhere (takes long)
// npm run test:kills -- --every 5    only at each fifth effect
// npm run test:kills -- --only "tls-protocols" --from 40
// npm run test:kills -- --only "certificate-renew ecwebui,undo"
// npm run test:kills -- --beside --every 40    runs from beside, over ssh, broken off in every way
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { damageJournals, killAgent } from './agent.mjs';
import { killBeside } from './beside.mjs';

const { values } = parseArgs({
  options: {
    every: { type: 'string', default: '1' },
    from: { type: 'string', default: '1' },
    only: { type: 'string' },
    beside: { type: 'boolean', default: false },
  },
});
const everything = values.only === undefined && !values.beside;
const chosen = {
  every: Number(values.every),
  from: Number(values.from),
  only: values.only?.split(',') ?? null,
};
const parts = [
  ...(values.beside ? [] : [['the agent', () => killAgent(chosen)]]),
  ...(everything ? [['journals', damageJournals]] : []),
  ...(values.beside || everything ? [['runs from beside', () => killBeside(chosen)]] : []),
  ...(everything ? [['the server', killServer]] : []),
];
for (const [name, run] of parts) {
  // Somebody ended it.
  if (process.exitCode === 130) break;
  process.stdout.write(`== kills: ${name}\n`);
  if (!(await run())) {
    process.stdout.write(`== kills: ${name}: failed\n`);
    process.exitCode = 1;
  }
}

/** A program of its own, which can be run alone. */
function killServer() {
  const program = fileURLToPath(new URL('server.mjs', import.meta.url));
  return spawnSync(process.execPath, [program], { stdio: 'inherit' }).status === 0;
}
