import type { WindowCount } from '@castellan/shared/base/window-count';
import type { ServicePolicy } from '../domain/service-names.js';
import type { Channels } from '../outbox/channel.js';
import type { AuthorityMaker } from '../ports/authority-maker.js';
import type { Clock } from '../ports/clock.js';
import type { HttpOut } from '../ports/http-out.js';
import type { Log } from '../ports/log.js';
import type { MailOut } from '../ports/mail-out.js';
import type { NodeLinks } from '../ports/node-links.js';
import type { Random } from '../ports/random.js';
import type { PasswordHasher, Vault } from '../ports/vault.js';
import type { Store } from '../store/store.js';
import type { Authorities } from './authorities.js';
import type { Catalogue } from './catalogue.js';
import type { Counters } from './counters.js';
import type { EventFeed } from './event-feed.js';
import type { NodeMeters } from './node-meters.js';
import type { Presence } from './presence.js';
import type { SignInLimits } from './sign-in-limits.js';
import type { StoreHealth } from './store-health.js';

/** What every use case may need. Made once, by app. */
export interface ServerContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly vault: Vault;
  readonly hasher: PasswordHasher;
  readonly authorities: Authorities;
  readonly maker: AuthorityMaker;
  readonly httpOut: HttpOut;
  readonly mailOut: MailOut;
  readonly catalogue: Catalogue;
  readonly events: EventFeed;
  readonly presence: Presence;
  readonly counters: Counters;
  readonly meters: NodeMeters;
  readonly health: StoreHealth;
  readonly links: NodeLinks;
  /** Refusals that strangers provoke, for the audit. */
  readonly refusals: WindowCount;
  readonly signIns: SignInLimits;
  readonly channels: Channels;
  /** Tells the outbox that something was committed. Cheap, and may be called often. */
  readonly wakeOutbox: () => void;
  readonly facts: ServerFacts;
}

export interface ServerFacts {
  readonly serverId: string;
  readonly heartbeatMs: number;
  /** The first retry of a node after a drop is spread over this. */
  readonly reconnectWindowMs: number;
  /** Where people open the console; pages link to it. Read late: the port may be the system's choice. */
  readonly consoleUrl: () => string;
  /** wss://host:port/agent */
  readonly agentUrl: () => string;
  readonly version: string;
  readonly certificates: CertificateFacts;
  readonly services: ServiceFacts;
  readonly plans: PlanFacts;
  readonly configuration: ConfigurationFacts;
  readonly alerts: AlertFacts;
}

export type ServiceFacts = ServicePolicy;

export interface PlanFacts {
  /** Groups in which whoever asked for a plan cannot approve it. */
  readonly twoPersons: readonly string[];
}

export interface ConfigurationFacts {
  /** A node that lacks a committed revision for longer is behind. */
  readonly behindMs: number;
}

export interface AlertFacts {
  /** New alerts that a target gets one by one in a minute. */
  readonly newPerMinuteMax: number;
  /** The same about one node alone, in ten minutes. */
  readonly newOfNodeMax: number;
  /** What came back once has to stay away for so long before its end is told, ms. */
  readonly stayedAwayMs: number;
}

export interface CertificateFacts {
  /** How long a node's certificate is good, ms. */
  readonly nodeLifeMs: number;
  /** For so long after its end the key of a node's certificate may ask for the next, ms. */
  readonly renewalGraceMs: number;
}
