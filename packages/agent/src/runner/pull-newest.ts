import { err, ok, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import { WORKING_COPY } from '../knowledge/eccfg/working-copy.js';
import { ECCFG } from '../knowledge/momentum/programs.js';
import { identityOf } from '../knowledge/permissions/path-access.js';
import type { RunnerDeps } from './deps.js';
import { firstLines } from './steps/program.js';

const PULL_MS = 120_000;

/**
 * Brings the working copy up to the repository's newest, as cron does each minute (Manual, executable.eccfg: a clean pull
 * that changed something puts a new folder in place and has Momentum read it). `isNew`: what was read before may be old.
 * Refused where it cannot be done: an edit of what is old would come back as a conflict for everybody.
 */
export async function pullNewest({
  exec,
  files,
}: Pick<RunnerDeps, 'exec' | 'files'>): Promise<Result<{ readonly isNew: boolean }>> {
  const folder = () => {
    const stat = files.stat(WORKING_COPY);
    return stat.ok ? JSON.stringify([identityOf(stat.value), stat.value.mtimeMs]) : '';
  };
  const before = folder();
  const result = await exec.run({ program: ECCFG, argv: ['pull'], timeoutMs: PULL_MS });
  if (result.kind === 'exited' && result.code === 0) return ok({ isNew: folder() !== before });
  const said = 'stdout' in result ? firstLines(`${result.stdout}\n${result.stderr}`) : result.detail;
  return err(
    casError(
      'CAS_PLAN_REFUSED',
      `the newest configuration could not be pulled, so nothing was touched (eccfg pull): ${said || result.kind}`,
    ),
  );
}
