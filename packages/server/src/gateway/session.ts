import { type CasError, casError } from '@castellan/shared/errors/cas-error';
import { plainText } from '@castellan/shared/model/bounds';
import { decodeAgentMessage, encodeFrame } from '@castellan/shared/protocol/codec';
import {
  type AgentMessage,
  type Heartbeat,
  type Hello,
  type Numbered,
  PROTOCOL_MAX,
  PROTOCOL_MIN,
  type ServerMessage,
  type State,
} from '@castellan/shared/protocol/messages';
import type { WebSocket } from 'ws';
import { sendRun } from '../services/approve-plan.js';
import type { ServerContext } from '../services/context.js';
import { greetNode, recordHeartbeat } from '../services/greet-node.js';
import { ingestNumbered } from '../services/ingest-numbered.js';
import { instant } from '../services/instant.js';
import { recordPlanAnswer } from '../services/record-plan-answer.js';
import { replaceState } from '../services/replace-state.js';
import type { Unit } from '../services/unit.js';
import type { WriteQueue } from '../services/write-queue.js';
import { AckLine } from './ack-line.js';
import { StateAssembly } from './state-assembly.js';

/** How many numbered records a node may have unacknowledged. */
export const CREDIT = 256;
/** Frames of one node that wait for their commit; beyond it the socket is not read. */
export const PENDING_MAX = 512;
/** A node that does not read what we send is let go: its memory is ours. */
export const BUFFERED_BYTES_MAX = 4 * 1024 * 1024;
/** A connection that does not say hello by then is closed. */
export const HELLO_MS_MAX = 10_000;
/** The most whole states that one session is asked for because of gaps or digests. */
export const FULLS_ASKED_MAX = 20;

export interface SessionDeps {
  readonly ctx: ServerContext;
  readonly writes: WriteQueue;
}

/** One node's connection, from after the upgrade to the close. */
export class Session {
  readonly nodeId: string;
  readonly #deps: SessionDeps;
  readonly #socket: WebSocket;
  readonly #assembly = new StateAssembly();
  readonly #acks: AckLine;
  readonly #helloTimer: NodeJS.Timeout;
  #hello: Hello | null = null;
  #connectedAt = 0;
  #pending = 0;
  #fullsAsked = 0;
  #isWaitingForFull = false;
  isGreeted = false;

  constructor(deps: SessionDeps, socket: WebSocket, nodeId: string) {
    this.#deps = deps;
    this.#socket = socket;
    this.nodeId = nodeId;
    this.#acks = new AckLine((bootId, upTo) => this.send({ type: 'ack', bootId, upTo }));
    this.#helloTimer = setTimeout(() => this.close(1008, 'no hello'), HELLO_MS_MAX);
    socket.on('message', (data, isBinary) =>
      this.#safely(() => this.#receive(isBinary ? null : (data as Buffer))),
    );
    socket.on('error', (cause) => this.#socketFailed(cause));
    socket.on('close', () => this.#ended());
  }

  send(message: ServerMessage): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN) return false;
    if (this.#socket.bufferedAmount > BUFFERED_BYTES_MAX) {
      this.#deps.ctx.log.warn(
        { event: 'gateway.slowReader', nodeId: this.nodeId },
        'a node does not read what it is sent',
      );
      this.#socket.terminate();
      return false;
    }
    this.#socket.send(encodeFrame(message));
    return true;
  }

  close(code: number, reason: string): void {
    this.isGreeted = false;
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
        return this.#write((unit) => recordPlanAnswer(unit, this.nodeId, message));
      case 'transition':
      case 'run':
      case 'dropped':
        return this.#numbered(message);
    }
  }

  #greet(hello: Hello) {
    if (this.#hello) return this.#refuse(casError('CAS_FRAME_INVALID', 'a second hello'));
    if (hello.protocolMin > PROTOCOL_MAX || hello.protocolMax < PROTOCOL_MIN) {
      const detail = `the node speaks ${hello.protocolMin} to ${hello.protocolMax}, the server ${PROTOCOL_MIN} to ${PROTOCOL_MAX}`;
      return this.#refuse(casError('CAS_PROTOCOL_VERSION', detail));
    }
    clearTimeout(this.#helloTimer);
    this.#hello = hello;
    this.#connectedAt = Date.parse(hello.clock);
    const { ctx } = this.#deps;
    ctx.presence.heard(this.nodeId, ctx.clock.now());
    this.#write(
      (unit) => greetNode(unit, this.nodeId, hello),
      (greeting) => {
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
        this.isGreeted = true;
        if (greeting.needFull !== null) this.#askForFull(greeting.needFull);
        for (const { runId, jws } of greeting.commands)
          void sendRun(ctx, this.nodeId, runId, jws).catch((cause: unknown) => this.#failed(cause));
      },
    );
  }

  #heartbeat(message: Heartbeat) {
    const { ctx } = this.#deps;
    ctx.presence.heard(this.nodeId, ctx.clock.now());
    // Before the store is asked: a heartbeat's answer says that this process lives, and bypasses what waits.
    this.send({ type: 'heartbeatAck', at: message.at });
    const isQuiet = this.#pending === 0;
    this.#write(
      (unit) => recordHeartbeat(unit, this.nodeId, message),
      (difference) => {
        if (difference !== null && isQuiet) this.#askForFull(difference);
      },
    );
  }

  #state(message: State, frameBytes: number) {
    const whole = this.#assembly.add(message, frameBytes);
    if (!whole.ok) return this.#refuse(whole.error);
    if (whole.value === null) return;
    const { verdicts, observedAt } = whole.value;
    this.#isWaitingForFull = false;
    this.#write((unit) => replaceState(unit, this.nodeId, verdicts, observedAt));
  }

  #numbered(message: Numbered): void {
    this.#write(
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

  #write<T>(work: (unit: Unit) => Promise<T>, after?: (value: T) => void): void {
    this.#pending += 1;
    if (this.#pending === PENDING_MAX) this.#socket.pause();
    this.#deps.writes
      .add(work)
      .then((value) => after?.(value))
      .catch((cause: unknown) => this.#failed(cause))
      .finally(() => {
        this.#pending -= 1;
        if (this.#pending === PENDING_MAX / 2) this.#socket.resume();
      });
  }

  #refuse(error: CasError): void {
    this.#deps.ctx.counters.add('framesRefused', error.code);
    this.#deps.ctx.log.warn(
      { event: 'gateway.badFrame', nodeId: this.nodeId, code: error.code, detail: error.detail },
      'a frame was refused',
    );
    this.send({ type: 'error', code: error.code, detail: plainText(error.detail.slice(0, 1024)) });
    this.close(error.code === 'CAS_FRAME_TOO_LARGE' ? 1009 : 1008, error.code);
  }

  /** Nothing of what failed was acknowledged: the node comes back and sends it again. */
  #failed(cause: unknown): void {
    this.#deps.ctx.log.error(
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
    this.#deps.ctx.log.warn({ event: 'gateway.socket', nodeId: this.nodeId, code }, 'a connection failed');
  }

  #ended(): void {
    this.isGreeted = false;
    clearTimeout(this.#helloTimer);
    this.#acks.stop();
  }
}
