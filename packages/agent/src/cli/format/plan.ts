import type { Plan } from '@castellan/shared/model/plan';
import { paint } from '../paint.js';

/** A plan as an approver reads it. */
export function planText(plan: Plan, colour: boolean): string {
  const { bold } = paint(colour);
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [`${bold(title)}\n${lines.map((line) => `  ${line}`).join('\n')}`];
  const parts = [
    bold(`${plan.remediation}: ${plan.title}`),
    ...plan.changes.map(({ target, summary, before, after, diff, kind }) => {
      const isAccess = kind === 'access' && before !== null && after !== null;
      return `${bold(target)}\n  ${summary}${isAccess ? `\n  ${before} -> ${after}` : ''}${diff ? `\n\n${diff.trimEnd()}` : ''}`;
    }),
    ...section(
      'The server signs',
      (plan.signs ?? []).map(
        ({ target, commonName, altNames, keyType, days }) =>
          `${target}: ${commonName} (${altNames.join(', ')}), ${keyType}, ${days} days`,
      ),
    ),
    ...section('Effects', plan.effects),
    ...section('Risk', [plan.risk]),
    ...section('Verified by', plan.verification),
    ...section('Notes', plan.notes),
    `digest ${plan.digest}`,
  ];
  return `${parts.join('\n\n')}\n`;
}
