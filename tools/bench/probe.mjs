// Which versions one SMTP listener speaks: our probe, against `testssl.sh -p` on the same port (Debian's testssl.sh).
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeClock } from '../../packages/agent/dist/adapters/node-clock.js';
import { nodeNet } from '../../packages/agent/dist/adapters/node-net.js';
import { probeListener } from '../../packages/agent/dist/knowledge/wire/probe-listener.js';
import { DAY_MS, selfSigned } from '../../test/standin/dist/lay/certificates.js';
import { median, report, round, say, wallMs } from './measure.mjs';

const RUNS = 5;
const TIMES_FASTER_MIN = 40;
const here = dirname(fileURLToPath(import.meta.url));
const agent = join(here, '../../packages/agent/bin/castellan-agent.js');

export async function benchProbe() {
  const dir = mkdtempSync(join(tmpdir(), 'castellan-bench-'));
  const now = Date.now();
  const pair = selfSigned({
    hostname: 'mta1.example.com',
    notBefore: new Date(now),
    notAfter: new Date(now + DAY_MS),
  });
  writeFileSync(join(dir, 'key.pem'), pair.keyPem);
  writeFileSync(join(dir, 'cert.pem'), pair.certificatePem);
  const child = spawn(process.execPath, [join(here, 'smtp-child.mjs'), dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const port = Number(String((await once(child.stdout, 'data'))[0]).trim());
    const [versions, whole, theirs] = [[], [], []];
    for (let run = 0; run < RUNS; run += 1) {
      say(`run ${run + 1} of ${RUNS}`);
      versions.push(await oursMs(port));
      whole.push(wallMs(process.execPath, [agent, 'probe', `127.0.0.1:${port}`, '--starttls', 'smtp']).ms);
      const their = testsslMs(port, dir);
      if (their !== null) theirs.push(their);
    }
    const oursMsMedian = median(versions);
    report({
      measurement: 'probe',
      runs: RUNS,
      versionsMedianMs: round(oursMsMedian),
      wholeCommandMedianMs: round(median(whole)),
      ...(theirs.length > 0
        ? {
            floor: 'testssl.sh -p',
            floorMedianMs: round(median(theirs)),
            timesFaster: round(median(theirs) / oursMsMedian),
            wholeCommandTimesFaster: round(median(theirs) / median(whole)),
          }
        : { floor: 'testssl.sh is not installed' }),
      reach: `timesFaster >= ${TIMES_FASTER_MIN}`,
    });
  } finally {
    child.kill();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The versions alone, as verification asks for them; what was said must be what such a listener says. */
async function oursMs(port) {
  const startedAt = performance.now();
  const ports = { net: nodeNet({ forbidden: null }), clock: nodeClock, signal: new AbortController().signal };
  const seen = await probeListener(ports, { host: '127.0.0.1', port, preamble: 'smtp' }, 'versions');
  const ms = performance.now() - startedAt;
  const on = seen.versions?.filter(({ answer }) => answer === 'offered').map(({ version }) => version);
  if (on?.join() !== 'TLSv1.2,TLSv1.3')
    throw new Error(`the probe saw ${on?.join() ?? JSON.stringify(seen)}`);
  return ms;
}

/** Null: it is not installed. Its exit code says what it thinks of the listener, so that only its words are looked at. */
function testsslMs(port, dir) {
  if (spawnSync('testssl', ['--version'], { stdio: 'ignore' }).error) return null;
  const startedAt = performance.now();
  const { stdout } = spawnSync(
    'testssl',
    ['-p', '--quiet', '--color', '0', '--warnings', 'off', '-t', 'smtp', `127.0.0.1:${port}`],
    { encoding: 'utf8', cwd: dir, timeout: 300_000 },
  );
  const ms = performance.now() - startedAt;
  if (!/TLS 1\.2\s+offered/.test(stdout)) throw new Error(`testssl.sh said nothing of TLS 1.2: ${stdout}`);
  return ms;
}
