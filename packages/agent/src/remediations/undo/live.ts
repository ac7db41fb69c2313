import type { PastChange } from '../../units/past-run.js';

export type PastFile = Extract<PastChange, { kind: 'file' }>;

export function leftThere(files: readonly PastFile[]): string[] {
  const made = files.filter(({ old }) => old.kind === 'none').map(({ path }) => path);
  return made.length === 0 ? [] : [`made by the run and left where it is: ${made.join(', ')}`];
}
