import { SEVERITIES, type Severity } from '@castellan/shared/model/severity';
import type { Facts } from '../../facts/facts.generated.js';
import {
  fail,
  indeterminate,
  type Judgement,
  judgement,
  notApplicable,
  type Outcome,
  pass,
  type Violation,
} from '../../units/control.js';

/** What one scope answers; a subject can have several. `exempt`: the rule is not for it. */
export type Answer =
  | { readonly kind: 'ok'; readonly summary: string }
  | {
      readonly kind: 'fault';
      readonly summary: string;
      readonly violation: Violation;
      readonly severity?: Severity;
    }
  | { readonly kind: 'doubt'; readonly reason: string; readonly violation?: Violation }
  | { readonly kind: 'exempt'; readonly reason: string };

export type SubjectAnswer = Answer & { readonly subject: string };

interface Asked {
  /** The control's own severity and subject. */
  readonly severity: Severity;
  readonly subject: string;
  /** What a file that was not read may hold: `further listeners`. */
  readonly what: string;
  /** Why there is nothing to judge, where there is nothing. */
  readonly none: string;
}

/** A judgement for each subject, and one for what was not read; where there is neither, the rule is not for this node. */
export function judgeAnswers(
  asked: Asked,
  { unread: [unread] }: Facts['momentumConfig'],
  answers: readonly SubjectAnswer[],
): Outcome | readonly Judgement[] {
  const bySubject = new Map<string, Answer[]>();
  for (const answer of answers) {
    const known = bySubject.get(answer.subject);
    if (known) known.push(answer);
    else bySubject.set(answer.subject, [answer]);
  }
  const judged = [...bySubject].map(([subject, own]) => judgement(subject, outcomeOf(own, asked.severity)));
  if (unread)
    return [
      ...judged,
      judgement(
        asked.subject,
        indeterminate(
          `${unread.path} could not be read (${unread.problem}) and may hold ${asked.what}. Run the agent as root.`,
        ),
      ),
    ];
  return judged.length > 0 ? judged : notApplicable(asked.none);
}

function outcomeOf(answers: readonly Answer[], severity: Severity): Outcome {
  const faults = answers.filter((answer) => answer.kind === 'fault');
  const worst = faults.toSorted((a, b) => rank(a.severity ?? severity) - rank(b.severity ?? severity))[0];
  // A certain failure outranks a doubt: reporting the doubt first would hide it.
  if (worst) return fail(worst.summary, once(faults.map(({ violation }) => violation)), worst.severity);
  const doubts = answers.filter((answer) => answer.kind === 'doubt');
  if (doubts[0])
    return indeterminate(doubts[0].reason, once(doubts.flatMap(({ violation }) => violation ?? [])));
  const [ok] = answers.filter((answer) => answer.kind === 'ok');
  if (ok) return pass(ok.summary);
  const [exempt] = answers.filter((answer) => answer.kind === 'exempt');
  return notApplicable(exempt?.reason ?? '');
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

/** One violation for each line that decides, however many scopes inherit it: the first that feels it names the scope. */
function once(violations: readonly Violation[]): Violation[] {
  const keyOf = ({ at, found }: Violation) =>
    JSON.stringify([at.line === undefined ? at : [at.file, at.line], found]);
  return [...new Map([...violations].reverse().map((one) => [keyOf(one), one])).values()].reverse();
}
