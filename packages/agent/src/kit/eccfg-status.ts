import type { PlanContext } from './remediation.js';
import { ECCFG } from './services.js';

const STATUS_MS = 30_000;
const NAMED_MAX = 5;

/** Where Subversion's working copy stands (Manual, cluster.config.management). */
const WORKING_COPY = '/opt/msys/ecelerity/etc/conf';

/** Null: nobody else's work would be mixed with ours. Otherwise why the configuration is not to be edited now. */
export interface LocalEdits {
  readonly refusal: string | null;
  readonly notes: readonly string[];
}

type Look = Pick<PlanContext, 'look' | 'isOwnEdit'>;

/**
 * Asks eccfg what stands uncommitted in the configuration. What an earlier run of this agent left there is no
 * hindrance; a conflict always is, because nothing can be committed until somebody resolves it (Manual, executable.eccfg).
 */
export async function localEdits({ look, isOwnEdit }: Look, keep: boolean): Promise<LocalEdits> {
  const status = await eccfgStatus(look);
  if (status.kind === 'not-known') {
    const note = `whether there are edits that were not committed is not known: ${status.why}`;
    const mayNotRun = status.isForbidden || !isWorkingCopy(look);
    return mayNotRun
      ? { refusal: null, notes: [note] }
      : {
          refusal: `${note}. ${WORKING_COPY} is a working copy, so somebody's edits could be lost in ours`,
          notes: [],
        };
  }
  if (status.conflicts.length > 0)
    return refusal(
      `the configuration has conflicts (eccfg status): ${named(status.conflicts)}. Resolve them first`,
    );
  const others = status.edited.filter((path) => !isOwnEdit(path));
  if (others.length === 0) return { refusal: null, notes: [] };
  if (keep)
    return {
      refusal: null,
      notes: [`edits of others are not committed, and are left as they are: ${named(others)}`],
    };
  return refusal(
    `the configuration has edits of others that were not committed (eccfg status): ${named(others)}. Commit or revert them first, or give localEdits=keep to edit beside them`,
  );
}

function refusal(why: string): LocalEdits {
  return { refusal: why, notes: [] };
}

function named(paths: readonly string[]): string {
  const more = paths.length - NAMED_MAX;
  return `${paths.slice(0, NAMED_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function isWorkingCopy({ files }: PlanContext['look']): boolean {
  return ['', '/default', '/global'].some((folder) => files.stat(`${WORKING_COPY}${folder}/.svn`).ok);
}

type EccfgStatus =
  | { readonly kind: 'known'; readonly edited: readonly string[]; readonly conflicts: readonly string[] }
  | { readonly kind: 'not-known'; readonly why: string; readonly isForbidden: boolean };

/** A mark and a path a line, as Subversion has them; `?` and `X` are not under version control. */
async function eccfgStatus({ exec }: PlanContext['look']): Promise<EccfgStatus> {
  const result = await exec.run({ program: ECCFG, argv: ['status'], timeoutMs: STATUS_MS });
  if (result.kind === 'unstarted')
    return {
      kind: 'not-known',
      why: `eccfg was not run (${result.problem})`,
      isForbidden: result.problem === 'forbidden',
    };
  if (result.kind !== 'exited' || result.code !== 0)
    return { kind: 'not-known', why: 'eccfg status did not answer', isForbidden: false };
  const lines = result.stdout.split('\n').flatMap((line) => {
    const match = /^([ACDMR!~])\S*\s+(\S.*)$/.exec(line);
    return match ? [{ mark: match[1] ?? '', path: absolute(match[2] ?? '') }] : [];
  });
  return {
    kind: 'known',
    edited: lines.filter(({ mark }) => mark !== 'C').map(({ path }) => path),
    conflicts: lines.filter(({ mark }) => mark === 'C').map(({ path }) => path),
  };
}

function absolute(path: string): string {
  return path.startsWith('/') ? path : `${WORKING_COPY}/${path}`;
}
