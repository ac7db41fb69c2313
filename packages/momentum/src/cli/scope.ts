import { InvalidArgumentError } from 'commander';
import { type ScopeStep, scopeType } from '../ast/scopes.js';

/** `--scope binding=example` and `--scope esmtp_listener`; several go from the outermost to the innermost. */
export function collectScope(text: string, before: readonly ScopeStep[]): readonly ScopeStep[] {
  const equals = text.indexOf('=');
  const type = (equals === -1 ? text : text.slice(0, equals)).trim().toLowerCase();
  if (!/^[a-z_][a-z0-9_.-]*$/.test(type))
    throw new InvalidArgumentError('write --scope TYPE or --scope TYPE=NAME.');
  return [...before, { type: scopeType(type), name: equals === -1 ? null : text.slice(equals + 1) }];
}
