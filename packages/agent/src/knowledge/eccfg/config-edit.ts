import { createHash } from 'node:crypto';
import { encodeText, maskSecrets, type Tree } from '@castellan/momentum';
import { unifiedDiff } from '@castellan/momentum/diff';
import type { PlannedChange } from '@castellan/shared/model/plan';
import type { CapturedFile, FileReader } from '../../ports/files.js';
import type { Draft } from '../../units/remediation.js';
import type { FileReplacement, Step } from '../../units/step.js';
import { CONFIG_PLACES, foreignLink, isItsUsersToRead } from '../momentum/managed-paths.js';
import { CONSOLE_SOCKET, EC_CONSOLE, VALIDATE_CONFIG } from '../momentum/programs.js';
import { accessOf, identityOf, isBelow } from '../permissions/path-access.js';
import { configText } from './config-text.js';

/** A text of the configuration before and after; both may hold secrets. */
export interface TextChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** Both as they were parsed already, if they were. */
  readonly trees?: { readonly before: Tree; readonly after: Tree };
  /** What the change is, in a line. */
  readonly summary: string;
}

export type ConfigEdit =
  | {
      readonly ok: true;
      readonly files: readonly FileReplacement[];
      readonly changes: readonly PlannedChange[];
      readonly contents: Draft['contents'];
      readonly holdsSecret: boolean;
    }
  | { readonly ok: false; readonly why: string };

/** Edited texts as replacements of files and as an approver reads them: with secrets masked, in diff and digests alike. Below `places` only. */
export function configEdit(
  files: FileReader,
  edits: readonly TextChange[],
  places: readonly string[] = CONFIG_PLACES,
): ConfigEdit {
  const replacements: FileReplacement[] = [];
  const changes: PlannedChange[] = [];
  let holdsSecret = false;
  const contents: Record<string, () => Uint8Array> = {};
  for (const edit of edits) {
    const read = files.capture(edit.path);
    if (!read.ok) return { ok: false, why: `${edit.path} cannot be read` };
    const { path, content, stat } = read.value;
    const blocker = editBlocker(files, edit.path, read.value, places);
    if (blocker !== null) return { ok: false, why: blocker };
    const { text, encoding } = configText(content);
    if (text !== edit.before)
      return { ok: false, why: `${edit.path} changed while it was inspected: plan again` };
    const beforeSha256 = sha256(content);
    replacements.push({
      path,
      beforeSha256,
      before: identityOf(stat),
      content: path,
      access: accessOf(stat),
    });
    contents[path] = () => encodeText(edit.after, encoding);
    const before = maskSecrets(edit.trees?.before ?? edit.before);
    const after = maskSecrets(edit.trees?.after ?? edit.after);
    holdsSecret ||= before !== edit.before;
    changes.push({
      kind: 'file',
      target: path,
      summary: edit.summary,
      // A digest of what is shown: of a file without a secret, in UTF-8, that of the file.
      before: before === text && encoding === 'utf-8' ? beforeSha256 : sha256(before),
      after: sha256(after),
      diff: unifiedDiff(path, before, after),
    });
  }
  return {
    ok: true,
    files: replacements,
    changes,
    contents,
    holdsSecret,
  };
}

/**
 * The configuration's owner, the service's user, chooses what it includes: root edits what stands in the places of
 * configuration only, and nothing that a link of that user leads to.
 */
function editBlocker(
  files: FileReader,
  asked: string,
  { path, stat }: CapturedFile,
  places: readonly string[],
): string | null {
  const link = foreignLink(files, asked);
  if (link !== null)
    return `${asked} is reached by the link ${link}, which the service's user could point elsewhere: a person must edit it`;
  if (!places.some((place) => isBelow(path, place)))
    return `${path} is not below ${places.join(', ')}: a person must edit it`;
  if (stat.nlink !== 1)
    return `${path} has ${stat.nlink} names (hard links), one of which may stand elsewhere: a person must edit it`;
  // Whoever may rename in its folder could have put a closed file of root's there, to have its lines shown.
  return isItsUsersToRead(files, path, stat)
    ? null
    : `${path} is not the service's user's to read, so its lines are not shown in a plan: see to its owner and mode first`;
}

/** Of a text: of its UTF-8. */
function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const VALIDATE_MS = 60_000;
const RELOAD_MS = 60_000;

const RELOAD = {
  kind: 'program',
  id: 'reload',
  program: EC_CONSOLE,
  argv: [CONSOLE_SOCKET, 'config', 'reload'],
  timeoutMs: RELOAD_MS,
  expect: { exitCode: 0, excludes: ['Reconfigure failed', 'Global configuration error.'] },
  againOnRollback: true,
} as const satisfies Step;

/** A listener that goes from every address to one, or back, comes up at the second reload (Manual, ecelerity.conf). */
export const RELOAD_AGAIN: Step = { ...RELOAD, id: 'reload again' };

/**
 * Validate with the product's own tool, then have the MTA read it. Neither page names an exit code, so the words count
 * (Manual, executable.validate_config; conf.manual.changes for `Reconfigure failed`).
 */
export const VALIDATE_AND_RELOAD: readonly Step[] = [
  {
    kind: 'program',
    id: 'validate',
    program: VALIDATE_CONFIG,
    argv: [],
    timeoutMs: VALIDATE_MS,
    expect: { exitCode: null, stdoutIncludes: 'Configuration valid' },
  },
  RELOAD,
];
