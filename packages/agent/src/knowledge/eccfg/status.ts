import type { Exec } from '../../ports/exec.js';
import type { FileReader } from '../../ports/files.js';
import type { PlanContext } from '../../units/remediation.js';
import { ECCFG } from '../momentum/programs.js';
import { CLUSTER_BOOT, clusterBoot } from '../momentum/settings-files.js';
import { isWorkingCopy, pathsInCopy, WORKING_COPY } from './working-copy.js';

const STATUS_MS = 30_000;
const NAMED_MAX = 5;

/** What stands uncommitted in the configuration, by whom, and whether that is a reason not to edit it now. */
export interface LocalEdits {
  /** Null: nobody else's work would be mixed with ours. */
  readonly refusal: string | null;
  readonly notes: readonly string[];
  /** Earlier edits of this agent that wait for their commit. */
  readonly own: readonly string[];
  /** Edits of others, which the operator chose to leave as they are. */
  readonly kept: readonly string[];
  readonly unversioned: readonly string[];
  /** Null: eccfg answered. Otherwise why it is not known what stands uncommitted. */
  readonly notKnown: string | null;
}

const NO_EDITS = { refusal: null, notes: [], own: [], kept: [], unversioned: [], notKnown: null };

type Look = Pick<PlanContext, 'look' | 'isOwnEdit'>;

/**
 * Asks eccfg what stands uncommitted in the configuration. What an earlier run of this agent left there is no
 * blocker; a conflict always is, because nothing can be committed until somebody resolves it (Manual, executable.eccfg).
 */
export async function localEdits({ look, isOwnEdit }: Look, keep: boolean): Promise<LocalEdits> {
  const frozen = frozenAt(look.files);
  if (frozen !== null) return refusal(frozen);
  const status = await eccfgStatus(look);
  if (status.kind === 'not-known') {
    const note = `whether there are edits that were not committed is not known: ${status.why}`;
    const mayNotRun = status.isForbidden || !isWorkingCopy(look.files);
    return mayNotRun
      ? { ...NO_EDITS, notes: [note], notKnown: status.why }
      : refusal(`${note}. ${WORKING_COPY} is a working copy, so somebody's edits could be lost in ours`);
  }
  if (status.conflicts.length > 0)
    return refusal(
      `the configuration has conflicts (eccfg status): ${named(status.conflicts)}. Resolve them first`,
    );
  const others = status.edited.filter((path) => !isOwnEdit(path));
  const known = {
    ...NO_EDITS,
    own: status.edited.filter((path) => isOwnEdit(path)),
    unversioned: status.unversioned,
  };
  if (others.length === 0) return known;
  if (keep)
    return {
      ...known,
      kept: others,
      notes: [`edits of others are not committed, and are left as they are: ${named(others)}`],
    };
  return refusal(
    `the configuration has edits of others that were not committed (eccfg status): ${named(others)}. Commit or revert them first, or give localEdits=keep to edit beside them`,
  );
}

/** Why the working copy takes no updates; null: it does (Manual, conf.manual.changes: autoupdate). */
function frozenAt(files: FileReader): string | null {
  if (!isWorkingCopy(files)) return null;
  const setting = clusterBoot(files, CLUSTER_BOOT).get('autoupdate');
  return setting.kind === 'set' && setting.value.toLowerCase() === 'false'
    ? `the configuration is frozen here (${CLUSTER_BOOT}:${setting.line}: autoupdate = false), so an edit would be made on what may be old: set autoupdate = true and pull first`
    : null;
}

function refusal(why: string): LocalEdits {
  return { ...NO_EDITS, refusal: why };
}

export function named(paths: readonly string[]): string {
  const more = paths.length - NAMED_MAX;
  return `${paths.slice(0, NAMED_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Paths without links. */
export type EccfgStatus =
  | {
      readonly kind: 'known';
      readonly edited: readonly string[];
      readonly conflicts: readonly string[];
      readonly unversioned: readonly string[];
    }
  | { readonly kind: 'not-known'; readonly why: string; readonly isForbidden: boolean };

/**
 * ASSUMED: a mark and a path a line, as Subversion has them; the page shows no output. `X` is kept elsewhere, `I` is
 * left out of everything.
 */
export async function eccfgStatus(look: {
  readonly exec: Exec;
  readonly files: FileReader;
}): Promise<EccfgStatus> {
  const result = await look.exec.run({ program: ECCFG, argv: ['status'], timeoutMs: STATUS_MS });
  if (result.kind === 'unstarted')
    return {
      kind: 'not-known',
      why: `eccfg was not run (${result.problem})`,
      isForbidden: result.problem === 'forbidden',
    };
  if (result.kind !== 'exited' || result.code !== 0)
    return { kind: 'not-known', why: 'eccfg status did not answer', isForbidden: false };
  const pathInCopy = pathsInCopy(look.files);
  const lines = result.stdout.split('\n').flatMap((line) => {
    const match = /^([ACDMR!~?])\S*\s+(\S.*)$/.exec(line);
    return match ? [{ mark: match[1] ?? '', path: pathInCopy(match[2] ?? '') }] : [];
  });
  const marked = (isAsked: (mark: string) => boolean) =>
    lines.filter(({ mark }) => isAsked(mark)).map(({ path }) => path);
  return {
    kind: 'known',
    edited: marked((mark) => mark !== 'C' && mark !== '?'),
    conflicts: marked((mark) => mark === 'C'),
    unversioned: marked((mark) => mark === '?'),
  };
}
