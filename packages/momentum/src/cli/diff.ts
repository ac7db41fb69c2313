import { formatScope, type ScopeStep } from '../ast/scopes.js';
import { maskSecrets } from '../ast/secrets.js';
import { type Change, type Comparison, compare } from '../compare/compare.js';
import type { Evaluation } from '../evaluate/evaluate.js';
import { isSecretOption } from '../options/secret.js';
import { placeOf } from './eval.js';
import { EXIT } from './exit-code.js';
import type { Io } from './io.js';
import { type LoadFlags, load } from './load.js';

export interface DiffFlags extends LoadFlags {
  readonly format: string;
  readonly exitCode?: boolean;
}

/** Which effective values differ between two main files, in which scopes. Secrets are told by their place only. */
export function diff(
  io: Io,
  paths: { readonly before: string; readonly after: string },
  flags: DiffFlags,
): number {
  const comparison = compare(load(io, paths.before, flags).config, load(io, paths.after, flags).config);
  const { changes, opened, gone } = comparison;
  io.out(flags.format === 'json' ? `${JSON.stringify(document(comparison))}\n` : describe(comparison));
  const differ = changes.length + opened.length + gone.length > 0;
  if (!differ) io.err('no effective value differs\n');
  return differ && flags.exitCode ? EXIT.findings : EXIT.ok;
}

function document({ changes, opened, gone }: Comparison): object {
  return {
    changes: changes.map(({ option, before, after, scopes }) => ({
      option,
      before: side(before),
      after: side(after),
      scopes,
    })),
    opened,
    gone,
  };
}

function side(answer: Evaluation): object {
  const { set, origin, indeterminate } = answer;
  return { value: shown(answer), set, origin, indeterminate };
}

function describe({ changes, opened, gone }: Comparison): string {
  const label = (scope: readonly ScopeStep[]) => formatScope(scope);
  return [
    ...gone.map((scope) => `- ${label(scope)}\n`),
    ...opened.map((scope) => `+ ${label(scope)}\n`),
    ...changes.map(describeChange),
  ].join('');
}

function describeChange({ option, before, after, scopes: [first = [], ...others] }: Change): string {
  const more =
    others.length === 0
      ? ''
      : `  and in ${others.length} more: ${others.slice(0, SCOPES_SHOWN_MAX).map(formatScope).join(' ')}${others.length > SCOPES_SHOWN_MAX ? ' …' : ''}\n`;
  return `${option} in ${formatScope(first)}\n  - ${lineOf(before)}\n  + ${lineOf(after)}\n${more}`;
}

const SCOPES_SHOWN_MAX = 5;

function lineOf(answer: Evaluation): string {
  const doubt = answer.indeterminate ? ` (indeterminate: ${answer.why})` : '';
  return `${shown(answer) ?? '(not set)'}   ${placeOf(answer.origin)}${doubt}`;
}

function shown({ option, text }: Evaluation): string | null {
  if (text === null) return null;
  return isSecretOption(option) ? '********' : maskSecrets(`"${text.replaceAll('"', "'")}"`).slice(1, -1);
}
