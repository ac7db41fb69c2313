import { createHash } from 'node:crypto';
import type { Access } from '@castellan/shared/model/plan';
import type { PastChange } from '../../units/past-run.js';

export type PastFile = Extract<PastChange, { kind: 'file' }>;

export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

export function sameAccess(live: Access, access: Access): boolean {
  return live.uid === access.uid && live.gid === access.gid && live.mode === access.mode;
}

export function leftThere(files: readonly PastFile[]): string[] {
  const made = files.filter(({ old }) => old.kind === 'none').map(({ path }) => path);
  return made.length === 0 ? [] : [`made by the run and left where it is: ${made.join(', ')}`];
}
