// The configuration language: parsing against JSON.parse of as much JSON, the whole view of TLS in time and memory, how
// parsing grows, and a whole run of `ecconf check` against an empty one of Node.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, report, round, say, wallMs } from './measure.mjs';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const CHILD = fileURLToPath(new URL('language-child.mjs', import.meta.url));
const ECCONF = join(REPOSITORY, 'packages/momentum/bin/ecconf.js');
const PAIRS = 15;
const GROWTH_BYTES = [500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 20_000_000];
const WHOLE_BYTES = 5_000_000;
const CHECK_BYTES = 20_000;

export async function benchLanguage() {
  say('language: parse against JSON.parse');
  const { parseMs, jsonMs, bytes, jsonBytes } = child('parse', WHOLE_BYTES);
  report({
    bench: 'language.parse',
    ...{
      bytes,
      jsonBytes,
      parseMs: round(parseMs),
      jsonParseMs: round(jsonMs),
      ratio: round(parseMs / jsonMs, 2),
    },
  });
  say('language: the whole view of TLS');
  const tls = child('tls', WHOLE_BYTES);
  report({
    bench: 'language.tls',
    ...{ bytes: tls.bytes, scopes: tls.scopes, ms: round(tls.ms), parseMs: round(tls.parseMs) },
    ...{ peakMiB: round(tls.peakBytes / 2 ** 20), floorMiB: round(tls.floorBytes / 2 ** 20) },
    memoryRatio: round((tls.peakBytes - tls.floorBytes) / tls.bytes),
  });
  say('language: growth');
  const rows = GROWTH_BYTES.map((size) => child('parse', size));
  report({
    bench: 'language.growth',
    ms: Object.fromEntries(rows.map(({ bytes: size, parseMs: ms }) => [size, round(ms)])),
    exponent: round(exponent(rows.map(({ bytes: size, parseMs: ms }) => [size, ms])), 3),
  });
  say('language: ecconf check');
  report(check());
}

/** In a process of its own, so that one measurement's garbage is not another's. */
function child(what, bytes) {
  const argv = ['--expose-gc', CHILD, what, String(bytes)];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** Slope of the logarithms by least squares: 1 is linear. */
function exponent(points) {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)]);
  const mean = (at) => logs.reduce((sum, point) => sum + point[at], 0) / logs.length;
  const [mx, my] = [mean(0), mean(1)];
  const over = logs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  return over / logs.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}

function check() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const file = join(folder, 'ecelerity.conf');
    writeFileSync(file, spawnSync(process.execPath, [CHILD, 'text', String(CHECK_BYTES)]).stdout);
    const pairs = Array.from({ length: PAIRS }, () => [
      wallMs(process.execPath, [ECCONF, 'check', file]).ms,
      wallMs(process.execPath, ['-e', '0']).ms,
    ]);
    const ratios = pairs.map(([ours, floor]) => ours / floor);
    return {
      bench: 'language.check',
      bytes: CHECK_BYTES,
      ms: round(median(pairs.map(([ours]) => ours))),
      floorMs: round(median(pairs.map(([, floor]) => floor))),
      ratio: round(median(ratios), 2),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
