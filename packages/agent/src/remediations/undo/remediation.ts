import { decodeBytes } from '@castellan/momentum';
import { sha256Hex } from '@castellan/shared/base/canonical-json';
import { CONFIG_EDIT_PARAMS, type CommitReads } from '../../knowledge/eccfg/commit.js';
import type { TextChange } from '../../knowledge/eccfg/config-edit.js';
import { planConfigEdit, refused } from '../../knowledge/eccfg/plan-edit.js';
import { CONFIG_PLACES } from '../../knowledge/momentum/managed-paths.js';
import { accessOf, isBelow, sameAccess } from '../../knowledge/permissions/path-access.js';
import type { PastRun } from '../../units/past-run.js';
import {
  defineRemediation,
  type PlanContext,
  type Planned,
  type Verified,
  type VerifyContext,
} from '../../units/remediation.js';
import { leftThere, type PastFile } from './live.js';
import { planFiles } from './plan-files.js';

type Reads = CommitReads;

export default defineRemediation<Reads>({
  slug: 'undo',
  title: 'Put back what a finished run changed',
  fixes: [],
  risk: 'What the run mended is broken again.',
  reads: ['credentialStore', 'serviceCertificates', 'install'],
  params: {
    run: { kind: 'text', required: true, text: 'the id of the run' },
    ...CONFIG_EDIT_PARAMS,
  },
  timeoutMs: 300_000,
  plan,
  verify,
});

function plan(context: PlanContext<Reads>): Promise<Planned> | Planned {
  const run = context.pastRun(context.params.text('run') ?? '');
  if ('problem' in run) return refused(run.problem);
  const refusal = refusalOf(context, run);
  if (refusal !== null) return refused(refusal);
  const files = run.changes.filter((one) => one.kind === 'file');
  const isConfig = files.length > 0 && files.every(({ path }) => CONFIG_PLACES.some((p) => isBelow(path, p)));
  return isConfig ? planConfig(context, run, files) : planFiles(context, run);
}

/** Why it cannot be put back whole: part of a way back would be a state that never was. */
function refusalOf({ look }: PlanContext<Reads>, run: PastRun): string | null {
  const program = run.steps.find((step) => step.kind === 'program' && (step.creates ?? []).length > 0);
  if (program)
    return `${run.runId} had a program of Momentum's make or change files of its own (${program.id}): a person must undo that`;
  if (run.changes.length === 0)
    return `${run.runId} changed no file, owner or mode: there is nothing to undo`;
  for (const change of run.changes) {
    if (change.kind === 'access') {
      const now = look.files.lstat(change.path);
      if (!now.ok || now.value.ino !== change.identity.ino || !sameAccess(accessOf(now.value), change.after))
        return changedSince(change.path);
      continue;
    }
    if (change.old.kind === 'gone')
      return `what ${change.path} held before ${run.runId} is kept no more: it held a secret, or later runs took its place`;
    const live = look.files.read(change.path);
    if (!live.ok || change.madeSha256 === null || sha256Hex(live.value) !== change.madeSha256)
      return changedSince(change.path);
  }
  return null;
}

function changedSince(path: string): string {
  return `${path} was changed since by somebody else, whose change would be lost: a person must undo the run`;
}

/** Texts of the configuration go back as every edit does: validated, read by the running Momentum, committed. */
function planConfig(
  context: PlanContext<Reads>,
  run: PastRun,
  files: readonly PastFile[],
): Promise<Planned> | Planned {
  const changes: TextChange[] = [];
  for (const { path, old } of files) {
    const live = context.look.files.read(path);
    if (!live.ok) return refused(`${path} cannot be read (${live.problem})`);
    if (old.kind !== 'kept') continue;
    changes.push({
      path,
      before: decodeBytes(live.value).text,
      after: decodeBytes(Buffer.from(old.content)).text,
      summary: `as it was before ${run.runId} (${run.slug}, ${run.at})`,
    });
  }
  return planConfigEdit(context, {
    slug: 'undo',
    controls: [],
    changes,
    none: `everything is as it was before ${run.runId}`,
    verification: ['the files hold what they held before the run'],
    notes: leftThere(files),
    opens: `what ${run.slug} closed with ${run.runId}`,
  });
}

/** Every file is as its copy: nothing else is proof that the run was undone. */
function verify({ pastRun, params, look }: VerifyContext<Reads>): Verified {
  const run = pastRun(params.text('run') ?? '');
  if ('problem' in run) return { ok: false, why: run.problem };
  for (const change of run.changes) {
    if (change.kind === 'access') {
      const now = look.files.lstat(change.path);
      if (!now.ok || !sameAccess(accessOf(now.value), change.before))
        return { ok: false, why: `${change.path} has not its owner and mode of before` };
    } else if (change.old.kind === 'kept') {
      const live = look.files.read(change.path);
      if (!live.ok || sha256Hex(live.value) !== sha256Hex(change.old.content))
        return { ok: false, why: `${change.path} does not hold what it held before` };
    }
  }
  return { ok: true };
}
