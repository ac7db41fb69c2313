import { type Static, Type } from 'typebox';
import {
  COUNT_MAX,
  Count,
  HEARTBEAT_MS_MAX,
  HEARTBEAT_MS_MIN,
  ListOf,
  SEQ_MAX,
  Text,
  WAIT_MS_MAX,
  Whole,
} from '../model/bounds.js';
import { HeldConfiguration } from '../model/configuration.js';
import { Digest, Id, Instant } from '../model/ids.js';
import { NodeDescription } from '../model/node.js';
import { Plan } from '../model/plan.js';
import { RunEvent } from '../model/run.js';
import { Status, Verdict } from '../model/verdict.js';
import { TrustedAuthorities } from './trust.js';

/** Frames are text, one JSON object each, at most this many bytes of UTF-8. */
export const FRAME_BYTES_MAX = 1024 * 1024;
/** The protocol versions that this code speaks. */
export const PROTOCOL_MIN = 1;
export const PROTOCOL_MAX = 6;
/** From this version on a refused command is answered by `commandRefused`; before, by a plan that is none. */
export const PROTOCOL_COMMAND_REFUSED = 2;
/** From this version on a run may end `doneInPart`; before, it is told as done, with the same line. */
export const PROTOCOL_DONE_IN_PART = 3;
/** From this version on a node's certificate is renewed over the link; before, only by enrolling again. */
export const PROTOCOL_RENEWAL = 4;
/** From this version on a node is told which authorities to trust; before, it trusts the one that it was enrolled at. */
export const PROTOCOL_TRUST = 5;
/** From this version on the server signs certificates of services; before, a node is told so and asks for none. */
export const PROTOCOL_SIGNING = 6;

/** The longest certificate request, PEM: of a key of RSA 4096 and hundreds of names. */
export const CSR_LENGTH_MAX = 16_384;

/** The longest time between two looks of a watcher that is told no events. */
const WATCH_EVERY_S_MAX = 86_400;

/** Counts from 1 within a boot; with the node and the boot it names a record for ever. */
const Seq = Whole(1, SEQ_MAX);
const WaitMs = Whole(0, WAIT_MS_MAX);
const Version = Whole(1, 1_000);

// ---- agent to server -------------------------------------------------------------------------------------------

export const Hello = Type.Object({
  type: Type.Literal('hello'),
  protocolMin: Version,
  protocolMax: Version,
  caps: ListOf(Text(64), 64),
  agentVersion: Text(64),
  /** New at every start of the agent's process. */
  bootId: Id,
  clock: Instant,
  description: NodeDescription,
  /** Digest of the verdicts that the agent holds now; null before its first scan is complete. */
  stateDigest: Type.Union([Digest, Type.Null()]),
  /** The authorities that this node trusts the server by; left out by an agent that cannot be told of another. */
  trusts: Type.Optional(TrustedAuthorities),
});

const PARTS_MAX = 256;

/** The whole current state, in parts so that no frame is too large. The server swaps when it has part `parts`. */
export const State = Type.Object({
  type: Type.Literal('state'),
  digest: Digest,
  part: Whole(1, PARTS_MAX),
  parts: Whole(1, PARTS_MAX),
  observedAt: Instant,
  verdicts: ListOf(Verdict, 64),
});

/** One verdict that differs from the one before. Numbered, kept by the agent until it is acknowledged. */
export const Transition = Type.Object({
  type: Type.Literal('transition'),
  bootId: Id,
  seq: Seq,
  at: Instant,
  previous: Type.Union([Status, Type.Null()]),
  verdict: Verdict,
  /** The subject is judged no more; the verdict is its last one. Who does not know this finds a digest that differs. */
  gone: Type.Optional(Type.Literal(true)),
});

/** A line of a run's progress. Numbered as transitions are. */
export const RunProgress = Type.Object({
  type: Type.Literal('run'),
  bootId: Id,
  seq: Seq,
  event: RunEvent,
});

/** What the spool had to give up for want of room, so that loss is visible. Numbered. */
export const Dropped = Type.Object({
  type: Type.Literal('dropped'),
  bootId: Id,
  seq: Seq,
  count: Whole(1, COUNT_MAX),
  from: Instant,
  to: Instant,
});

/** The answer to a `plan` command: the plan, or why there is none. Not numbered: who asked asks again. */
export const PlanAnswer = Type.Object({
  type: Type.Literal('plan'),
  commandId: Id,
  plan: Type.Union([Plan, Type.Null()]),
  error: Type.Union([Type.Object({ code: Text(64), detail: Text(4096) }), Type.Null()]),
});

/** The answer to a command of any kind that the node does not carry out: nothing was touched. Not numbered. */
export const CommandRefused = Type.Object({
  type: Type.Literal('commandRefused'),
  commandId: Id,
  code: Type.String({ pattern: '^CAS_[A-Z_]+$', maxLength: 64 }),
  detail: Text(4096),
});

/**
 * A certificate for a new key of this very node. Answered by `certificate` with the same id; not numbered: who got no
 * answer asks anew, with another key.
 */
export const CertificateRequest = Type.Object({
  type: Type.Literal('certificateRequest'),
  requestId: Id,
  /** PKCS#10, PEM; its key was made on the node and stays there. The name in it is the node's, or left out. */
  csr: Text(CSR_LENGTH_MAX),
  /** The node's clock: no certificate is issued while it and the server's differ by too much. */
  clock: Instant,
});

/**
 * A certificate for a service of this node, within a run that a person approved: the plan says what may be asked for.
 * Answered by `serviceCertificate` with the same id; not numbered: a run that got no answer fails, and is put back.
 */
export const ServiceCertificateRequest = Type.Object({
  type: Type.Literal('serviceCertificateRequest'),
  requestId: Id,
  runId: Id,
  /** As the plan's `signs` names it. */
  target: Text(4096, 1),
  /** PKCS#10, PEM; its key was made on the node and stays there. */
  csr: Text(CSR_LENGTH_MAX),
  /** The node's clock: no certificate is issued while it and the server's differ by too much. */
  clock: Instant,
});

/** What this node trusts the server by, on its disk: after a `trust` message. Not numbered: the next hello says it too. */
export const Trusted = Type.Object({
  type: Type.Literal('trusted'),
  authorities: TrustedAuthorities,
});

/** Bypasses the spool. Liveness is its acknowledgement, not a ping. */
export const Heartbeat = Type.Object({
  type: Type.Literal('heartbeat'),
  at: Instant,
  stateDigest: Type.Union([Digest, Type.Null()]),
  /** Each watcher proves itself by seeing its canary file. */
  watchers: ListOf(
    Type.Object({
      name: Text(128),
      provenAt: Type.Union([Instant, Type.Null()]),
      /** Why not everything is watched. */
      problem: Type.Optional(Text(512)),
      /** No events come: it is asked so often. */
      everyS: Type.Optional(Whole(1, WATCH_EVERY_S_MAX)),
    }),
    32,
  ),
  spool: Type.Object({ records: Count, bytes: Count, droppedTotal: Count }),
  /** Left out where it is not known, and by older agents: nobody may take that for having what was committed. */
  configuration: Type.Optional(HeldConfiguration),
  /** What is wrong with the agent itself, for a person: a disk that refuses, a part that does not stay up. */
  problems: Type.Optional(ListOf(Text(512), 16)),
});

// ---- server to agent -------------------------------------------------------------------------------------------

export const Welcome = Type.Object({
  type: Type.Literal('welcome'),
  protocol: Version,
  nodeId: Id,
  serverTime: Instant,
  heartbeatMs: Whole(HEARTBEAT_MS_MIN, HEARTBEAT_MS_MAX),
  /** The first retry after a drop is spread over this window, named for the fleet's size. */
  reconnectWindowMs: WaitMs,
  /** How many numbered records the agent may have unacknowledged at once. */
  credit: Whole(1, 100_000),
});

/** Everything of this boot up to and with `upTo` is committed. Cumulative. */
export const Ack = Type.Object({ type: Type.Literal('ack'), bootId: Id, upTo: Seq });

export const HeartbeatAck = Type.Object({ type: Type.Literal('heartbeatAck'), at: Instant });

/** Send the whole state: the server's differs, or it has none. */
export const NeedFull = Type.Object({ type: Type.Literal('needFull'), why: Text(256) });

/** A signed command: `jws` is a compact JWS (EdDSA) over a CommandPayload. */
export const Command = Type.Object({
  type: Type.Literal('command'),
  commandId: Id,
  jws: Text(262_144),
});

/** The answer to `certificateRequest`: the certificate (PEM), good from its first use on, or why there is none. */
export const Certificate = Type.Object({
  type: Type.Literal('certificate'),
  requestId: Id,
  certificate: Type.Union([Text(16_384), Type.Null()]),
  error: Type.Union([Type.Object({ code: Text(64), detail: Text(1024) }), Type.Null()]),
});

/** The answer to `serviceCertificateRequest`: the certificate (PEM), or why there is none. */
export const ServiceCertificate = Type.Object({
  type: Type.Literal('serviceCertificate'),
  requestId: Id,
  certificate: Type.Union([Text(16_384), Type.Null()]),
  error: Type.Union([Type.Object({ code: Text(64), detail: Text(1024) }), Type.Null()]),
});

/** Which authorities to trust from now on: a compact JWS (EdDSA, by the key of commands) over a TrustPayload. */
export const Trust = Type.Object({ type: Type.Literal('trust'), jws: Text(131_072) });

/** Come back later: the server is full. The connection closes after it. */
export const Retry = Type.Object({
  type: Type.Literal('retry'),
  afterMs: WaitMs,
  reason: Text(256),
});

/** Reconnect within this time: the server is about to stop. */
export const Drain = Type.Object({ type: Type.Literal('drain'), withinMs: WaitMs });

/** Why the connection is about to close. */
export const Goodbye = Type.Object({
  type: Type.Literal('error'),
  code: Text(64),
  detail: Text(1024),
});

export const AgentMessage = {
  hello: Hello,
  state: State,
  transition: Transition,
  run: RunProgress,
  dropped: Dropped,
  plan: PlanAnswer,
  commandRefused: CommandRefused,
  certificateRequest: CertificateRequest,
  serviceCertificateRequest: ServiceCertificateRequest,
  trusted: Trusted,
  heartbeat: Heartbeat,
} as const;
export const ServerMessage = {
  welcome: Welcome,
  ack: Ack,
  heartbeatAck: HeartbeatAck,
  needFull: NeedFull,
  command: Command,
  certificate: Certificate,
  serviceCertificate: ServiceCertificate,
  trust: Trust,
  retry: Retry,
  drain: Drain,
  error: Goodbye,
} as const;

export type AgentMessage = {
  [K in keyof typeof AgentMessage]: Static<(typeof AgentMessage)[K]>;
}[keyof typeof AgentMessage];
export type ServerMessage = {
  [K in keyof typeof ServerMessage]: Static<(typeof ServerMessage)[K]>;
}[keyof typeof ServerMessage];

export type Hello = Static<typeof Hello>;
export type State = Static<typeof State>;
export type Transition = Static<typeof Transition>;
export type RunProgress = Static<typeof RunProgress>;
export type Dropped = Static<typeof Dropped>;
export type PlanAnswer = Static<typeof PlanAnswer>;
export type CommandRefused = Static<typeof CommandRefused>;
export type CertificateRequest = Static<typeof CertificateRequest>;
export type ServiceCertificateRequest = Static<typeof ServiceCertificateRequest>;
export type Trusted = Static<typeof Trusted>;
export type Trust = Static<typeof Trust>;
export type Heartbeat = Static<typeof Heartbeat>;
export type Welcome = Static<typeof Welcome>;
export type Ack = Static<typeof Ack>;
export type Command = Static<typeof Command>;
export type Certificate = Static<typeof Certificate>;
export type ServiceCertificate = Static<typeof ServiceCertificate>;
export type Retry = Static<typeof Retry>;

/** Messages that the agent keeps until the server has acknowledged them. */
export type Numbered = Transition | RunProgress | Dropped;
