import { err, ok, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import type { Settings } from '../config/settings.js';
import { type JudgePolicy, NO_POLICY } from '../engine/judge.js';
import { ownCostReader } from '../health/counters.js';
import type { Notifier } from '../health/systemd.js';
import type { CollectSettings } from '../kit/fact.js';
import type { Identity } from '../link/identity.js';
import { certificateFault, readIdentity } from '../link/identity.js';
import { steady } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import { StateProblem, type StateStore } from '../ports/state-store.js';
import { collectors } from '../registry/collectors.generated.js';
import { controls } from '../registry/controls.generated.js';
import { Spool } from '../spool/spool.js';
import { Watcher } from '../watch/watcher.js';
import { Observer } from './observer.js';
import type { AgentPorts } from './ports.js';
import { Rounds } from './rounds.js';
import { type Carrier, RunDesk } from './run-desk.js';
import { ServerClock } from './server-clock.js';
import { startUplink, type Uplink } from './uplink.js';

const OWN_COST_EVERY_MS = 300_000;

export interface AgentInput {
  readonly settings: Settings;
  readonly ports: AgentPorts;
  readonly store: StateStore;
  readonly log: Log;
  readonly notifier: Notifier;
  readonly policy?: JudgePolicy;
  /** Carries out remediations on this node. */
  readonly carrier: Carrier;
  isAuditOnly(): boolean;
  readonly signal: AbortSignal;
}

/** Runs until the signal is aborted. An error is one that keeps the agent from starting at all. */
export async function startAgent(input: AgentInput): Promise<Result<void>> {
  const { settings, ports, store, log, notifier, signal } = input;
  const identity = openState(input);
  if (!identity.ok) return identity;
  const spool = new Spool({ store, clock: ports.clock, bootId: ports.random.id() });
  const opening = spool.open();
  if (opening.damaged > 0 || opening.tornBytes > 0)
    log.warn({ event: 'spool.damaged', ...opening }, 'the spool was damaged; what could be read was kept');

  const isLive = settings.live || settings.root === '/';
  const look: CollectSettings = {
    nodeName: settings.name,
    assumeMomentum: settings.assumeMomentum,
    probe: settings.probe && isLive,
    live: isLive,
  };
  const observer = new Observer({
    ...ports,
    collectors,
    controls,
    policy: input.policy ?? NO_POLICY,
    settings: look,
    signal,
  });
  let uplink: Uplink | null = null;
  const serverClock = new ServerClock(ports.clock);
  const desk = new RunDesk({
    carrier: input.carrier,
    allow: settings.allow,
    isAuditOnly: input.isAuditOnly,
    keyPem: identity.value?.keyPem ?? null,
    clock: ports.clock,
    serverClock,
    log,
    progress: (event) => {
      spool.addRunEvent(event);
      uplink?.wake();
    },
  });
  await desk.recover();

  const watcher = new Watcher({
    files: ports.files,
    clock: ports.clock,
    log,
    store,
    quietMs: settings.quietMs,
    signal,
    prefix: settings.root === '/' ? '' : settings.root,
    changed: (batch) => rounds.changed(batch),
  });
  const rounds = new Rounds({
    observer,
    watcher,
    log,
    clock: ports.clock,
    random: ports.random,
    rescanMs: settings.rescanMs,
    signal,
    tell: (changes) => {
      spool.addTransitions(changes);
      uplink?.wake();
    },
  });
  await rounds.first();
  notifier.notify('READY=1');
  if (identity.value) {
    uplink = await startUplink({
      identity: identity.value,
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
    });
  } else {
    log.warn(
      { event: 'agent.local' },
      'this node is not enrolled: findings are only logged (castellan-agent enroll)',
    );
  }
  await untilStopped(input, [rounds.run(), watcher.runCanaries(), ...(uplink ? [uplink.done] : [])]);
  notifier.notify('STOPPING=1');
  await desk.idle();
  await watcher.close();
  return ok(undefined);
}

/** The state folder must be usable; an identity that cannot serve is told, and the agent goes on without a server. */
function openState({ store, log, ports }: AgentInput): Result<Identity | null> {
  try {
    store.replace('started-at', new Date(ports.clock.now()).toISOString());
    const identity = readIdentity(store);
    if (!identity.ok) {
      log.error({ event: 'identity.damaged', detail: identity.error.detail }, 'the identity cannot be used');
      return ok(null);
    }
    const fault = identity.value ? certificateFault(identity.value, ports.clock.now()) : null;
    if (fault)
      log.error({ event: 'identity.certificate', fault }, 'the certificate of this node cannot serve');
    return identity;
  } catch (cause) {
    if (!(cause instanceof StateProblem)) throw cause;
    return err(casError('CAS_STATE_UNUSABLE', `${store.path}: ${cause.message}`, cause));
  }
}

/** Feeds the watchdog and logs our own cost, until the signal; a part that fails ends the agent, and systemd starts it again. */
async function untilStopped(
  { ports, notifier, log, signal }: AgentInput,
  parts: readonly Promise<void>[],
): Promise<void> {
  const every = async (ms: number, act: () => void) => {
    while (!signal.aborted) {
      act();
      await ports.clock.sleep(ms, signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    }
  };
  const cost = ownCostReader();
  await Promise.all([
    ...parts,
    every(OWN_COST_EVERY_MS, () =>
      log.info({ event: 'agent.cost', ...cost(steady(ports.clock)) }, 'what the agent costs'),
    ),
    ...(notifier.watchdogMs === null
      ? []
      : [every(notifier.watchdogMs, () => notifier.notify('WATCHDOG=1'))]),
  ]);
}
