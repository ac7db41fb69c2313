import { formatScope } from '@castellan/momentum';
import { runningProtocols } from '../../knowledge/momentum/running-value.js';
import { recheckAll } from '../../units/recheck.js';
import type { Verified, VerifyContext } from '../../units/remediation.js';
import { leavesOldOn, ownValues } from './disable.js';
import { stillServed } from './wire.js';

type Context = VerifyContext<'momentumConfig' | 'servedTls'>;

const EVAL_MS = 15_000;
const SCOPES_MAX = 50;

/** The running Momentum is asked what it makes of the files, its listeners what they speak, and the files are judged again. */
export async function verifyProtocols(context: Context, controls: readonly string[]): Promise<Verified> {
  const scopes = context.facts.momentumConfig.configs
    .filter(({ kind }) => kind === 'mta')
    .flatMap(({ config }) => ownValues(config));
  for (const [path] of scopes.slice(0, SCOPES_MAX)) {
    const running = await runningProtocols(context.look, path, EVAL_MS);
    if (running === null) context.note(`${formatScope(path)}: the console gave no answer that could be read`);
    else if (leavesOldOn(running))
      return { ok: false, why: `the running Momentum still has "${running}" in ${formatScope(path)}` };
  }
  const served = await stillServed(context, context.facts.servedTls);
  if (served !== null) return { ok: false, why: served };
  return recheckAll(context, controls);
}
