import { err, ok, type Result } from '@castellan/shared/base/result';
import { CasError, casError } from '@castellan/shared/errors/cas-error';
import type { NodeDescription } from '@castellan/shared/model/node';
import type { RunEvent } from '@castellan/shared/model/run';
import type { Settings } from '../config/settings.js';
import { type JudgePolicy, NO_POLICY } from '../engine/judge.js';
import type { Notifier } from '../health/systemd.js';
import { readIdentities } from '../link/candidate.js';
import { certificateFault } from '../link/identity.js';
import { IdentityKeeper } from '../link/identity-keeper.js';
import type { ServiceSigning } from '../link/service-signing.js';
import type { Log } from '../ports/log.js';
import { StateProblem, type StateStore } from '../ports/state-store.js';
import { collectors } from '../registry/collectors.generated.js';
import { controls } from '../registry/controls.generated.js';
import { Spool } from '../spool/spool.js';
import type { CollectSettings } from '../units/fact.js';
import type { Batch } from '../watch/coalesce.js';
import { Watcher } from '../watch/watcher.js';
import type { Watching } from '../watch/watching.js';
import { CommandDispatcher, type Executor } from './command-dispatcher.js';
import { heldExecutor, retryRuns } from './held-runs.js';
import { Observer } from './observer.js';
import { ownLife } from './own-life.js';
import { keptUp } from './part.js';
import type { RunPorts } from './ports.js';
import { Problems } from './problems.js';
import { ScanScheduler } from './scan-scheduler.js';
import { ServerClock } from './server-clock.js';
import { tellAgain } from './tell-again.js';
import { startUplink, type Uplink } from './uplink.js';

export interface AgentInput {
  readonly settings: Settings;
  readonly ports: RunPorts;
  readonly store: StateStore;
  readonly log: Log;
  /** Null: this process looks after several nodes, and who began it tells systemd of it. */
  readonly notifier: Notifier | null;
  /** How changes are noticed; absent: by the events of this host. */
  readonly watching?: (told: { readonly signal: AbortSignal; changed(batch: Batch): void }) => Watching;
  /** From where the node is inspected; absent: the agent is on it. */
  readonly beside?: NodeDescription['beside'];
  readonly policy?: JudgePolicy;
  /** Carries out remediations on this node. */
  readonly executor: Executor;
  /** Asks the server for certificates of services, as soon as there is a link. */
  readonly signing: ServiceSigning;
  isAuditOnly(): boolean;
  readonly signal: AbortSignal;
}

/** Runs until the signal is aborted. An error, or a rejection, is one that keeps the agent from running at all: nothing goes on then. */
export async function startAgent(input: AgentInput): Promise<Result<void>> {
  const own = new AbortController();
  const signal = AbortSignal.any([input.signal, own.signal]);
  const closing: (() => Promise<void>)[] = [];
  try {
    return await runAgent({ ...input, signal }, closing);
  } finally {
    own.abort(new Error('the agent ends'));
    for (const close of closing) await close();
  }
}

async function runAgent(input: AgentInput, closing: (() => Promise<void>)[]): Promise<Result<void>> {
  const { settings, ports, store, log, notifier, signal } = input;
  const problems = new Problems(log);
  const identity = openState(input, problems);
  if (!identity.ok) return identity;
  const spool = openSpool(input);
  const observer = observerOf(input);
  let uplink: Uplink | null = null;
  const serverClock = new ServerClock(ports.clock);
  const watcher = watchingOf(input, (batch) => scheduler.changed(batch));
  closing.push(() => watcher.close());
  const scheduler = new ScanScheduler({
    observer,
    watcher,
    log,
    clock: ports.clock,
    random: ports.random,
    rescanMs: settings.rescanMs,
    signal,
    isOtherAtIt: () => input.executor.isOtherAtIt?.() ?? false,
    otherEnded: () => recovered(input, desk, problems),
    tell: (changes) => {
      spool.addTransitions(changes);
      uplink?.wake();
    },
  });
  const progress = (event: RunEvent): void => {
    spool.addRunEvent(event);
    uplink?.wake();
  };
  const desk = new CommandDispatcher({
    executor: heldExecutor(input.executor, scheduler),
    allow: settings.allow,
    isAuditOnly: input.isAuditOnly,
    keys: () => identity.value?.keys ?? [],
    clock: ports.clock,
    serverClock,
    log,
    progress,
  });
  await recovered(input, desk, problems);
  if (identity.value) tellAgain({ ...input, clock: ports.clock }, progress);
  await scheduler.first();
  notifier?.notify('READY=1');
  const health = () => healthOf(problems, spool);
  if (identity.value) {
    uplink = await startUplink({
      keeper: identity.value,
      settings,
      ports,
      store,
      log,
      spool,
      observer,
      watcher,
      desk,
      serverClock,
      signal,
      signing: input.signing,
      ...(input.beside === undefined ? {} : { beside: input.beside }),
      problems: health,
      certificateProblem: (detail) => problems.set('certificate', detail),
    });
  } else {
    log.warn(
      { event: 'agent.local' },
      'this node has no identity that serves: findings are only logged (castellan-agent enroll)',
    );
  }
  const up = uplink;
  const part = { clock: ports.clock, log, signal, problem: problems.set.bind(problems) };
  await Promise.all([
    ...(notifier ? [ownLife({ notifier, log, signal, clock: ports.clock })] : []),
    keptUp('rescan', () => scheduler.run(), part),
    keptUp('watch', () => watcher.run(), part),
    keptUp('retries', () => retried(input, desk, problems), part),
    ...(up ? [keptUp('link', () => up.run(), part), keptUp('renewal', () => up.renew(), part)] : []),
  ]);
  notifier?.notify('STOPPING=1');
  await desk.idle();
  return ok(undefined);
}

function watchingOf(input: AgentInput, changed: (batch: Batch) => void): Watching {
  const { settings, ports, store, log, signal } = input;
  if (input.watching) return input.watching({ signal, changed });
  return new Watcher({
    files: ports.files,
    clock: ports.clock,
    log,
    store,
    quietMs: settings.quietMs,
    signal,
    prefix: settings.root === '/' ? '' : settings.root,
    changed,
  });
}

function openSpool({ store, ports, log }: AgentInput): Spool {
  const spool = new Spool({ store, clock: ports.clock, bootId: ports.random.id() });
  const opening = spool.open();
  if (opening.damaged > 0 || opening.tornBytes > 0)
    log.warn({ event: 'spool.damaged', ...opening }, 'the spool was damaged; what could be read was kept');
  return spool;
}

function observerOf({ settings, ports, policy, signal }: AgentInput): Observer {
  const isLive = settings.live || settings.root === '/';
  const look: CollectSettings = {
    nodeName: settings.name,
    assumeMomentum: settings.assumeMomentum,
    probe: settings.probe && isLive,
    live: isLive,
  };
  return new Observer({
    ...ports,
    collectors,
    controls,
    policy: policy ?? NO_POLICY,
    settings: look,
    signal,
  });
}

/** A state folder that cannot be read now may be there later: the agent looks and reports meanwhile. */
async function recovered(
  { log }: Pick<AgentInput, 'log'>,
  desk: Pick<CommandDispatcher, 'recover'>,
  problems: Problems,
): Promise<void> {
  try {
    await desk.recover();
    problems.set('recovery', null);
  } catch (error) {
    if (!(error instanceof StateProblem || error instanceof CasError)) throw error;
    log.error({ event: 'run.recovery', err: error }, 'what killed runs left cannot be looked up');
    problems.set('recovery', error.message);
  }
}

function retried(input: AgentInput, desk: CommandDispatcher, problems: Problems): Promise<void> {
  return retryRuns({
    clock: input.ports.clock,
    log: input.log,
    signal: input.signal,
    unfinished: () => {
      try {
        return input.executor.unfinished?.() ?? 0;
      } catch (error) {
        if (error instanceof StateProblem) return 1;
        throw error;
      }
    },
    recover: () => recovered(input, desk, problems),
  });
}

/** What a person has to know of the agent itself, for heartbeats; each watcher has a place of its own there. */
function healthOf(problems: Problems, spool: Spool): string[] {
  const { degraded } = spool.health;
  return [...problems.list(), ...(degraded === null ? [] : [`spool: kept in memory only: ${degraded}`])];
}

/**
 * A state folder that cannot be written is told, and one whose identity cannot be read keeps the agent from starting;
 * an identity that cannot serve is told, and the agent goes on without a server.
 */
function openState({ store, log, ports }: AgentInput, problems: Problems): Result<IdentityKeeper | null> {
  try {
    store.replace('started-at', new Date(ports.clock.now()).toISOString());
  } catch (error) {
    if (!(error instanceof StateProblem)) throw error;
    problems.set('state', error.message);
  }
  try {
    const identity = readIdentities(store);
    if (!identity.ok) {
      log.error({ event: 'identity.damaged', detail: identity.error.detail }, 'the identity cannot be used');
      problems.set('identity', identity.error.detail);
      return ok(null);
    }
    if (identity.value === null) return ok(null);
    const keeper = new IdentityKeeper(store, log, identity.value);
    const fault = certificateFault(keeper.inUse, ports.clock.now());
    if (fault)
      log.error({ event: 'identity.certificate', fault }, 'the certificate of this node cannot serve');
    return ok(keeper);
  } catch (cause) {
    if (!(cause instanceof StateProblem)) throw cause;
    return err(casError('CAS_STATE_UNUSABLE', `${store.path}: ${cause.message}`, cause));
  }
}
