import { formatScope } from '@castellan/momentum';
import { runningProtocols } from '../../knowledge/momentum/running-value.js';
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
    const running = await runningProtocols(context.look, path, EVAL_MS);
    if (running === null) context.note(`${formatScope(path)}: the console gave no answer that could be read`);
    else if (leavesOldOn(running))
      return { ok: false, why: `the running Momentum still has "${running}" in ${formatScope(path)}` };
  }
  return recheckAll(context, controls);
}
