import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { inTime } from '@castellan/shared/base/in-time';
import { WindowCount } from '@castellan/shared/base/window-count';
import type { FastifyInstance } from 'fastify';
import { peoplePort } from '../api/people-port.js';
import { agentsPort } from '../gateway/listener.js';
import { Sessions } from '../gateway/sessions.js';
import { startJobs } from '../jobs/jobs.js';
import type { Channels } from '../outbox/channel.js';
import { CHANNELS } from '../outbox/channels.js';
import { Outbox } from '../outbox/drain.js';
import type { AuthorityMaker } from '../ports/authority-maker.js';
import type { Clock } from '../ports/clock.js';
import type { HttpOut } from '../ports/http-out.js';
import type { Log } from '../ports/log.js';
import type { MailOut } from '../ports/mail-out.js';
import type { Random } from '../ports/random.js';
import type { PasswordHasher, Vault } from '../ports/vault.js';
import { decideDue } from '../services/alerts/decide-due.js';
import { prepareDelivery, sendDelivery, settleDelivery } from '../services/alerts/deliver.js';
import { type Catalogue, readCatalogue } from '../services/catalogue.js';
import type {
  AlertFacts,
  CertificateFacts,
  ConfigurationFacts,
  PlanFacts,
  ServerContext,
  ServiceFacts,
} from '../services/context.js';
import { counters } from '../services/counters.js';
import { eventFeed } from '../services/event-feed.js';
import { beat, HEARTBEAT_EVERY_MS } from '../services/heartbeat.js';
import { judgeCertificates } from '../services/judge-certificates.js';
import { NodeMeters, type NodeShare } from '../services/node-meters.js';
import { presence } from '../services/presence.js';
import { serviceAuthorityEnds } from '../services/service-authority.js';
import { SignInLimits } from '../services/sign-in-limits.js';
import { checkStore, storeHealth } from '../services/store-health.js';
import { WriteQueue } from '../services/write-queue.js';
import { storeFailureOf } from '../store/failure.js';
import { takeServeLock } from '../store/serve-lock.js';
import { openStore, type Store } from '../store/store.js';
import { authorityCertificate, authorityFollower } from './authority-follower.js';
import { watchEpoch } from './epoch.js';
import { openIdentity } from './identity.js';
import { endOf, listenerKeeper } from './listener-certificate.js';

/** Refusals of one kind leave one line of the audit in this time. */
const REFUSALS_WINDOW_MS = 60_000;

export interface Adapters {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly vault: Vault;
  readonly hasher: PasswordHasher;
  readonly maker: AuthorityMaker;
  readonly httpOut: HttpOut;
  readonly mailOut: MailOut;
  /** Every channel, unless a test has its own. */
  readonly channels?: Channels;
}

/** What the server needs to know; the settings in the form that it uses. */
export interface ServerOptions {
  readonly databaseFile: string;
  readonly version: string;
  readonly heartbeatMs: number;
  readonly reconnectWindowMs: number;
  readonly people: {
    readonly host: string;
    readonly port: number;
    readonly url: string;
    readonly tls: { readonly key: string; readonly cert: string } | null;
    readonly signInsPerMinute: number;
    readonly trustedProxies: readonly string[];
    readonly metricsToken: string | null;
    readonly consoleFolder: string | null;
  };
  readonly agents: {
    readonly host: string;
    readonly port: number;
    readonly hostnames: readonly string[];
    readonly enrolmentsPerMinute: number;
  };
  readonly certificates: CertificateFacts;
  readonly services: ServiceFacts;
  readonly plans: PlanFacts;
  readonly configuration: ConfigurationFacts;
  readonly alerts: AlertFacts;
  /** Where it is said every minute that alerts leave the server; null: nowhere. */
  readonly heartbeatUrl: string | null;
  readonly catalogue?: Catalogue;
  /** What one node may ask for; the built-in share when left out. */
  readonly share?: NodeShare;
}

export interface Core {
  readonly ctx: ServerContext;
  readonly sessions: Sessions;
  readonly outbox: Outbox;
  readonly urls: { people: string; agents: string };
  readonly store: Store;
  readonly maker: AuthorityMaker;
}

/** Everything but the ports: what the command line needs too. */
export async function openCore(adapters: Adapters, options: ServerOptions): Promise<Core> {
  const { clock, random, log, vault, hasher, maker, httpOut, mailOut } = adapters;
  const store = await openStore(options.databaseFile);
  const { serverId, authorities } = await orClose(
    store,
    openIdentity({ store, vault, maker, random, clock }),
  );
  const health = storeHealth(store);
  const counted = counters();
  store.onFailure((failure) => {
    counted.add('storeFailures', failure);
    health.failed(failure);
  });
  const sessions = new Sessions();
  const urls = { people: options.people.url, agents: '' };
  const events = eventFeed(random.id('life'));
  const ctx: ServerContext = {
    store,
    clock,
    random,
    log,
    vault,
    hasher,
    authorities,
    maker,
    httpOut,
    catalogue: options.catalogue ?? readCatalogue(),
    events,
    presence: presence(clock),
    counters: counted,
    meters: new NodeMeters(options.share),
    health,
    links: sessions,
    refusals: new WindowCount(REFUSALS_WINDOW_MS),
    signIns: new SignInLimits(),
    mailOut,
    channels: adapters.channels ?? CHANNELS,
    wakeOutbox: () => outbox.wake(),
    facts: {
      serverId,
      heartbeatMs: options.heartbeatMs,
      reconnectWindowMs: options.reconnectWindowMs,
      consoleUrl: () => urls.people,
      agentUrl: () => urls.agents,
      version: options.version,
      certificates: options.certificates,
      services: options.services,
      plans: options.plans,
      configuration: options.configuration,
      alerts: options.alerts,
    },
  };
  const outbox = outboxOf(ctx);
  return { ctx, sessions, outbox, urls, store, maker };
}

export function outboxOf(ctx: ServerContext): Outbox {
  const { store, clock, log, counters, events } = ctx;
  return new Outbox({
    store,
    clock,
    log,
    decideDue: () => decideDue(ctx),
    prepare: (delivery) => prepareDelivery(ctx, delivery),
    send: (delivery, prepared, signal) => sendDelivery(ctx, delivery, prepared, signal),
    settle: (delivery, prepared, outcome) => settleDelivery(ctx, delivery, prepared, outcome),
    settled: ({ id, targetId, alertId, state, type }) => {
      counters.add('attempts', state);
      events.publish({ kind: 'delivery', data: { id, targetId, alertId, state, type } });
    },
  });
}

/** A store that stays open keeps the process alive: whoever fails to start must end. */
async function orClose<T>(store: Store, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    await store.close();
    throw cause;
  }
}

export interface RunningServer {
  readonly ctx: ServerContext;
  readonly sessions: Sessions;
  /** http://host:port of the console, https://host:port of the agent listener, as they listen. */
  readonly peopleUrl: string;
  readonly agentsUrl: string;
  /** What agents connect to; its certificate can be exchanged while it runs. */
  readonly agentListener: Pick<Server, 'setSecureContext'>;
  stop(): Promise<void>;
}

export async function startServer(adapters: Adapters, options: ServerOptions): Promise<RunningServer> {
  // Before anything is touched: a second server on the file fails here, and the first goes on.
  const lock = await takeServeLock(options.databaseFile);
  try {
    const core = await openCore(adapters, options);
    const server = await orClose(
      core.store,
      watchEpoch(core.ctx, options.databaseFile).then(() => startPorts(core, options)),
    );
    return { ...server, stop: () => server.stop().finally(() => lock.release()) };
  } catch (cause) {
    await lock.release();
    throw cause;
  }
}

async function startPorts(core: Core, options: ServerOptions): Promise<RunningServer> {
  const { ctx, sessions, outbox, store, urls } = core;
  await beginLife(ctx);
  const people = await peoplePort({
    ctx,
    tls: options.people.tls,
    isSecure: options.people.tls !== null || options.people.url.startsWith('https:'),
    consoleFolder: options.people.consoleFolder,
    signInsPerMinute: options.people.signInsPerMinute,
    trustedProxies: options.people.trustedProxies,
    metricsToken: options.people.metricsToken,
  });
  const writes = new WriteQueue(ctx);
  const certificate = listenerKeeper(ctx, options.agents.hostnames);
  const agents = await agentsPort({
    ctx,
    sessions,
    writes,
    tls: await certificate.first(),
    enrolmentsPerMinute: options.agents.enrolmentsPerMinute,
    handshakesMax: 256,
  });
  const peopleUrl = await listen(people, options.people, options.people.tls ? 'https' : 'http', null);
  if (urls.people === '') urls.people = peopleUrl;
  const agentsUrl = await listen(agents, options.agents, 'https', options.agents.hostnames[0] ?? null).catch(
    async (cause: unknown) => {
      await people.close();
      throw cause;
    },
  );
  urls.agents = `${agentsUrl.replace(/^https/, 'wss')}/agent`;
  const consoleTls = options.people.tls;
  const judge = async () =>
    judgeCertificates(ctx, [
      { subject: 'agent listener', notAfter: certificate.notAfter },
      ...ctx.authorities.trusted.map((one) => authorityCertificate(one, ctx.authorities.issuing)),
      ...(await serviceAuthorityEnds(ctx)),
      ...(consoleTls ? [{ subject: 'console listener', notAfter: endOf(consoleTls.cert) } as const] : []),
    ]);
  await judge().catch((cause: unknown) =>
    ctx.log.error({ event: 'certificates.notJudged', err: cause }, 'the certificates could not be judged'),
  );
  const follow = authorityFollower(ctx, certificate);
  const { heartbeatUrl } = options;
  const heartbeat =
    heartbeatUrl === null
      ? []
      : [{ name: 'heartbeat', everyMs: HEARTBEAT_EVERY_MS, run: () => beat(ctx, heartbeatUrl) }];
  const stopJobs = startJobs(ctx, outbox, [
    ...heartbeat,
    { name: 'certificates', everyMs: CERTIFICATES_EVERY_MS, run: judge },
    { name: 'authorities', everyMs: AUTHORITIES_EVERY_MS, run: () => follow(agents.server as Server) },
  ]);
  outbox.wake();
  return {
    ctx,
    sessions,
    peopleUrl,
    agentsUrl,
    agentListener: agents.server as Server,
    async stop() {
      sessions.drain(ctx.facts.reconnectWindowMs);
      // What waits drains while the ports close; what is not stored by then was not acknowledged, and comes back.
      await inTime(
        Promise.all([agents.close(), people.close(), stopJobs(), outbox.stop()]),
        STEP_MS_MAX,
        () => undefined,
      );
      await writes.close(DRAIN_MS_MAX);
      await inTime(store.close(), STEP_MS_MAX, () => undefined);
    },
  };
}

/** How often it is looked whether the agent listener's certificate fits the clock, and for authorities that were made or retired. */
const AUTHORITIES_EVERY_MS = 1_000;

/** How often it is looked for certificates that come near their end. */
const CERTIFICATES_EVERY_MS = 3_600_000;

/** Each step of the stop, and the draining between them: together within the ten seconds that SIGTERM has. */
const STEP_MS_MAX = 3_000;
const DRAIN_MS_MAX = 2_000;

/** A store that takes no writes now (a full disk, a foreign lock) still serves who reads: /readyz says that we are not. */
async function beginLife(ctx: ServerContext): Promise<void> {
  try {
    await ctx.store.transaction(async (tx) => {
      await tx.nodes.partAll();
      await tx.fleet.markGroups();
      // What is known now was left out by an older version: the digests must differ, so that it is asked for.
      await tx.verdicts.forgetRefusedOf(ctx.catalogue.controls.map(({ id }) => id));
    });
  } catch (cause) {
    const failure = storeFailureOf(cause);
    if (failure === null) throw cause;
    ctx.log.error(
      { event: 'store.readOnly', failure },
      'the store takes no writes: started for reading only',
    );
  }
  await checkStore(ctx).catch((cause: unknown) =>
    ctx.log.error({ event: 'store.unchecked', err: cause }, 'the database could not be checked'),
  );
}

/** Starts to listen; the URL names the host that others use, which may differ from the address that is bound. */
async function listen(
  app: FastifyInstance,
  where: { host: string; port: number },
  scheme: string,
  name: string | null,
): Promise<string> {
  await app.listen({ host: where.host, port: where.port });
  const { port } = app.server.address() as AddressInfo;
  const host = name ?? (['0.0.0.0', '::'].includes(where.host) ? 'localhost' : where.host);
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
