import type { Exec } from '../ports/exec.js';
import { ECCFG } from './services.js';

const STATUS_MS = 30_000;

/** What Subversion says of the configuration's working copy: a mark and a path a line (Manual, executable.eccfg). */
export type EccfgStatus =
  | { readonly kind: 'known'; readonly edited: readonly string[]; readonly conflicts: readonly string[]; readonly unknown: readonly string[] }
  | { readonly kind: 'not-known'; readonly why: string };

export async function eccfgStatus(exec: Exec): Promise<EccfgStatus> {
  const result = await exec.run({ program: ECCFG, argv: ['status'], timeoutMs: STATUS_MS });
  if (result.kind === 'unstarted') return { kind: 'not-known', why: `eccfg was not run (${result.problem})` };
  if (result.kind !== 'exited' || result.code !== 0) return { kind: 'not-known', why: 'eccfg status did not answer' };
  const lines = result.stdout.split('\n').flatMap((line) => {
    const match = /^([ACDMRX?!~])\S*\s+(\S.*)$/.exec(line);
    return match ? [{ mark: match[1], path: match[2] ?? '' }] : [];
  });
  const of = (...marks: string[]): string[] => lines.filter(({ mark }) => marks.includes(mark ?? '')).map(({ path }) => path);
  return { kind: 'known', edited: of('A', 'D', 'M', 'R', '!', '~'), conflicts: of('C'), unknown: of('?', 'X') };
}
