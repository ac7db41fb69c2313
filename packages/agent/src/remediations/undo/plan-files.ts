import { unifiedDiff } from '@castellan/momentum/diff';
import { sha256Hex } from '@castellan/shared/base/canonical-json';
import type { PlannedChange } from '@castellan/shared/model/plan';
import { refused } from '../../knowledge/eccfg/plan-edit.js';
import { accessOf, identityOf, octal } from '../../knowledge/permissions/path-access.js';
import type { PastRun } from '../../units/past-run.js';
import type { Draft, PlanContext, Planned } from '../../units/remediation.js';
import type { AccessChange, FileReplacement, Step } from '../../units/step.js';
import { leftThere, type PastFile } from './live.js';

/** Files that are no configuration of Momentum's, owners and modes: in the other order, then what makes services read them. */
export function planFiles({ look }: Pick<PlanContext, 'look'>, run: PastRun): Planned {
  const changes: PlannedChange[] = [];
  const contents: Record<string, () => Uint8Array> = {};
  const replacements: FileReplacement[] = [];
  const files = run.changes.filter((one) => one.kind === 'file');
  for (const file of files) {
    const planned = replacement(look.files, file);
    if (planned === null) continue;
    if (!planned.ok) return refused(planned.why);
    replacements.push(planned.replacement);
    changes.push({ ...planned.change, summary: `as it was before ${run.runId} (${run.slug})` });
    contents[planned.replacement.content] = () => planned.content;
  }
  const entries = run.changes
    .filter((one) => one.kind === 'access')
    .map(
      ({ path, identity, before, after }): AccessChange => ({
        path,
        identity: { ...identity, uid: after.uid },
        before: after,
        after: before,
      }),
    )
    .reverse();
  changes.push(...entries.map(accessChange));
  const again = run.steps.filter(isRepeated).map(withoutServed);
  return {
    kind: 'draft',
    draft: {
      steps: [
        ...(entries.length > 0 ? [{ kind: 'set-access', id: 'owners and modes', entries } as const] : []),
        ...(replacements.length > 0
          ? [{ kind: 'replace-files', id: 'files', files: replacements } as const]
          : []),
        ...again,
      ],
      changes,
      effects: again.map(({ id }) => id),
      verification: ['the files hold what they held before the run, with their owners and modes'],
      notes: leftThere(files),
      opens: `what ${run.slug} closed with ${run.runId}`,
      contents,
    } satisfies Draft,
  };
}

/** What had the services read the files then has them read the files now; a commit is made by who planned it. */
function isRepeated(step: Step): boolean {
  return step.kind === 'service' || (step.kind === 'program' && step.againOnRollback === true);
}

/** What a listener served before the undone run is nothing to look for. */
function withoutServed(step: Step): Step {
  if (step.kind !== 'service') return step;
  const { servedBefore: _old, ...again } = step;
  return again;
}

function replacement(files: PlanContext['look']['files'], { path, old, access }: PastFile) {
  if (old.kind !== 'kept' || access === null) return null;
  const read = files.capture(path, { follow: false });
  if (!read.ok) return { ok: false, why: `${path} cannot be read (${read.problem})` } as const;
  const { content, stat } = read.value;
  const [before, after] = [sha256Hex(content), sha256Hex(old.content)];
  const texts = [content, old.content].map((bytes) => Buffer.from(bytes).toString('utf8'));
  return {
    ok: true,
    content: old.content,
    replacement: { path, beforeSha256: before, before: identityOf(stat), content: path, access },
    change: {
      kind: 'file' as const,
      target: path,
      before,
      after,
      // Shown to an approver only where everybody on the node may read it.
      ...(accessOf(stat).mode & 0o004 ? { diff: unifiedDiff(path, texts[0] ?? '', texts[1] ?? '') } : {}),
    },
  } as const;
}

function accessChange({ path, before, after }: AccessChange): PlannedChange {
  const said = ({ uid, gid, mode }: AccessChange['before']) => `${uid}:${gid} ${octal(mode)}`;
  return {
    kind: 'access',
    target: path,
    summary: `${said(before)} -> ${said(after)}`,
    before: said(before),
    after: said(after),
  };
}
