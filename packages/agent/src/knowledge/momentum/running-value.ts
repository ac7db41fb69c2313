import type { ScopeStep } from '@castellan/momentum';
import type { CollectContext } from '../../units/fact.js';
import { consoleBlocker } from './console-socket.js';
import { CONSOLE_SOCKET, EC_CONSOLE } from './programs.js';

const EVAL_MS = 15_000;

/**
 * What the running MTA has in a scope. Manual, console_commands.config: `config eval [SCOPE [NAME]] ... OPTION` answers
 * `tls_protocols = "+ALL"`. Null: no answer that could be read.
 */
export async function runningValue(
  { look }: { readonly look: Pick<CollectContext, 'files' | 'exec'> },
  path: readonly ScopeStep[],
  option: string,
  timeoutMs = EVAL_MS,
): Promise<string | null> {
  const scope = path.flatMap(({ type, name }) => (name === null ? [type] : [type, name]));
  // The service's user writes the names of scopes: none of them becomes an option of a program of root's.
  if (scope.some((word) => word.startsWith('-'))) return null;
  if (consoleBlocker(look.files) !== null) return null;
  const result = await look.exec.run({
    program: EC_CONSOLE,
    argv: [CONSOLE_SOCKET, 'config', 'eval', ...scope, option],
    timeoutMs,
  });
  if (result.kind !== 'exited') return null;
  // An option's name holds letters, digits and underscores only.
  return new RegExp(`^\\s*${option}\\s*=\\s*"?([^"\\n]*)"?\\s*$`, 'im').exec(result.stdout)?.[1] ?? null;
}
