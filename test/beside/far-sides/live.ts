import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { LaidFarSide } from './lay.js';

const AGENT = new URL('../../../packages/agent/bin/castellan-agent.js', import.meta.url).pathname;
const MS_MAX = 120_000;
const BYTES_MAX = 16 * 1024 * 1024;
/** Findings: a report all the same. */
const TOLD = [0, 3];

/** `check` of a whole node, whose programs run: by an agent where the node's sshd is, with the tools of this host. */
export async function checkedThere(laid: LaidFarSide): Promise<Report> {
  const argv = [process.execPath, AGENT, 'check', '--no-probe', '--format', 'json'];
  const script = [...laid.ownMounts(), 'exec "$@"'].join('\n');
  return reportOf('unshare', ['-m', '--propagation', 'private', '/bin/sh', '-ec', script, 'sh', ...argv]);
}

/** The same from beside, without the words that say so. */
export async function checkedFrom({ sshd, side }: LaidFarSide): Promise<Report> {
  const ssh = ['--ssh-config', sshd.config, '--known-hosts', sshd.knownHosts];
  const host = ['--host', `${side.login.name}@mta1`, ...ssh];
  const report = await reportOf(process.execPath, [
    AGENT,
    'check',
    ...host,
    '--no-probe',
    '--format',
    'json',
  ]);
  const { beside: _, ...node } = report.node;
  return { ...report, node };
}

export interface Report {
  readonly node: Readonly<Record<string, unknown>>;
  readonly verdicts: readonly Readonly<Record<string, unknown>>[];
}

async function reportOf(program: string, argv: readonly string[]): Promise<Report> {
  const told = await promisify(execFile)(program, argv, { timeout: MS_MAX, maxBuffer: BYTES_MAX }).catch(
    (error: { readonly code?: unknown; readonly stdout?: string; readonly stderr?: string }) => {
      if (!TOLD.includes(Number(error.code)))
        throw new Error(`${program}: ${error.stderr}`, { cause: error });
      return { stdout: error.stdout ?? '' };
    },
  );
  const { observedAt: _, ...report } = JSON.parse(told.stdout);
  return report;
}
