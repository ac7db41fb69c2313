import type { ScopeStep } from '@castellan/momentum';
import type { Exec } from '../../ports/exec.js';
import type { FileReader } from '../../ports/files.js';
import { consoleBlocker } from './console-socket.js';
import { CONSOLE_SOCKET, EC_CONSOLE } from './programs.js';

interface Look {
  readonly files: FileReader;
  readonly exec: Exec;
}

/**
 * What the running Momentum makes of TLS_Protocols in a scope, as text; null: no answer that can be read.
 * Manual, console_commands.config: `config eval [SCOPE [NAME]] ... OPTION` answers `tls_protocols = "+ALL"`.
 */
export async function runningProtocols(
  { files, exec }: Look,
  path: readonly ScopeStep[],
  timeoutMs: number,
): Promise<string | null> {
  const scope = path.flatMap(({ type, name }) => (name === null ? [type] : [type, name]));
  // The service's user writes the names of scopes: none of them becomes an option of a program of root's.
  if (scope.some((word) => word.startsWith('-'))) return null;
  if (consoleBlocker(files) !== null) return null;
  const result = await exec.run({
    program: EC_CONSOLE,
    argv: [CONSOLE_SOCKET, 'config', 'eval', ...scope, 'tls_protocols'],
    timeoutMs,
  });
  if (result.kind !== 'exited') return null;
  return /^\s*tls_protocols\s*=\s*"?([^"\n]*)"?\s*$/im.exec(result.stdout)?.[1] ?? null;
}
