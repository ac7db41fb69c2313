import { plainText } from '@castellan/shared/model/bounds';
import type { NodeDescription } from '@castellan/shared/model/node';
import { type Heartbeat, PROTOCOL_MAX, PROTOCOL_MIN } from '@castellan/shared/protocol/messages';
import type { Settings } from '../config/settings.js';
import type { IdentityKeeper } from '../link/identity-keeper.js';
import type { ServiceSigning } from '../link/service-signing.js';
import { instant } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { StateStore } from '../ports/state-store.js';
import type { Spool } from '../spool/spool.js';
import type { Watching } from '../watch/watching.js';
import type { CommandDispatcher } from './command-dispatcher.js';
import type { Observer } from './observer.js';
import type { RunPorts } from './ports.js';
import type { ServerClock } from './server-clock.js';
import { AGENT_VERSION } from './version.js';

const PROBLEMS_MAX = 16;
const PROBLEM_LENGTH_MAX = 512;

export interface Uplink {
  /** There is something new to send. */
  wake(): void;
  /** Until the signal; may be begun again when it failed. */
  run(): Promise<void>;
  /** Renews the node's certificate when it is due, until the signal. */
  renew(): Promise<void>;
}

export interface UplinkInput {
  readonly keeper: IdentityKeeper;
  readonly settings: Settings;
  readonly ports: RunPorts;
  readonly store: StateStore;
  readonly log: Log;
  readonly spool: Spool;
  readonly observer: Observer;
  readonly watcher: Watching;
  readonly desk: CommandDispatcher;
  readonly serverClock: ServerClock;
  readonly signal: AbortSignal;
  readonly signing: ServiceSigning;
  /** From where the node is inspected; absent: the agent is on it. */
  readonly beside?: NodeDescription['beside'];
  /** What is wrong with the agent itself, for a person. */
  problems(): readonly string[];
  /** What keeps the certificate from being renewed; null: nothing. */
  certificateProblem(detail: string | null): void;
}

/** Connects the agent's parts with the link. The link, with its schemas and TLS, is loaded only by a node that is enrolled. */
export async function startUplink(input: UplinkInput): Promise<Uplink> {
  const { keeper, settings, ports, log, spool, observer, watcher, desk, signal, store } = input;
  const [{ Link }, { commandGate }, { Renewal }, { fingerprintsOf }] = await Promise.all([
    import('../link/link.js'),
    import('../link/command-check.js'),
    import('../link/renewal.js'),
    import('../link/trust.js'),
  ]);
  // What a renewal leaves as it is: node, server, their names and the key of commands.
  const identity = keeper.inUse;
  const url = settings.server ?? identity.url;
  const gate = commandGate(identity, store, input.serverClock);
  const at = () => instant(ports.clock);
  const link = new Link({
    get identity() {
      return keeper.inUse;
    },
    url,
    clock: ports.clock,
    unit: () => ports.random.unit(),
    log,
    outbox: spool,
    hello: () => ({
      type: 'hello',
      protocolMin: PROTOCOL_MIN,
      protocolMax: PROTOCOL_MAX,
      caps: ['plan', 'apply'],
      agentVersion: AGENT_VERSION,
      bootId: spool.bootId,
      clock: at(),
      description: {
        ...observer.description,
        name: identity.name,
        ...(input.beside === undefined ? {} : { beside: input.beside }),
      },
      stateDigest: observer.digest,
      trusts: [...fingerprintsOf(keeper.inUse.authorityPem)],
    }),
    heartbeat: () => {
      const { records, bytes, droppedTotal } = spool.health;
      const problems = input
        .problems()
        .slice(0, PROBLEMS_MAX)
        .map((one) => plainText(one.slice(0, PROBLEM_LENGTH_MAX)));
      const { configuration } = observer;
      // While records are on their way the two ends differ, and rightly.
      return {
        type: 'heartbeat',
        at: at(),
        stateDigest: records > 0 ? null : observer.digest,
        watchers: withProblem(watcher),
        spool: { records, bytes, droppedTotal },
        ...(configuration === undefined ? {} : { configuration }),
        ...(problems.length === 0 ? {} : { problems }),
      };
    },
    state: () =>
      observer.digest === null
        ? null
        : { digest: observer.digest, observedAt: observer.observedAt, verdicts: observer.verdicts },
    command: (command, answer) => void desk.take(command, gate.accept(command.jws), answer),
    certificate: (answer) => renewal.answered(answer),
    serviceCertificate: (answer) => input.signing.answered(answer),
    trust: (message) =>
      void renewal
        .trust(message)
        .catch((cause: unknown) =>
          log.error(
            { event: 'trust.failed', detail: cause instanceof Error ? cause.message : String(cause) },
            'what the server says of its authorities could not be taken',
          ),
        ),
    failed: (refusal) => keeper.failed(refusal),
    connected: (welcome) => {
      if (!welcome) input.signing.ended();
      if (welcome) {
        input.serverClock.heard(welcome.serverTime);
        keeper.welcomed();
      }
      log.info(
        { event: welcome ? 'link.connected' : 'link.lost', server: identity.serverId },
        welcome ? 'connected to the server' : 'the connection is lost',
      );
    },
  });
  input.signing.use(link);
  const renewal: InstanceType<typeof Renewal> = new Renewal({
    keeper,
    link,
    url,
    clock: ports.clock,
    serverClock: input.serverClock,
    random: ports.random,
    log,
    idle: () => desk.idle(),
    problem: input.certificateProblem,
  });
  return { wake: () => link.wake(), run: () => link.run(signal), renew: () => renewal.run(signal) };
}

/** The watcher's problem is one, however many canaries it has. */
function withProblem({ proofs, problem }: Watching): Heartbeat['watchers'] {
  const [first, ...more] = proofs;
  if (!first || problem === null) return [...proofs];
  return [{ ...first, problem: problem.slice(0, 512) }, ...more];
}
