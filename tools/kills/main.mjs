#!/usr/bin/env node
// npm run test:kills                 everything is killed, everywhere (takes long)
// npm run test:kills -- --every 5    only at each fifth effect
// npm run test:kills -- --only "tls-protocols" --from 40
// npm run test:kills -- --only "certificate-renew ecwebui"
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { damageJournals, killAgent } from './agent.mjs';

const { values } = parseArgs({
  options: {
    every: { type: 'string', default: '1' },
    from: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const server = join(dirname(fileURLToPath(import.meta.url)), 'server.mjs');
const parts = [
  [
    'the agent',
    () => killAgent({ every: Number(values.every), from: Number(values.from), only: values.only ?? null }),
  ],
  ...(values.only === undefined ? [['journals', damageJournals]] : []),
];
// The server's part stands in a file of its own, with one function `killServer` that says whether nothing was found.
if (values.only === undefined && existsSync(server)) {
  const { killServer } = await import(pathToFileURL(server).href);
  parts.push(['the server', killServer]);
}
for (const [name, run] of parts) {
  process.stdout.write(`== kills: ${name}\n`);
  if (!(await run())) {
    process.stdout.write(`== kills: ${name}: failed\n`);
    process.exitCode = 1;
  }
}
