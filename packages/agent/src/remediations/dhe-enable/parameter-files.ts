import { sha256Hex } from '@castellan/shared/base/canonical-json';
import type { PlannedChange } from '@castellan/shared/model/plan';
import type { Facts } from '../../facts/facts.generated.js';
import { foreignLink } from '../../knowledge/momentum/managed-paths.js';
import { accessOf, grants, identityOf, isBelow } from '../../knowledge/permissions/path-access.js';
import type { Draft, PlanContext } from '../../units/remediation.js';
import type { FileReplacement } from '../../units/step.js';
import { freshPem, groupPem, type KnownGroup } from './parameters.js';

type Files = PlanContext['look']['files'];
type CapturedFile = Extract<ReturnType<Files['capture']>, { readonly ok: true }>['value'];

/** Where the file goes when nothing names one: not in the working copy, whose files are every node's. */
export const USUAL_PATH = '/opt/msys/ecelerity/etc/dhparams.pem';
const PLACE = '/opt/msys/ecelerity/etc';
const FRESH_BITS = 2048;
const MODE = 0o640;

export type Wanted = KnownGroup | 'fresh';

export type ParameterFiles =
  | {
      readonly ok: true;
      readonly replacements: readonly FileReplacement[];
      readonly changes: readonly PlannedChange[];
      readonly contents: Draft['contents'];
    }
  | { readonly ok: false; readonly why: string };

type User = NonNullable<Facts['install']['serviceUser']>;

/** New parameters at these paths: readable to the service's user, and to nobody who could not read the old ones. */
export function parameterFiles(
  files: Files,
  {
    paths,
    user,
    wanted,
  }: { readonly paths: readonly string[]; readonly user: User; readonly wanted: Wanted },
): ParameterFiles {
  const replacements: FileReplacement[] = [];
  const changes: PlannedChange[] = [];
  for (const named of paths) {
    const read = files.capture(named);
    if (!read.ok && read.problem !== 'missing')
      return { ok: false, why: `${named} cannot be read (${read.problem}), so it could not be put back` };
    const path = read.ok ? read.value.path : named;
    const blocker = blockerOf(files, named, path) ?? (read.ok ? contentBlocker(read.value, user) : null);
    if (blocker !== null) return { ok: false, why: blocker };
    const old = read.ok ? accessOf(read.value.stat) : null;
    const before = read.ok ? sha256Hex(read.value.content) : null;
    replacements.push({
      path,
      beforeSha256: before,
      before: read.ok ? identityOf(read.value.stat) : null,
      content: 'parameters',
      access: old && grants(old, user, 'read') ? old : { uid: user.uid, gid: user.gid, mode: MODE },
    });
    changes.push({
      kind: 'file',
      target: path,
      summary:
        wanted === 'fresh'
          ? `fresh DH parameters of ${FRESH_BITS} bits, made on this node`
          : `the DH parameters ${wanted} of RFC 7919`,
      before,
      after: wanted === 'fresh' ? null : sha256Hex(groupPem(wanted)),
    });
  }
  let made: Promise<Buffer> | null = null;
  const parameters = () => {
    made ??= (wanted === 'fresh' ? freshPem(FRESH_BITS) : Promise.resolve(groupPem(wanted))).then((pem) =>
      Buffer.from(pem),
    );
    return made;
  };
  return { ok: true, replacements, changes, contents: { parameters } };
}

/** The service's user writes the setting that names the path: root writes in a place of Momentum's only. */
function blockerOf(files: Files, named: string, path: string): string | null {
  const link = foreignLink(files, named);
  if (link !== null)
    return `${named} is reached by the link ${link}, which the service's user could point elsewhere: a person must replace it`;
  return isBelow(path, PLACE) ? null : `${path} is not below ${PLACE}: a person must replace it`;
}

/** A file of another's is replaced only where it holds parameters, or nothing. */
function contentBlocker({ path, content, stat }: CapturedFile, user: User): string | null {
  if (stat.nlink !== 1)
    return `${path} has ${stat.nlink} names (hard links), one of which may stand elsewhere: a person must replace it`;
  const isHarmless =
    stat.uid === user.uid || content.length === 0 || content.includes('-----BEGIN DH PARAMETERS-----');
  return isHarmless ? null : `${path} belongs to user ${stat.uid} and holds no DH parameters`;
}
