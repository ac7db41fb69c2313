#!/usr/bin/env node
// Hostile peers, the long way: malformed requests, TLS handshakes and WebSocket frames against a real server process
// and a real link of the agent. The short form of the same runs in `npm test`.
//   npm run test:peers                       5,000 shots with the usual seed
//   npm run test:peers -- COUNT [SEED]
import { spawnSync } from 'node:child_process';

const [count = '5000', seed] = process.argv.slice(2);
if (![count, seed ?? '1'].every((text) => /^\d{1,9}$/.test(text))) {
  process.stderr.write('usage: npm run test:peers -- [COUNT] [SEED]\n');
  process.exit(2);
}
const env = {
  ...process.env,
  CASTELLAN_PEERS: count,
  ...(seed === undefined ? {} : { CASTELLAN_PEERS_SEED: seed }),
};
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', 'test/peers', '--silent=false', '--reporter=verbose'],
  { stdio: 'inherit', env },
);
process.exit(status ?? 1);
