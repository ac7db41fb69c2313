import type { CheckReport } from '@castellan/shared/model/check-report';
import { SEVERITIES } from '@castellan/shared/model/severity';
import { type Place, rankOf, type Verdict, type Violation } from '@castellan/shared/model/verdict';
import { SECRET_PARAMS } from '../../registry/secret-params.generated.js';
import { paint } from '../paint.js';

/** How many places of one verdict are shown; json has them all. */
const PLACES_SHOWN_MAX = 10;

/** For a person: the worst first, each with its places and what would fix it; what is fine, in a line at the end. */
export function tableOf(report: CheckReport, colour: boolean): string {
  const p = paint(colour);
  const sorted = [...report.verdicts].sort(byUrgency);
  const shown = sorted.filter(({ status }) => status !== 'pass' && status !== 'not-applicable');
  const lines = [p.bold(headline(report)), ''];
  const isOneOfSeveral = (verdict: Verdict) =>
    report.verdicts.some(
      ({ control, subject }) => control === verdict.control && subject !== verdict.subject,
    );
  for (const verdict of shown)
    lines.push(...block(verdict, p, isOneOfSeveral(verdict) ? verdict.subject : null), '');
  lines.push(...quiet(sorted, 'pass', 'Passed'), ...quiet(sorted, 'not-applicable', 'Not applicable'));
  lines.push(p.bold(totals(report)));
  return `${lines.join('\n')}\n`;
}

function headline({ node, observedAt }: CheckReport): string {
  const momentum = node.momentum.version
    ? `Momentum ${node.momentum.version} (from ${node.momentum.from})`
    : 'Momentum of unknown version';
  return `${node.name}: ${momentum}, ${node.roles.join(' and ') || 'no role'}, inspected ${node.beside === undefined ? '' : `from beside through ${node.beside.through} `}${observedAt}`;
}

export function byUrgency(a: Verdict, b: Verdict): number {
  const rank = (verdict: Verdict) =>
    rankOf(verdict) * SEVERITIES.length + SEVERITIES.indexOf(verdict.severity);
  return rank(a) - rank(b) || (a.control < b.control ? -1 : a.control > b.control ? 1 : 0);
}

function block(verdict: Verdict, p: ReturnType<typeof paint>, subject: string | null): string[] {
  const lines = [
    `${p.status(verdict)} ${p.bold(`${verdict.control} ${verdict.title}`)}${subject === null ? '' : `: ${subject}`}`,
    `         ${verdict.summary}`,
  ];
  for (const violation of verdict.violations.slice(0, PLACES_SHOWN_MAX)) lines.push(...place(violation));
  const hidden = verdict.violations.length - PLACES_SHOWN_MAX + (verdict.moreViolations ?? 0);
  if (hidden > 0) lines.push(`           and ${hidden} more (--format json shows them)`);
  if (verdict.status === 'fail') {
    const fix = commandOf(verdict) ?? 'by hand';
    lines.push(p.dim(`         fix: ${fix}   why: castellan-agent explain ${verdict.control}`));
  }
  return lines;
}

/** The whole command, as a shell reads it. Null: no remediation. */
export function commandOf({ remediation, params = {} }: Verdict): string | null {
  if (remediation === null) return null;
  const sets = Object.entries(params).map(([name, value]) => ` --set ${quoted(`${name}=${value}`)}`);
  // A secret is typed in, or piped: the command asks for it on stdin.
  const secrets = (SECRET_PARAMS[remediation] ?? []).map((name) => ` --secret-file ${name}=-`);
  return `castellan-agent plan ${remediation}${sets.join('')}${secrets.join('')}`;
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function place({ at, found, proposed }: Violation): string[] {
  const change = proposed === undefined ? found : `${found}  ->  ${proposed}`;
  return [`           ${placeText(at)}`, ...(change === '' ? [] : [`             ${change}`])];
}

/** `/etc/x.conf:12 (Binding:b:)`, or what is meant where it is not a file. */
export function placeText(at: Place): string {
  const file = at.file === undefined ? null : at.line === undefined ? at.file : `${at.file}:${at.line}`;
  const rest = [at.scope, at.object].filter((part) => part !== undefined).join(', ');
  if (file === null) return rest || 'the node';
  return rest ? `${file} (${rest})` : file;
}

function quiet(verdicts: readonly Verdict[], status: Verdict['status'], label: string): string[] {
  const ids = verdicts
    .filter((verdict) => verdict.status === status)
    .map((verdict) => verdict.control)
    .sort();
  return ids.length === 0 ? [] : [`${label}: ${counted(ids)}`];
}

/** Each once, with how often where a control judged several subjects. */
function counted(ids: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts].map(([id, count]) => (count === 1 ? id : `${id} (${count})`)).join(', ');
}

/** The last line says what could not be judged: a gate that reads only it must not take that for fine. */
function totals({ summary: s, verdicts }: CheckReport): string {
  const failing = SEVERITIES.filter((severity) => s[severity] > 0).map(
    (severity) => `${s[severity]} ${severity}`,
  );
  const open = verdicts.filter(({ status }) => status === 'indeterminate' || status === 'errored');
  const unknown =
    open.length > 0 ? ` Not judged: ${counted(open.map(({ control }) => control).sort())}.` : '';
  return `${failing.length > 0 ? `Failing: ${failing.join(', ')}` : 'Nothing fails'}; ${s.pass} passed, ${s.notApplicable} not applicable.${unknown}`;
}
