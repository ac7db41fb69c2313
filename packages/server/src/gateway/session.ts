import { type CasError, casError } from '@castellan/shared/errors/cas-error';
import { plainText } from '@castellan/shared/model/bounds';
import { decodeAgentMessage, encodeFrame } from '@castellan/shared/protocol/codec';
import {
  type AgentMessage,
  type CertificateRequest,
  type Heartbeat,
  type Hello,
  type Numbered,
  PROTOCOL_MAX,
  PROTOCOL_MIN,
  type ServerMessage,
  type ServiceCertificateRequest,
  type State,
} from '@castellan/shared/protocol/messages';
import type { WebSocket } from 'ws';
import type { NodeIdentity } from '../ports/authority.js';
import { acceptHello, recordHeartbeat } from '../services/accept-hello.js';
import { sendRun } from '../services/approve-plan.js';
import type { ServerContext } from '../services/context.js';
import { isNodeQuiet } from '../services/find-silent-nodes.js';
import { ingestNumbered } from '../services/ingest-numbered.js';
import { instant } from '../services/instant.js';
import type { Rest } from '../services/node-meters.js';
import { judgeTwins, sawTwin, TWIN_RETRY_MS } from '../services/own-judgements.js';
import { recordPlanAnswer } from '../services/record-plan-answer.js';
import { recordRefusal } from '../services/record-refusal.js';
import { confirmFailing, costOfState, replaceState } from '../services/replace-state.js';
import { recordTrust, trustFor } from '../services/trust.js';
import type { Unit } from '../services/unit.js';
import { warnAbout } from '../services/warn-about.js';
import type { More, PieceFacts, WriteQueue } from '../services/write-queue.js';
import { AckLine } from './ack-line.js';
import { CertificateDesk } from './certificate-desk.js';
import { StateAssembly } from './state-assembly.js';
import { STATE_PART_MS_MAX, type StateRoom } from './state-room.js';
import { isBeyond, weightOf } from './weights.js';

/** How many numbered records a node may have unacknowledged. */
export const CREDIT = 256;
/** A heartbeat compares the digest of the whole state. */
const HEARTBEAT_COST = 4;
/** A node that does not read what we send is let go: its memory is ours. */
export const BUFFERED_BYTES_MAX = 4 * 1024 * 1024;
/** A connection that does not say hello by then is closed. */
export const HELLO_MS_MAX = 10_000;
/** The most whole states that one session is asked for because of gaps or digests. */
export const FULLS_ASKED_MAX = 20;

export interface SessionDeps {
  readonly ctx: ServerContext;
  readonly writes: WriteQueue;
  readonly sessions: Admission;
  readonly stateRoom: StateRoom;
}

export interface Admission {
  /** The addresses of both agents when another one, which is alive, uses this identity; null: the session is the node's. */
  admit(session: Session, bootId: string, isNodeAlive: boolean): readonly string[] | null;
}

/** One node's connection, from after the upgrade to the close. */
export class Session {
  readonly nodeId: string;
  /** Where the connection comes from. */
  readonly address: string;
  readonly #deps: SessionDeps;
  readonly #identity: NodeIdentity;
  readonly #socket: WebSocket;
  readonly #assembly = new StateAssembly();
  readonly #desk = new CertificateDesk();
  readonly #acks: AckLine;
  readonly #helloTimer: NodeJS.Timeout;
  #hello: Hello | null = null;
  #connectedAt = 0;
  /** Why the socket is not read; it is when there is no reason. */
  readonly #pauses = new Set<'load' | 'rate'>();
  #restTimer: NodeJS.Timeout | null = null;
  #partTimer: NodeJS.Timeout | null = null;
  #hasFailed = false;
  #fullsAsked = 0;
  #isWaitingForFull = false;
  hasSaidHello = false;

  constructor(deps: SessionDeps, socket: WebSocket, identity: NodeIdentity, address: string) {
    this.#deps = deps;
    this.address = address;
    this.#socket = socket;
    this.#identity = identity;
    this.nodeId = identity.nodeId;
    this.#acks = new AckLine((bootId, upTo) => this.send({ type: 'ack', bootId, upTo }));
    this.#helloTimer = setTimeout(() => this.close(1008, 'no hello'), HELLO_MS_MAX);
    socket.on('message', (data, isBinary) =>
      this.#safely(() => this.#receive(isBinary ? null : (data as Buffer))),
    );
    socket.on('ping', (data) => this.#safely(() => this.#pinged(data)));
    socket.on('pong', (data) => this.#safely(() => this.#countControl(data)));
    socket.on('error', (cause) => this.#socketFailed(cause));
    socket.on('close', () => this.#ended());
  }

  send(message: ServerMessage): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN) return false;
    if (!this.#isRead()) return false;
    this.#socket.send(encodeFrame(message));
    return true;
  }

  #isRead(): boolean {
    if (this.#socket.bufferedAmount <= BUFFERED_BYTES_MAX) return true;
    this.#warn({ event: 'gateway.slowReader' }, 'a node does not read what it is sent');
    this.#socket.terminate();
    return false;
  }

  /** Answered here and not by the library, which would gather answers for a peer that reads none. */
  #pinged(data: Buffer): void {
    this.#countControl(data);
    if (this.#socket.readyState === this.#socket.OPEN && this.#isRead()) this.#socket.pong(data);
  }

  /** Frames of the protocol below ours cost the node's share too. */
  #countControl(data: Buffer): void {
    const weight = { bytes: data.byteLength, verdicts: 0, isHeartbeat: false };
    this.#rest(this.#deps.ctx.meters.received(this.nodeId, weight));
  }

  close(code: number, reason: string): void {
    this.hasSaidHello = false;
    this.#socket.close(code, reason);
    // A peer that does not answer the close keeps its socket otherwise until TCP gives up.
    setTimeout(() => this.#socket.terminate(), 2_000).unref();
  }

  /** What a peer sends ends its connection at most, never the process. */
  #safely(work: () => void): void {
    try {
      work();
    } catch (cause) {
      this.#failed(cause);
    }
  }

  #receive(frame: Buffer | null) {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (frame === null) return this.#refuse(casError('CAS_FRAME_NOT_JSON', 'a binary frame'));
    const decoded = decodeAgentMessage(frame);
    if (!decoded.ok) return this.#refuse(decoded.error);
    this.#deps.ctx.counters.add('messagesReceived', decoded.value.type);
    this.#rest(this.#deps.ctx.meters.received(this.nodeId, weightOf(decoded.value, frame.byteLength)));
    if (decoded.value.type === 'hello') return this.#greet(decoded.value);
    if (!this.#hello) return this.#refuse(casError('CAS_FRAME_INVALID', 'the first frame must be hello'));
    this.#handle(decoded.value, frame.byteLength);
  }

  #handle(message: Exclude<AgentMessage, Hello>, frameBytes: number) {
    switch (message.type) {
      case 'heartbeat':
        return this.#heartbeat(message);
      case 'state':
        return this.#state(message, frameBytes);
      case 'plan':
        return this.#write({ cost: 2, bytes: frameBytes }, (unit) =>
          recordPlanAnswer(unit, this.nodeId, message),
        );
      case 'commandRefused':
        return this.#write({ cost: 2, bytes: frameBytes }, (unit) =>
          recordRefusal(unit, this.nodeId, message),
        );
      case 'certificateRequest':
      case 'serviceCertificateRequest':
        return this.#certificate(message);
      case 'trusted':
        return this.#write({ cost: 2, bytes: frameBytes }, (unit) =>
          recordTrust(unit, this.nodeId, message.authorities),
        );
      case 'transition':
      case 'run':
      case 'dropped':
        return this.#numbered(message, frameBytes);
    }
  }

  #greet(hello: Hello) {
    if (this.#hello) return this.#refuse(casError('CAS_FRAME_INVALID', 'a second hello'));
    if (hello.protocolMin > PROTOCOL_MAX || hello.protocolMax < PROTOCOL_MIN) {
      const detail = `the node speaks ${hello.protocolMin} to ${hello.protocolMax}, the server ${PROTOCOL_MIN} to ${PROTOCOL_MAX}`;
      return this.#refuse(casError('CAS_PROTOCOL_VERSION', detail));
    }
    clearTimeout(this.#helloTimer);
    const twins = this.#deps.sessions.admit(this, hello.bootId, this.#isNodeAlive());
    if (twins !== null) return this.#sendAway(twins);
    this.#hello = hello;
    this.#connectedAt = Date.parse(hello.clock);
    const { ctx } = this.#deps;
    const heardAt = ctx.clock.now();
    ctx.presence.heard(this.nodeId);
    this.#write(
      { cost: HEARTBEAT_COST, bytes: 0 },
      (unit) => acceptHello(unit, this.#identity, hello, heardAt),
      (answer) => {
        const { heartbeatMs, reconnectWindowMs } = ctx.facts;
        const protocol = Math.min(hello.protocolMax, PROTOCOL_MAX);
        const serverTime = instant(ctx.clock.now());
        this.send({
          type: 'welcome',
          protocol,
          nodeId: this.nodeId,
          serverTime,
          heartbeatMs,
          reconnectWindowMs,
          credit: CREDIT,
        });
        this.hasSaidHello = true;
        if (answer.needFull !== null) this.#askForFull(answer.needFull);
        this.#tellTrust(hello);
        if (answer.isConfirmed) this.#write({ cost: 1, bytes: 0, isBulk: true }, confirmFailing(this.nodeId));
        for (const { runId, jws } of answer.commands)
          void sendRun(ctx, this.nodeId, runId, jws).catch((cause: unknown) => this.#failed(cause));
      },
    );
  }

  #tellTrust({ trusts }: Hello): void {
    trustFor(this.#deps.ctx, this.nodeId, trusts ?? null)
      .then((message) => message && this.send(message))
      .catch((cause: unknown) => this.#failed(cause));
  }

  #isNodeAlive(): boolean {
    return !isNodeQuiet(this.#deps.ctx, this.nodeId);
  }

  /** A second agent of this identity: it is kept away for a while, instead of the two throwing each other off. */
  #sendAway(addresses: readonly string[]): void {
    this.#warn({ event: 'gateway.twins', addresses }, 'two agents use one identity');
    // Not as this session's own: what it still has queued is dropped with it.
    if (sawTwin(this.#deps.ctx, this.nodeId))
      this.#deps.writes
        .add({ lane: this.nodeId, source: null, cost: 2, bytes: 0 }, (unit) =>
          judgeTwins(unit, this.nodeId, addresses),
        )
        .catch((cause: unknown) => this.#failed(cause));
    this.send({ type: 'retry', afterMs: TWIN_RETRY_MS, reason: 'another agent uses this identity' });
    this.close(1013, 'another agent uses this identity');
  }

  #heartbeat(message: Heartbeat) {
    const { ctx } = this.#deps;
    ctx.presence.heard(this.nodeId);
    // Before the store is asked: a heartbeat's answer says that this process lives, and bypasses what waits.
    this.send({ type: 'heartbeatAck', at: message.at });
    const isQuiet = this.#deps.writes.load(this.nodeId).pieces === 0;
    const heardAt = ctx.clock.now();
    this.#write(
      { cost: HEARTBEAT_COST, bytes: 0 },
      (unit) => recordHeartbeat(unit, this.nodeId, message, heardAt),
      (difference) => {
        if (difference !== null && isQuiet) this.#askForFull(difference);
      },
    );
  }

  #state(message: State, frameBytes: number) {
    const whole = this.#assembly.add(message, frameBytes);
    this.#holdParts();
    if (!whole.ok) return this.#refuse(whole.error);
    if (whole.value === null) return;
    const state = whole.value;
    if (!this.#isWaitingForFull) this.#rest(this.#deps.ctx.meters.unaskedState(this.nodeId));
    this.#isWaitingForFull = false;
    const cost = costOfState(state.verdicts.length);
    this.#write({ cost, bytes: state.bytes, isBulk: true }, (unit) => replaceState(unit, this.nodeId, state));
  }

  /** Parts of a state wait for the rest: for a time, and as long as there is room for them. */
  #holdParts(): void {
    if (this.#partTimer) clearTimeout(this.#partTimer);
    const letGo = () =>
      this.#failed(casError('CAS_UNAVAILABLE', 'a state was not completed in time, or in room'));
    const { bytes } = this.#assembly;
    this.#partTimer = bytes === 0 ? null : setTimeout(letGo, STATE_PART_MS_MAX);
    this.#deps.stateRoom.hold(this, bytes, letGo);
  }

  /** Certificates are signed one by one, and only so many for a session. */
  #certificate(message: CertificateRequest | ServiceCertificateRequest): void {
    const sign = this.#desk.take(this.nodeId, message);
    if (!sign.ok) return this.#refuse(sign.error);
    this.#write({ cost: 4, bytes: 0 }, sign.value, (answer) => this.send(answer));
  }

  #numbered(message: Numbered, bytes: number): void {
    this.#write(
      { cost: 1, bytes },
      (unit) => ingestNumbered(unit, this.nodeId, message, this.#connectedAt),
      (ingested) => {
        if (ingested.isRepeat) this.#deps.ctx.counters.add('recordsRepeated', message.type);
        this.#acks.committed(ingested.bootId, ingested.upTo);
        // The agent numbers from 1 in each boot; records of an old boot that we first see in the middle are no gap now.
        if (ingested.hasGap && message.bootId === this.#hello?.bootId)
          this.#askForFull('numbers are missing');
      },
    );
  }

  #askForFull(why: string): void {
    if (this.#isWaitingForFull || this.#fullsAsked >= FULLS_ASKED_MAX) return;
    this.#isWaitingForFull = true;
    this.#fullsAsked += 1;
    this.send({ type: 'needFull', why });
  }

  #write<T>(
    weight: Pick<PieceFacts, 'cost' | 'bytes' | 'isBulk'>,
    work: (unit: Unit) => Promise<T | More>,
    after?: (value: T) => void,
  ): void {
    this.#deps.writes
      .add({ lane: this.nodeId, source: this, ...weight }, work)
      .then((value) => after?.(value))
      .catch((cause: unknown) => this.#failed(cause))
      .finally(() => this.#resumeAtHalf());
    if (isBeyond(this.#deps.writes.load(this.nodeId), 1)) this.#pause('load');
  }

  #resumeAtHalf(): void {
    if (!isBeyond(this.#deps.writes.load(this.nodeId), 0.5)) this.#unpause('load');
  }

  /** Too much in a while: this node's own link rests. */
  #rest(rest: Rest | null): void {
    if (!rest) return;
    this.#deps.ctx.counters.add('nodesSlowed', rest.bound);
    this.#pause('rate');
    if (this.#restTimer) clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => this.#unpause('rate'), rest.ms);
  }

  #pause(why: 'load' | 'rate'): void {
    if (this.#pauses.size === 0) this.#socket.pause();
    this.#pauses.add(why);
  }

  #unpause(why: 'load' | 'rate'): void {
    if (this.#pauses.delete(why) && this.#pauses.size === 0) this.#socket.resume();
  }

  #warn(fields: Parameters<typeof warnAbout>[2], message: string): void {
    warnAbout(this.#deps.ctx, this.nodeId, fields, message);
  }

  #refuse(error: CasError): void {
    this.#deps.ctx.counters.add('framesRefused', error.code);
    this.#warn({ event: 'gateway.badFrame', code: error.code, detail: error.detail }, 'a frame was refused');
    this.send({ type: 'error', code: error.code, detail: plainText(error.detail.slice(0, 1024)) });
    this.close(error.code === 'CAS_FRAME_TOO_LARGE' ? 1009 : 1008, error.code);
  }

  /** Nothing of what failed was acknowledged: the node comes back and sends it again. */
  #failed(cause: unknown): void {
    if (this.#hasFailed || this.#socket.readyState !== this.#socket.OPEN) return;
    // The rest of what it sent comes back with this: once is enough.
    this.#hasFailed = true;
    this.#deps.writes.drop(this);
    const { log, meters } = this.#deps.ctx;
    if (meters.mayLog(this.nodeId))
      log.error(
        { event: 'gateway.storeFailed', nodeId: this.nodeId, err: cause },
        'what a node sent could not be stored',
      );
    this.send({ type: 'retry', afterMs: 1_000, reason: 'the server could not store this' });
    this.close(1013, 'try again later');
  }

  #socketFailed(cause: Error): void {
    const { code = '' } = cause as NodeJS.ErrnoException;
    const isTooLarge = code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
    if (isTooLarge || code.startsWith('WS_ERR'))
      this.#deps.ctx.counters.add('framesRefused', isTooLarge ? 'CAS_FRAME_TOO_LARGE' : code);
    this.#warn({ event: 'gateway.socket', code }, 'a connection failed');
  }

  #ended(): void {
    this.hasSaidHello = false;
    clearTimeout(this.#helloTimer);
    if (this.#restTimer) clearTimeout(this.#restTimer);
    if (this.#partTimer) clearTimeout(this.#partTimer);
    this.#assembly.letGo();
    this.#deps.stateRoom.free(this);
    this.#deps.writes.drop(this);
    this.#acks.stop();
  }
}
