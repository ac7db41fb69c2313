import { assert } from '@castellan/shared/base/assert';
import { plainText } from '@castellan/shared/model/bounds';
import {
  CERTIFICATES_MAX,
  type Place,
  type SeenCertificate,
  type Verdict,
  VIOLATIONS_MAX,
  type Violation,
} from '@castellan/shared/model/verdict';
import { type Clock, steady } from '../ports/clock.js';
import type { Attached, Control, Judgement, ParamValues } from '../units/control.js';
import { doubtsOf } from '../units/doubts.js';
import { bySubject, type Judged, type JudgedSubject } from './by-subject.js';
import { type FactStates, factsOf } from './collect.js';
import { weighDoubts } from './weigh-doubts.js';

/**
 * A control judges what is in memory: one that takes more has lost itself. In CPU time, so that a busy machine makes
 * nobody late. One that never comes back holds the process, which systemd's watchdog ends.
 */
export const EVALUATE_MS_MAX = 2000;
const SOURCES_MAX = 16;

/** What policy says of controls: values for their parameters, and which are switched off. */
export interface JudgePolicy {
  readonly params: Readonly<Record<string, Readonly<Record<string, number | string | boolean>>>>;
  readonly disabled: readonly string[];
}

export const NO_POLICY: JudgePolicy = { params: {}, disabled: [] };

/** The verdicts of each control, in the order given. Never throws for a control's failure: that is its verdict. */
export function judge(
  controls: readonly Control[],
  states: FactStates,
  policy: JudgePolicy,
  clock: Clock,
): Verdict[] {
  return controls.flatMap((control) =>
    bySubject(control.subject, answerOf(control, states, policy, clock)).map((one) =>
      verdictOf(control, one),
    ),
  );
}

function answerOf(
  control: Control,
  states: FactStates,
  policy: JudgePolicy,
  clock: Clock,
): Judged | readonly Judgement[] {
  if (policy.disabled.includes(control.id))
    return { status: 'not-applicable', reason: 'switched off by policy' };
  const missing = missingEvidence(control, states);
  if (missing) return missing;
  const nowMs = clock.now();
  const spentMs = () => clock.cpuMs?.() ?? steady(clock);
  const before = spentMs();
  try {
    const facts = factsOf(control.reads, states);
    const answer = evaluated(control, { facts, params: paramsOf(control, policy), nowMs });
    const tookMs = Math.round(spentMs() - before);
    if (tookMs > EVALUATE_MS_MAX)
      return { status: 'errored', reason: `judging took ${tookMs} ms; the limit is ${EVALUATE_MS_MAX} ms` };
    return answer;
  } catch (error) {
    return {
      status: 'errored',
      reason: `judging failed: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/** What the control answers, and what is left of it where its facts have doubts. */
export function evaluated(
  control: Control,
  context: Parameters<Control['evaluate']>[0],
): Judged | readonly Judgement[] {
  const answer = control.evaluate(context);
  return control.weighsDoubts ? answer : weighDoubts(answer, doubtsOf(context.facts));
}

/** A fact that our own collector failed at outranks one that could not be had: it is ours to mend. */
function missingEvidence(control: Control, states: FactStates): Judged | null {
  const reads = control.reads.map((name) => ({ name, state: states.get(name) }));
  for (const { state } of reads)
    if (state?.state === 'errored') return { status: 'errored', reason: state.reason };
  for (const { name, state } of reads) {
    if (!state) return { status: 'indeterminate', reason: `nothing collects the fact ${name}` };
    if (state.state === 'unavailable') return { status: 'indeterminate', reason: state.reason };
  }
  for (const { state } of reads)
    if (state?.state === 'inapplicable') return { status: 'not-applicable', reason: state.reason };
  return null;
}

function paramsOf(control: Control, policy: JudgePolicy): ParamValues<Control['params']> {
  const given = policy.params[control.id] ?? {};
  const values = Object.fromEntries(
    Object.entries(control.params).map(([name, param]) => [name, given[name] ?? param.default]),
  );
  // Policy was held against the defaults' types when it was read.
  return values as unknown as ParamValues<Control['params']>;
}

function verdictOf(control: Control, outcome: JudgedSubject): Verdict {
  const reason = 'reason' in outcome ? plain(outcome.reason, 2048) : null;
  const violations = 'violations' in outcome && outcome.violations ? outcome.violations : [];
  const summary = 'summary' in outcome ? outcome.summary : outcome.reason;
  return {
    control: control.id,
    title: plain(control.title, 256),
    severity: outcome.status === 'fail' && outcome.severity ? outcome.severity : control.severity,
    status: outcome.status,
    subject: outcome.subject,
    summary: plain(summary, 1024),
    violations: violations.slice(0, VIOLATIONS_MAX).map(bounded),
    ...(violations.length > VIOLATIONS_MAX ? { moreViolations: violations.length - VIOLATIONS_MAX } : {}),
    reason,
    remediation: remediationOf(control, outcome),
    ...(outcome.params ? { params: outcome.params } : {}),
    ...(outcome.certificates ? { certificates: soonest(outcome.certificates) } : {}),
    sources: control.sources
      .slice(0, SOURCES_MAX)
      .map(({ cite, url }) => cut(url ? `${cite} (${url})` : cite, 512)),
  };
}

/** One that the control does not declare is our bug: the server would take it for none. */
function remediationOf(control: Control, { remediation }: Attached): string | null {
  if (remediation === undefined) return control.remediation;
  assert(
    remediation === null ||
      remediation === control.remediation ||
      control.otherRemediations?.includes(remediation) === true,
    `${control.id} does not declare the remediation ${remediation}`,
  );
  return remediation;
}

/** Those that end first, the same in any order. */
function soonest(certificates: readonly SeenCertificate[]): SeenCertificate[] {
  return certificates
    .map(({ subject, issuer, serial, ...rest }) => ({
      ...rest,
      subject: plain(subject, 512),
      issuer: plain(issuer, 512),
      serial: plain(serial, 64),
    }))
    .sort((a, b) => a.notAfterMs - b.notAfterMs || (a.path < b.path ? -1 : 1))
    .slice(0, CERTIFICATES_MAX);
}

function bounded({ at, found, proposed }: Violation): Violation {
  const place: Place = {
    ...(at.file === undefined ? {} : { file: cut(at.file, 4096) }),
    ...(at.line === undefined ? {} : { line: at.line }),
    ...(at.scope === undefined ? {} : { scope: cut(at.scope, 1024) }),
    ...(at.object === undefined ? {} : { object: cut(at.object, 1024) }),
  };
  return {
    at: place,
    found: cut(found, 4096),
    ...(proposed === undefined ? {} : { proposed: cut(proposed, 4096) }),
  };
}

/** What the server keeps in columns of its own must be text that any database keeps. */
function plain(text: string, lengthMax: number): string {
  return plainText(cut(text, lengthMax));
}

function cut(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1)}…`;
}
