// The plan of a remediation over a large configuration: one that sets one line, and one that edits every domain. Floor: the
// configuration parsed once and nothing else.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { report, round, say } from './measure.mjs';

const CHILD = fileURLToPath(new URL('plan-child.mjs', import.meta.url));
const PLANS = [
  { plan: 'one line', bytes: 5_000_000, global: '+ALL:-SSLv2', domain: '+TLSv1.2', reach: 'ms <= 1000' },
  { plan: 'every domain', bytes: 1_000_000, global: '+ALL:-SSLv2', domain: '+ALL', reach: null },
];

export function benchPlan() {
  for (const { plan, bytes, global, domain, reach } of PLANS) {
    say(`plan: ${plan}`);
    const argv = ['--expose-gc', CHILD, String(bytes), global, domain, 'tls-protocols'];
    const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    const figures = JSON.parse(stdout);
    report({
      bench: 'plan',
      plan,
      bytes: figures.bytes,
      ms: round(figures.ms),
      cpuMs: round(figures.cpuMs),
      floor: 'the configuration parsed once',
      floorMs: round(figures.parseMs),
      floorCpuMs: round(figures.parseCpuMs),
      ratio: round(figures.cpuMs / figures.parseCpuMs, 1),
      ...(reach === null ? {} : { reach }),
    });
  }
}
