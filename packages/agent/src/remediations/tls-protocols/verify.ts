import { formatScope, type ScopeStep } from '@castellan/momentum';
import { consoleBlocker } from '../../knowledge/momentum/console-socket.js';
import { CONSOLE_SOCKET, EC_CONSOLE } from '../../knowledge/momentum/programs.js';
import { recheckAll } from '../../units/recheck.js';
import type { Verified, VerifyContext } from '../../units/remediation.js';
import { leavesOldOn, ownValues } from './disable.js';

type Context = VerifyContext<'momentumConfig'>;

const EVAL_MS = 15_000;
const SCOPES_MAX = 50;

/** The files are judged again, and the running Momentum is asked what it makes of them. */
export async function verifyProtocols(context: Context, controls: readonly string[]): Promise<Verified> {
  const scopes = context.facts.momentumConfig.configs
    .filter(({ kind }) => kind === 'mta')
    .flatMap(({ config }) => ownValues(config));
  for (const [path] of scopes.slice(0, SCOPES_MAX)) {
    const running = await runningValue(context, path);
    if (running === null) context.note(`${formatScope(path)}: the console gave no answer that could be read`);
    else if (leavesOldOn(running))
      return { ok: false, why: `the running Momentum still has "${running}" in ${formatScope(path)}` };
  }
  return recheckAll(context, controls);
}

/** Manual, console_commands.config: `config eval [SCOPE [NAME]] ... OPTION` answers `tls_protocols = "+ALL"`. */
async function runningValue(context: Context, path: readonly ScopeStep[]): Promise<string | null> {
  const scope = path.flatMap(({ type, name }) => (name === null ? [type] : [type, name]));
  // The service's user writes the names of scopes: none of them becomes an option of a program of root's.
  if (scope.some((word) => word.startsWith('-'))) return null;
  if (consoleBlocker(context.look.files) !== null) return null;
  const result = await context.look.exec.run({
    program: EC_CONSOLE,
    argv: [CONSOLE_SOCKET, 'config', 'eval', ...scope, 'tls_protocols'],
    timeoutMs: EVAL_MS,
  });
  if (result.kind !== 'exited') return null;
  return /^\s*tls_protocols\s*=\s*"?([^"\n]*)"?\s*$/im.exec(result.stdout)?.[1] ?? null;
}
