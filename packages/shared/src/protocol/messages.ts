import { type Static, Type } from 'typebox';
import { Digest, Id, Instant } from '../model/ids.js';
import { NodeDescription } from '../model/node.js';
import { Plan } from '../model/plan.js';
import { RunEvent } from '../model/run.js';
import { Status, Verdict } from '../model/verdict.js';

/** Frames are text, one JSON object each, at most this many bytes of UTF-8. */
export const FRAME_BYTES_MAX = 1024 * 1024;
/** The protocol versions that this code speaks. */
export const PROTOCOL_MIN = 1;
export const PROTOCOL_MAX = 1;

/** Counts from 1 within a boot; with the node and the boot it names a record for ever. */
const Seq = Type.Integer({ minimum: 1 });
const Ms = Type.Integer({ minimum: 0 });

// ---- agent to server -------------------------------------------------------------------------------------------

export const Hello = Type.Object({
  type: Type.Literal('hello'),
  protocolMin: Type.Integer(),
  protocolMax: Type.Integer(),
  caps: Type.Array(Type.String({ maxLength: 64 }), { maxItems: 64 }),
  agentVersion: Type.String({ maxLength: 64 }),
  /** New at every start of the agent's process. */
  bootId: Id,
  clock: Instant,
  description: NodeDescription,
  /** Digest of the verdicts that the agent holds now; null before its first look is complete. */
  stateDigest: Type.Union([Digest, Type.Null()]),
});

/** The whole current state, in parts so that no frame is too large. The server swaps when it has part `parts`. */
export const State = Type.Object({
  type: Type.Literal('state'),
  digest: Digest,
  part: Type.Integer({ minimum: 1 }),
  parts: Type.Integer({ minimum: 1, maximum: 256 }),
  observedAt: Instant,
  verdicts: Type.Array(Verdict, { maxItems: 64 }),
});

/** One verdict that differs from the one before. Numbered, kept by the agent until it is acknowledged. */
export const Transition = Type.Object({
  type: Type.Literal('transition'),
  bootId: Id,
  seq: Seq,
  at: Instant,
  previous: Type.Union([Status, Type.Null()]),
  verdict: Verdict,
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
  count: Type.Integer({ minimum: 1 }),
  from: Instant,
  to: Instant,
});

/** The answer to a `plan` command: the plan, or why there is none. Not numbered: who asked asks again. */
export const PlanAnswer = Type.Object({
  type: Type.Literal('plan'),
  commandId: Id,
  plan: Type.Union([Plan, Type.Null()]),
  error: Type.Union([
    Type.Object({ code: Type.String(), detail: Type.String({ maxLength: 4096 }) }),
    Type.Null(),
  ]),
});

/** Bypasses the spool. Liveness is its acknowledgement, not a ping. */
export const Heartbeat = Type.Object({
  type: Type.Literal('heartbeat'),
  at: Instant,
  stateDigest: Type.Union([Digest, Type.Null()]),
  /** Each watcher proves itself by seeing its canary file. */
  watchers: Type.Array(
    Type.Object({ name: Type.String({ maxLength: 128 }), provenAt: Type.Union([Instant, Type.Null()]) }),
    {
      maxItems: 32,
    },
  ),
  spool: Type.Object({ records: Type.Integer(), bytes: Type.Integer(), droppedTotal: Type.Integer() }),
  /** What is wrong with the agent itself, for a person: a disk that refuses, a part that does not stay up. */
  problems: Type.Optional(Type.Array(Type.String({ maxLength: 512 }), { maxItems: 16 })),
});

// ---- server to agent -------------------------------------------------------------------------------------------

export const Welcome = Type.Object({
  type: Type.Literal('welcome'),
  protocol: Type.Integer(),
  nodeId: Id,
  serverTime: Instant,
  heartbeatMs: Ms,
  /** The first retry after a drop is spread over this window, named for the fleet's size. */
  reconnectWindowMs: Ms,
  /** How many numbered records the agent may have unacknowledged at once. */
  credit: Type.Integer({ minimum: 1 }),
});

/** Everything of this boot up to and with `upTo` is committed. Cumulative. */
export const Ack = Type.Object({ type: Type.Literal('ack'), bootId: Id, upTo: Seq });

export const HeartbeatAck = Type.Object({ type: Type.Literal('heartbeatAck'), at: Instant });

/** Send the whole state: the server's differs, or it has none. */
export const NeedFull = Type.Object({ type: Type.Literal('needFull'), why: Type.String({ maxLength: 256 }) });

/** A signed command: `jws` is a compact JWS (EdDSA) over a CommandPayload. */
export const Command = Type.Object({
  type: Type.Literal('command'),
  commandId: Id,
  jws: Type.String({ maxLength: 262_144 }),
});

/** Come back later: the server is full. The connection closes after it. */
export const Retry = Type.Object({
  type: Type.Literal('retry'),
  afterMs: Ms,
  reason: Type.String({ maxLength: 256 }),
});

/** Reconnect within this time: the server is about to stop. */
export const Drain = Type.Object({ type: Type.Literal('drain'), withinMs: Ms });

/** Why the connection is about to close. */
export const Goodbye = Type.Object({
  type: Type.Literal('error'),
  code: Type.String({ maxLength: 64 }),
  detail: Type.String({ maxLength: 1024 }),
});

export const AgentMessage = {
  hello: Hello,
  state: State,
  transition: Transition,
  run: RunProgress,
  dropped: Dropped,
  plan: PlanAnswer,
  heartbeat: Heartbeat,
} as const;
export const ServerMessage = {
  welcome: Welcome,
  ack: Ack,
  heartbeatAck: HeartbeatAck,
  needFull: NeedFull,
  command: Command,
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
export type Heartbeat = Static<typeof Heartbeat>;
export type Welcome = Static<typeof Welcome>;
export type Ack = Static<typeof Ack>;
export type Command = Static<typeof Command>;
export type Retry = Static<typeof Retry>;

/** Messages that the agent keeps until the server has acknowledged them. */
export type Numbered = Transition | RunProgress | Dropped;
