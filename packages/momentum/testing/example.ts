import { type Evaluation, evaluate } from '../src/evaluate/evaluate.js';
import type { Config } from '../src/files/config.js';
import { configOf, MAIN, scope } from './configuration.js';
import { spansOf } from './page.js';

/** The heads of the table below an example: what each option is in a scope, and the line that decides it. */
export const ANSWERS = ['scope', 'option', 'value', 'line'] as const;

/** An example stands in a folder with an empty listeners.conf; nothing else that it includes is there. */
export function configOfExample(conf: string): Config {
  return configOf({ [MAIN]: conf, '/etc/listeners.conf': '' });
}

export function ask(conf: string, row: Readonly<Record<string, string>>): Evaluation {
  const path = row['scope'] === 'global' ? '' : (spansOf(row['scope'] ?? '')[0] ?? 'no scope');
  return evaluate(configOfExample(conf), scope(path), row['option'] ?? '');
}

/** An answer as a page writes it: the value and line, or of an indeterminate one all candidates with `or` between. */
export function written(answer: Evaluation): { readonly value: string; readonly line: string } {
  const options = answer.indeterminate ? answer.candidates : [answer];
  const values = options.map(({ text }) => (text === null ? 'not set' : `\`${text}\``));
  const lines = options.map(({ origin }) => (origin.kind === 'file' ? String(origin.line) : origin.kind));
  // An unread file can say anything: one candidate, and what nobody knows.
  const rest = answer.indeterminate && options.length === 1 ? ' or unread' : '';
  return { value: values.join(' or ') + rest, line: lines.join(' or ') + rest };
}
