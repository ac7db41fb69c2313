import { err, ok, type Result } from '@castellan/shared/base/result';
import { type CasError, casError } from '@castellan/shared/errors/cas-error';
import { StateProblem } from '../ports/state-store.js';
import type { RunnerDeps } from './deps.js';
import { isKnownRun } from './journal.js';

export interface Permission {
  /** Null: whoever sits at the node's own shell decides. */
  readonly allow: readonly string[] | null;
  /** Whether the node's own administrator forbids changes, now: that wins over all. */
  isAuditOnly(): boolean;
}

/** Why this node does not let the remediation be carried out; null: it does. Asked before anything of a request is used. */
export function refusalOf({ allow, isAuditOnly }: Permission, slug: string): CasError | null {
  if (isAuditOnly()) return casError('CAS_AUDIT_ONLY');
  if (allow === null || allow.includes(slug)) return null;
  return casError('CAS_COMMAND_NOT_ALLOWED', `"${slug}" is not in this node's allow-list (setting "allow")`);
}

/**
 * The one door to a run: permission, one run at a time on this node, and each run once. Whoever is let in holds the
 * node's lock until it is released.
 */
export function admit(
  deps: RunnerDeps,
  { runId, slug }: { readonly runId: string; readonly slug: string },
): Result<{ release(): void }> {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(runId))
    return err(casError('CAS_INPUT_INVALID', 'the run id is not one'));
  const refusal = refusalOf(deps, slug);
  if (refusal) return err(refusal);
  const held = usable(() => deps.lock.take());
  if (!held.ok) return held;
  if (held.value === null) return err(casError('CAS_RUN_BUSY'));
  const isKnown = usable(() => isKnownRun(deps.state, runId));
  if (isKnown.ok && !isKnown.value) return ok(held.value);
  held.value.release();
  return isKnown.ok ? err(casError('CAS_COMMAND_REPLAYED', `run ${runId} was begun before`)) : isKnown;
}

/** A state folder that refuses is an expected failure, and no run is begun without it. */
function usable<T>(ask: () => T): Result<T> {
  try {
    return ok(ask());
  } catch (error) {
    if (error instanceof StateProblem) return err(casError('CAS_STATE_UNUSABLE', error.message, error));
    throw error;
  }
}
