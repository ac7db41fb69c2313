import { formatScope, type ScopeStep } from '../ast/scopes.js';
import { type Evaluation, evaluate, type Origin } from '../evaluate/evaluate.js';
import { EXIT } from './exit-code.js';
import type { Io } from './io.js';
import { type LoadFlags, load } from './load.js';
import { requireOption, requireRelease, requireScope } from './names.js';

export interface EvalFlags extends LoadFlags {
  readonly scope: readonly ScopeStep[];
  readonly momentum?: string;
  readonly format: string;
}

/** The effective value of an option and the line that decides it. */
export function evalOption(io: Io, path: string, option: string, flags: EvalFlags): number {
  if (flags.momentum !== undefined) requireRelease(flags.momentum);
  const { config } = load(io, path, flags);
  requireOption(config, option);
  requireScope(io, config, flags.scope);
  const answer = evaluate(config, flags.scope, option, { momentumVersion: flags.momentum });
  io.out(flags.format === 'json' ? `${JSON.stringify(document(answer))}\n` : describe(answer));
  return EXIT.ok;
}

function document(answer: Evaluation): object {
  const { option, scope, value, set, origin, indeterminate, why, ignored, candidates } = answer;
  const base = { option, scope, value, set, origin, indeterminate, why, ignored };
  return indeterminate
    ? { ...base, candidates: candidates.map((c) => ({ value: c.value, origin: c.origin, where: c.where })) }
    : base;
}

function describe(answer: Evaluation): string {
  const { option, text, scope, origin, why, ignored, indeterminate, candidates } = answer;
  const lines = [
    indeterminate
      ? `${option}: indeterminate`
      : text === null
        ? `${option} is not set`
        : `${option} = ${text}`,
    `  scope  ${formatScope(scope)}`,
    `  from   ${placeOf(origin)}`,
    `  why    ${why}`,
    ...(ignored === null ? [] : [`  but    ${ignored}: it has no effect`]),
    ...(indeterminate
      ? candidates.map((c) => `  or     ${c.text ?? '(not set)'}   ${placeOf(c.origin)}`)
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

export function placeOf(origin: Origin): string {
  return origin.kind === 'file' ? `${origin.file}:${origin.line}:${origin.column}` : 'default of the manual';
}
