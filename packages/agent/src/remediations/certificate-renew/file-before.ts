import { createHash } from 'node:crypto';
import type { Access } from '@castellan/shared/model/plan';
import { accessOf } from '../../kit/access.js';
import type { PlanContext } from '../../kit/remediation.js';

export type FileBefore =
  | {
      readonly ok: true;
      readonly path: string;
      readonly sha256: string | null;
      readonly access: Access | null;
    }
  | { readonly ok: false; readonly why: string };

/** What is at a path, links followed; a file that is not there is no hindrance. */
export function fileBefore(files: PlanContext['look']['files'], named: string): FileBefore {
  const real = files.realpath(named);
  if (!real.ok)
    return real.problem === 'missing'
      ? { ok: true, path: named, sha256: null, access: null }
      : { ok: false, why: `${named}: ${real.detail}` };
  const { path } = real.value;
  const read = files.read(path);
  const stat = files.stat(path);
  if (!read.ok)
    return { ok: false, why: `${path} cannot be read (${read.problem}), so it could not be put back` };
  if (!stat.ok) return { ok: false, why: `${path} cannot be looked at (${stat.problem})` };
  return {
    ok: true,
    path,
    sha256: createHash('sha256').update(read.value).digest('hex'),
    access: accessOf(stat.value),
  };
}
