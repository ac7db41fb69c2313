import { X509Certificate } from 'node:crypto';
import { assert } from '@castellan/shared/base/assert';
import type { Result } from '@castellan/shared/base/result';
import { type CasError, casError } from '@castellan/shared/errors/cas-error';
import type { CasCode } from '@castellan/shared/errors/table';
import type { RunState } from '@castellan/shared/model/run';
import { instant, steady } from '../ports/clock.js';
import type { FactName } from '../units/fact.js';
import type { Step } from '../units/step.js';
import { admit } from './admission.js';
import { closeRun } from './close.js';
import type { RemediationRequest, RunnerDeps } from './deps.js';
import { Journal } from './journal.js';
import { fingerprintOf } from './key-pair.js';
import { clip, maskValues, messageOf } from './masking.js';
import { contextOf, type Prepared, prepare } from './prepare.js';
import { attempt, Progress } from './progress.js';
import { pullNewest } from './pull-newest.js';
import { type RunEnd, rollBack } from './rollback.js';
import { applyStep } from './steps/index.js';
import { sha256 } from './steps/kept-file.js';
import { type RunContext, StepFailed } from './steps/run-context.js';
import { verifiedEnd } from './verified-end.js';

export interface ApplyRequest extends RemediationRequest {
  readonly runId: string;
  /** The digest that was approved. */
  readonly planDigest: string;
}

/** Carries the plan out, or leaves the node as it was. Every outcome is told by `onEvent` too. */
export async function applyRemediation(deps: RunnerDeps, request: ApplyRequest): Promise<RunEnd> {
  const held = admit(deps, request);
  if (!held.ok) return refuse(deps, request, held.error);
  try {
    const prepared = await prepareOnNewest(deps, request);
    if (!prepared.ok) return refuse(deps, request, prepared.error);
    if (prepared.value.plan.digest !== request.planDigest)
      return refuse(deps, request, casError('CAS_PLAN_STALE'));
    return await carryOut(deps, request, prepared.value);
  } finally {
    held.value.release();
  }
}

/** What is to be committed is planned on the repository's newest: somebody may have committed since the plan was read. */
async function prepareOnNewest(deps: RunnerDeps, request: ApplyRequest): Promise<Result<Prepared>> {
  const prepared = await prepare(deps, request);
  if (!prepared.ok || !prepared.value.draft.steps.some(({ kind }) => kind === 'commit')) return prepared;
  const pulled = await pullNewest(deps);
  if (!pulled.ok) return pulled;
  return pulled.value.isNew ? prepare(deps, request) : prepared;
}

/** Nothing was touched, so there is no journal. */
function refuse(deps: RunnerDeps, { runId, params }: ApplyRequest, { code, detail }: CasError): RunEnd {
  const state: RunState = code === 'CAS_PLAN_STALE' || code === 'CAS_PLAN_EMPTY' ? 'stale' : 'refused';
  const line = clip(maskValues(detail, secretsIn(params)), 2048);
  deps.onEvent({ runId, index: 1, at: instant(deps.clock), state, line, error: code });
  return { state, error: code, line };
}

/** Before parameters are checked nobody knows which are secret: longer values are hidden, short words are not. */
function secretsIn(params: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(params).flatMap(([name, value]) =>
    /pass|secret/i.test(name) && value !== '' ? [value] : [],
  );
}

async function carryOut(deps: RunnerDeps, request: ApplyRequest, prepared: Prepared): Promise<RunEnd> {
  const { draft, remediation, params } = prepared;
  const journal = new Journal(deps.state, request.runId);
  const isOpen = attempt(() =>
    journal.append({
      t: 'run',
      runId: request.runId,
      slug: request.slug,
      digest: request.planDigest,
      at: instant(deps.clock),
      steps: draft.steps,
    }),
  );
  if (!isOpen)
    return refuse(
      deps,
      request,
      casError(
        'CAS_STATE_UNUSABLE',
        `nothing can be written down in ${deps.state.path}, so nothing was touched`,
      ),
    );
  const progress = new Progress(deps, journal, params.secrets);
  const run = contextFor(deps, prepared, journal, progress);
  const close = (end: RunEnd): RunEnd => closeRun(deps.state, journal, progress, end);
  progress.tell('applying', `${remediation.title}: ${draft.steps.length} steps`);
  const deadline = steady(deps.clock) + remediation.timeoutMs;
  const beginStep = (step: Step, index: number): Promise<void> => {
    if (steady(deps.clock) > deadline)
      throw new StepFailed('CAS_RUN_STEP_FAILED', `the run took longer than ${remediation.timeoutMs} ms`);
    journal.append({ t: 'begin', step: index });
    return applyStep(step, index, run.context);
  };
  let left: readonly string[] = [];
  try {
    const [here, committed] = [false, true].map((isCommit) =>
      [...draft.steps.entries()].filter(([, { kind }]) => (kind === 'commit') === isCommit),
    );
    for (const [index, step] of here ?? []) {
      await beginStep(step, index);
      journal.append({ t: 'done', step: index });
    }
    progress.tell('verifying', 'looking at the node again');
    left = await verify(deps, prepared, run);
    journal.append({ t: 'verified', ...(left.length > 0 ? { left } : {}) });
    for (const [index, step] of committed ?? []) {
      await beginStep(step, index);
      // What is committed is not taken back, also not by a disk that is full: the next start asks eccfg.
      attempt(() => journal.append({ t: 'done', step: index }));
    }
  } catch (error) {
    const code: CasCode = error instanceof StepFailed ? error.code : 'CAS_RUN_STEP_FAILED';
    return close(await rollBack(draft.steps, run.context, progress, { line: messageOf(error), code }));
  }
  return close(verifiedEnd(left));
}

interface Run {
  readonly context: RunContext;
  readonly made: ReadonlyMap<string, Uint8Array>;
  readonly progress: Progress;
}

function contextFor(
  deps: RunnerDeps,
  { draft, params }: Prepared,
  journal: Journal,
  progress: Progress,
): Run {
  const made = new Map<string, Uint8Array>();
  const context: RunContext = {
    deps,
    journal,
    async content(name, make) {
      const known = made.get(name);
      if (known) return known;
      const maker = draft.contents[name];
      assert(maker, `the draft has no content "${name}"`);
      const content = await maker(make);
      made.set(name, content);
      return content;
    },
    reveal: (name) => params.reader.reveal(name),
    tell: (line, revision) => progress.add(line, revision),
  };
  return { context, made, progress };
}

async function verify(
  deps: RunnerDeps,
  { remediation, params }: Prepared,
  { made, progress }: Run,
): Promise<readonly string[]> {
  const inspection = deps.inspect();
  const collect = (names: readonly FactName[]) => inspection.collect(names);
  const context = await contextOf({ ...deps, collect }, remediation, params);
  if (!context.ok) throw new StepFailed('CAS_RUN_NOT_VERIFIED', context.error.detail);
  const verified = await remediation.verify({
    ...context.value,
    recheck: (controlId, isAsked) => inspection.recheck(controlId, isAsked),
    madeSha256: (name) => digestOf(made.get(name)),
    madeFingerprint: (name) => fingerprintIn(made.get(name)),
    note: (line) => progress.add(line),
  });
  if (!verified.ok) throw new StepFailed('CAS_RUN_NOT_VERIFIED', verified.why);
  return verified.left ?? [];
}

function digestOf(content: Uint8Array | undefined): string | null {
  return content === undefined ? null : sha256(content);
}

function fingerprintIn(content: Uint8Array | undefined): string | null {
  return content === undefined ? null : fingerprintOf(new X509Certificate(content));
}
