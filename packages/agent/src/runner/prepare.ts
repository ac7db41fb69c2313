import { err, ok, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import { type Plan, type PlannedChange, planDigest } from '@castellan/shared/model/plan';
import { isOwnPlace, ownPlaces } from '../knowledge/momentum/managed-paths.js';
import { isStartupPlace } from '../knowledge/momentum/startup-places.js';
import type { FileReader } from '../ports/files.js';
import { doubtsOf } from '../units/doubts.js';
import { FactUnavailable } from '../units/fact.js';
import { NO_ISSUING } from '../units/issuing.js';
import type { Draft, PlanContext, Remediation } from '../units/remediation.js';
import type { Step } from '../units/step.js';
import type { PlanDeps, RemediationRequest } from './deps.js';
import { clip, maskValues } from './masking.js';
import { ownEdits } from './own-edits.js';
import { type CheckedParams, checkParams } from './params.js';
import { pastRun } from './past-run.js';

const DIFF_LENGTH_MAX = 200_000;
const TITLE_LENGTH_MAX = 256;

export interface Prepared {
  readonly remediation: Remediation;
  readonly params: CheckedParams;
  readonly draft: Draft;
  readonly plan: Plan;
}

/** Looks afresh and works out what would be done. Reads only. */
export async function prepare(deps: PlanDeps, request: RemediationRequest): Promise<Result<Prepared>> {
  const remediation = deps.remediations.find(({ slug }) => slug === request.slug);
  if (!remediation)
    return err(
      casError('CAS_REMEDIATION_UNKNOWN', `there is no remediation "${request.slug}" in this agent`),
    );
  const params = checkParams(remediation, request.params);
  if (!params.ok) return params;
  const context = await contextOf(deps, remediation, params.value);
  if (!context.ok) return context;
  const planned = await remediation.plan(context.value);
  if (planned.kind === 'refused') return err(casError(planned.code, planned.why));
  if (planned.kind === 'nothing') return err(casError('CAS_PLAN_EMPTY', planned.why));
  const strange = planned.draft.steps.flatMap((step) => strangePaths(deps.files, step))[0];
  if (strange !== undefined)
    return err(
      casError(
        'CAS_PLAN_REFUSED',
        `${strange} is not below ${ownPlaces()}, or leads out of there by a link: a person must change it`,
      ),
    );
  return ok({
    remediation,
    params: params.value,
    draft: planned.draft,
    plan: planOf(remediation, params.value, planned.draft),
  });
}

/** What a step would change outside of Momentum's own places. Startup files of root's are edited, and given to nobody. */
function strangePaths(files: FileReader, step: Step): readonly string[] {
  const isStrange = (path: string): boolean => !isOwnPlace(files, path);
  if (step.kind === 'set-access') return step.entries.map(({ path }) => path).filter(isStrange);
  if (step.kind === 'program') return (step.creates ?? []).filter(isStrange);
  const paths =
    step.kind === 'replace-files'
      ? step.files.map(({ path }) => path)
      : step.kind === 'make-folder'
        ? [step.path]
        : [];
  return paths.filter((path) => isStrange(path) && !isStartupPlace(files, path));
}

export async function contextOf(
  deps: PlanDeps,
  remediation: Remediation,
  params: CheckedParams,
): Promise<Result<PlanContext>> {
  const { files, exec, net, processes, clock, signal, settings } = deps;
  try {
    const facts = await deps.collect(remediation.reads);
    // An edit of what does not load cannot be validated, and could make what was meant otherwise come into force.
    const notInForce = doubtsOf(facts).find(({ kind }) => kind === 'not-in-force');
    if (notInForce) return err(casError('CAS_PLAN_REFUSED', `${notInForce.reason} Mend that first.`));
    return ok({
      facts,
      params: params.reader,
      look: { files, exec, net, processes, clock, signal, settings },
      issuing: deps.issuing ?? NO_ISSUING,
      ...(deps.acme === undefined ? {} : { acme: deps.acme }),
      state: deps.state,
      isOwnEdit: ownEdits(deps.state, files),
      pastRun: (runId) => pastRun(deps.state, runId),
    });
  } catch (error) {
    if (error instanceof FactUnavailable)
      return err(
        casError(
          'CAS_PLAN_REFUSED',
          `${remediation.slug} needs to know more of this node: ${error.message}`,
          error,
        ),
      );
    throw error;
  }
}

function planOf(remediation: Remediation, params: CheckedParams, draft: Draft): Plan {
  const masked = (text: string, length: number): string => clip(maskValues(text, params.secrets), length);
  const change = (one: PlannedChange): PlannedChange => ({
    kind: one.kind,
    target: one.target,
    summary: masked(one.summary, 1024),
    before: one.before,
    after: one.after,
    ...(one.diff === undefined ? {} : { diff: masked(one.diff, DIFF_LENGTH_MAX) }),
  });
  const plan: Omit<Plan, 'digest'> = {
    schema: 'castellan.plan/1',
    remediation: remediation.slug,
    title: draft.opens
      ? clip(`OPENS ${draft.opens}. ${remediation.title}`, TITLE_LENGTH_MAX)
      : remediation.title,
    fixes: [...remediation.fixes],
    params: { ...params.shown },
    changes: draft.changes.map(change),
    effects: draft.effects.map((line) => masked(line, 512)),
    risk: remediation.risk,
    verification: draft.verification.map((line) => masked(line, 512)),
    notes: draft.notes.slice(0, 64).map((line) => masked(line, 1024)),
    ...(draft.signs && draft.signs.length > 0 ? { signs: [...draft.signs] } : {}),
  };
  return { ...plan, digest: planDigest(plan) };
}
