import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { unifiedDiff } from '@castellan/momentum/diff';
import type { PlannedChange } from '@castellan/shared/model/plan';
import { foreignLink, isItsUsersToRead, isOwnPlace } from '../../knowledge/momentum/managed-paths.js';
import { isStartupPlace } from '../../knowledge/momentum/startup-places.js';
import { ownUid } from '../../knowledge/permissions/own-user.js';
import { accessOf, identityOf } from '../../knowledge/permissions/path-access.js';
import { withoutSecrets } from '../../knowledge/startup/secret-words.js';
import type { Draft, PlanContext } from '../../units/remediation.js';
import type { FileReplacement, Step } from '../../units/step.js';
import type { MaskEdit } from './wanted.js';

type Files = PlanContext['look']['files'];

type Replacements =
  | {
      readonly ok: true;
      readonly steps: readonly Step[];
      readonly changes: readonly PlannedChange[];
      readonly contents: Draft['contents'];
    }
  | { readonly ok: false; readonly why: string };

/** The edits as replacements of the very files that were read, and as an approver reads them: secrets masked. */
export function replacementsOf(files: Files, edits: readonly MaskEdit[]): Replacements {
  const replaced: FileReplacement[] = [];
  const folders = new Set<string>();
  const changes: PlannedChange[] = [];
  const contents: Record<string, () => Uint8Array> = {};
  let holdsSecret = false;
  for (const edit of edits) {
    const { path, before, after } = edit;
    const found = before === null ? newFile(files, path, folders) : standing(files, edit);
    if ('why' in found) return { ok: false, why: found.why };
    replaced.push(found);
    contents[path] = () => Buffer.from(after, 'latin1');
    const [old, now] = [masked(before ?? ''), masked(after)];
    holdsSecret ||= old !== before && before !== null;
    changes.push({
      kind: 'file',
      target: path,
      summary: edit.summary,
      before: sha256(old),
      after: sha256(now),
      diff: unifiedDiff(path, old, now),
    });
  }
  const access = { uid: ownUid() ?? 0, gid: process.getegid?.() ?? 0, mode: 0o755 };
  return {
    ok: true,
    steps: [
      ...[...folders].map((path) => ({ kind: 'make-folder', id: `folder ${path}`, path, access }) as const),
      { kind: 'replace-files', id: 'startup files', files: replaced, secretBackup: holdsSecret },
    ],
    changes,
    contents,
  };
}

type One = FileReplacement | { readonly why: string };

function standing(files: Files, { path, before }: MaskEdit): One {
  const read = files.capture(path, { follow: false });
  if (!read.ok) return { why: `${path} cannot be read (${read.problem})` };
  const { content, stat } = read.value;
  const link = foreignLink(files, path);
  if (link !== null) return { why: `${path} is reached by the link ${link}: a person must edit it` };
  if (stat.nlink !== 1) return { why: `${path} has ${stat.nlink} names (hard links): a person must edit it` };
  if (content.toString('latin1') !== before)
    return { why: `${path} changed while it was inspected: plan again` };
  const isMomentums = isOwnPlace(files, path);
  if (isMomentums && !isItsUsersToRead(files, path, stat))
    return { why: `${path} is not the service's user's to read, so its lines are not shown in a plan` };
  if (!isMomentums && !isStartupPlace(files, path))
    return { why: `${path} is no startup file of root's alone that is known: a person must edit it` };
  return {
    path,
    beforeSha256: createHash('sha256').update(content).digest('hex'),
    before: identityOf(stat),
    content: path,
    access: accessOf(stat),
  };
}

function newFile(files: Files, path: string, folders: Set<string>): One {
  const folder = dirname(path);
  if (!isStartupPlace(files, path) || !isStartupPlace(files, folder))
    return { why: `${path} cannot be made: ${folder} is not root's alone` };
  if (!files.stat(folder).ok) {
    if (!files.stat(dirname(folder)).ok) return { why: `there is no ${dirname(folder)}` };
    folders.add(folder);
  }
  const access = { uid: ownUid() ?? 0, gid: process.getegid?.() ?? 0, mode: 0o644 };
  return { path, beforeSha256: null, before: null, content: path, access };
}

function masked(text: string): string {
  return text
    .split('\n')
    .map((line) => withoutSecrets(line))
    .join('\n');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
