import type { IncomingMessage } from 'node:http';
import { WAIT_MS_MAX } from '@castellan/shared/model/bounds';
import { decodeServerMessage, encodeFrame } from '@castellan/shared/protocol/codec';
import {
  type AgentMessage,
  type Certificate,
  type CertificateRequest,
  type Command,
  FRAME_BYTES_MAX,
  type Heartbeat,
  type Hello,
  type Numbered,
  PROTOCOL_COMMAND_REFUSED,
  PROTOCOL_DONE_IN_PART,
  type ServiceCertificate,
  type ServiceCertificateRequest,
  type Trust,
  type Trusted,
  type Welcome,
} from '@castellan/shared/protocol/messages';
import WebSocket from 'ws';
import { type Clock, steady } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { Identity } from './identity.js';
import { type CurrentState, statePartsOf } from './state-parts.js';

const HANDSHAKE_MS_MAX = 15_000;
const WELCOME_MS_MAX = 30_000;
/** A server that does not read is not fed: the spool keeps what it has. */
const BUFFERED_BYTES_MAX = 4 * 1024 * 1024;
/** A heartbeat's time is off by as much, so that a fleet does not beat as one. */
const HEARTBEAT_JITTER = 0.2;
const SILENT_HEARTBEATS_MAX = 3;

/** What the link takes from the spool. */
export interface Outbox {
  takeUnsent(credit: number): Numbered[];
  rewind(): void;
  ack(bootId: string, upTo: number): void;
}

export interface SessionDeps {
  /** Asked at each attempt. */
  readonly identity: Identity;
  readonly url: string;
  readonly clock: Clock;
  readonly unit: () => number;
  readonly log: Log;
  readonly outbox: Outbox;
  hello(): Hello;
  heartbeat(): Heartbeat;
  /** Null before the first scan. */
  state(): CurrentState | null;
  command(command: Command, answer: (message: AgentMessage) => boolean): void;
  /** The answer to a certificate request. */
  certificate(answer: Certificate): void;
  /** The answer to a request for the certificate of a service. */
  serviceCertificate(answer: ServiceCertificate): void;
  /** Which authorities the server is to be trusted by. */
  trust(message: Trust): void;
  /** The server's welcome; null: the connection has ended. */
  connected(welcome: Welcome | null): void;
  /** An attempt came to no welcome. `refusal`: the code that the server answered the upgrade with; null: none. */
  failed(refusal: string | null): void;
}

export interface SessionEnd {
  readonly why: string;
  readonly establishedMs: number | null;
  readonly floorMs: number;
  /** What the last welcome (or drain) named; null: there was none. */
  readonly windowMs: number | null;
  /** The code that the server refused the upgrade with; null: it did not. */
  readonly refusal: string | null;
  /** Ended by this side to begin another at once. */
  readonly isWanted: boolean;
}

/** One connection, from the attempt to its end. `run` resolves once, whatever happens. */
export class Session {
  readonly #deps: SessionDeps;
  readonly #ended = new AbortController();
  readonly #socket: WebSocket;
  #welcome: Welcome | null = null;
  #establishedAt = 0;
  #aliveAt = 0;
  #floorMs = 0;
  #drainMs: number | null = null;
  #isFullWanted = false;
  #why = '';
  #refusal: string | null = null;
  #isWanted = false;
  #resolve: (end: SessionEnd) => void = () => undefined;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    const { certificatePem: cert, keyPem: key, authorityPem: ca } = deps.identity;
    this.#socket = new WebSocket(deps.url, {
      cert,
      key,
      ca,
      minVersion: 'TLSv1.2',
      handshakeTimeout: HANDSHAKE_MS_MAX,
      maxPayload: FRAME_BYTES_MAX,
      perMessageDeflate: false,
      // Kept alive by heartbeats; a redirect would lead to a server that nobody enrolled at.
      followRedirects: false,
    });
  }

  run(signal: AbortSignal): Promise<SessionEnd> {
    const stop = () => this.#end('stopping', 1001);
    signal.addEventListener('abort', stop, { once: true });
    return new Promise<SessionEnd>((resolve) => {
      this.#resolve = resolve;
      this.#socket.on('open', () => this.#safely(() => this.#opened()));
      this.#socket.on('message', (data: Buffer, isBinary) =>
        this.#safely(() => this.#receive(data, isBinary)),
      );
      this.#socket.on('unexpected-response', (_request, response: IncomingMessage) =>
        this.#refused(response),
      );
      this.#socket.on('error', (cause) => this.#end(cause.message, null));
      this.#socket.on('close', (code, reason) =>
        this.#end(
          `closed by the server (${code}${reason.length > 0 ? ` ${reason.toString('utf8')}` : ''})`,
          null,
        ),
      );
    }).finally(() => signal.removeEventListener('abort', stop));
  }

  /** What the two ends speak; null: there is no welcome yet, or the connection has ended. */
  get protocol(): number | null {
    return this.#ended.signal.aborted ? null : (this.#welcome?.protocol ?? null);
  }

  /** False: it was not sent. */
  request(message: CertificateRequest | ServiceCertificateRequest | Trusted): boolean {
    return this.protocol !== null && this.#send(message);
  }

  /** Ends, so that another begins at once. */
  leave(why: string): void {
    this.#isWanted = !this.#ended.signal.aborted;
    this.#end(why, 1000);
  }

  /** There may be something new in the outbox. */
  pump(): void {
    if (!this.#welcome || this.#ended.signal.aborted || this.#socket.bufferedAmount > BUFFERED_BYTES_MAX)
      return;
    for (const record of this.#deps.outbox.takeUnsent(this.#welcome.credit))
      this.#send(this.#asSpoken(record));
    if (this.#isFullWanted) this.#sendState();
  }

  /** What the server sends ends this connection at most, never the agent. */
  #safely(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#end(error instanceof Error ? error.message : String(error), 1011);
    }
  }

  #opened(): void {
    this.#send(this.#deps.hello());
    this.#later(WELCOME_MS_MAX, () => {
      if (!this.#welcome) this.#end(`no welcome within ${WELCOME_MS_MAX} ms`, 1008);
    });
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#ended.signal.aborted) return;
    const decoded = isBinary ? null : decodeServerMessage(data);
    if (!decoded?.ok) {
      const error = decoded?.error;
      this.#end(
        error ? `${error.code}: ${error.detail}` : 'a binary frame',
        error?.code === 'CAS_FRAME_TOO_LARGE' ? 1009 : 1008,
      );
      return;
    }
    const message = decoded.value;
    switch (message.type) {
      case 'welcome':
        return this.#welcomed(message);
      case 'ack':
        this.#deps.outbox.ack(message.bootId, message.upTo);
        return this.pump();
      case 'heartbeatAck':
        this.#aliveAt = steady(this.#deps.clock);
        return;
      case 'needFull':
        this.#deps.log.debug(
          { event: 'link.needFull', why: message.why },
          'the server asks for the whole state',
        );
        this.#isFullWanted = true;
        return this.pump();
      case 'command':
        return this.#deps.command(message, (answer) => this.#send(this.#asSpoken(answer)));
      case 'certificate':
        return this.#deps.certificate(message);
      case 'serviceCertificate':
        return this.#deps.serviceCertificate(message);
      case 'trust':
        return this.#deps.trust(message);
      case 'retry':
        this.#floorMs = message.afterMs;
        return this.#end(`the server asks to come back later: ${message.reason}`, 1000);
      case 'drain':
        return this.#drain(message.withinMs);
      case 'error':
        return this.#end(`${message.code}: ${message.detail}`, 1000);
    }
  }

  #welcomed(welcome: Welcome): void {
    if (this.#welcome) return this.#end('a second welcome', 1008);
    this.#welcome = welcome;
    this.#establishedAt = steady(this.#deps.clock);
    this.#aliveAt = this.#establishedAt;
    this.#deps.connected(welcome);
    this.#beat(welcome.heartbeatMs);
    this.pump();
  }

  #beat(heartbeatMs: number): void {
    const { clock, unit } = this.#deps;
    this.#send(this.#deps.heartbeat());
    this.#later(Math.round(heartbeatMs * (1 - HEARTBEAT_JITTER + 2 * HEARTBEAT_JITTER * unit())), () => {
      const silentMs = Math.round(steady(clock) - this.#aliveAt);
      if (silentMs > SILENT_HEARTBEATS_MAX * heartbeatMs)
        this.#end(`no heartbeat was acknowledged for ${silentMs} ms`, 1001);
      else this.#beat(heartbeatMs);
    });
  }

  #sendState(): void {
    const state = this.#deps.state();
    if (!state) return;
    this.#isFullWanted = false;
    for (const part of statePartsOf(state)) this.#send(part);
  }

  /** An older server knows a refusal only as a plan that is none. */
  #asSpoken(answer: AgentMessage): AgentMessage {
    const spoken = this.#welcome?.protocol ?? 0;
    if (answer.type === 'run' && answer.event.state === 'doneInPart' && spoken < PROTOCOL_DONE_IN_PART)
      return { ...answer, event: { ...answer.event, state: 'done' } };
    if (answer.type !== 'commandRefused' || spoken >= PROTOCOL_COMMAND_REFUSED) return answer;
    const { commandId, code, detail } = answer;
    return { type: 'plan', commandId, plan: null, error: { code, detail } };
  }

  #drain(withinMs: number): void {
    this.#drainMs = withinMs;
    this.#later(Math.round(withinMs * this.#deps.unit()), () =>
      this.#end('the server is about to stop', 1001),
    );
  }

  /** The answer to the upgrade was not 101. Its status, and Retry-After as a floor. */
  #refused(response: IncomingMessage): void {
    const after = Number(response.headers['retry-after'] ?? 0);
    if (Number.isFinite(after) && after > 0) this.#floorMs = Math.min(after * 1000, WAIT_MS_MAX);
    const code = response.statusMessage ?? '';
    this.#refusal = /^CAS_[A-Z_]{1,60}$/.test(code) ? code : null;
    response.resume();
    this.#end(`refused with status ${response.statusCode ?? 0} ${response.statusMessage ?? ''}`.trim(), null);
  }

  #send(message: AgentMessage): boolean {
    if (this.#socket.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(encodeFrame(message));
    return true;
  }

  #later(ms: number, act: () => void): void {
    const { signal } = this.#ended;
    this.#deps.clock
      .sleep(ms, signal)
      .then(act)
      .catch((error: unknown) => {
        if (!signal.aborted) this.#end(error instanceof Error ? error.message : String(error), 1011);
      });
  }

  /** `code` null: the connection is gone already. Only the first reason counts. */
  #end(why: string, code: number | null): void {
    if (this.#ended.signal.aborted) return;
    this.#why = why;
    this.#ended.abort(new Error(why));
    if (code !== null && this.#socket.readyState === WebSocket.OPEN)
      this.#socket.close(code, why.slice(0, 100).replace(/[^\x20-\x7e]/g, '?'));
    // A peer that does not answer the close would keep the socket until TCP gives up.
    setTimeout(() => this.#socket.terminate(), 1000).unref();
    this.#deps.outbox.rewind();
    if (this.#welcome) this.#deps.connected(null);
    this.#resolve({
      why: this.#why,
      establishedMs: this.#welcome ? steady(this.#deps.clock) - this.#establishedAt : null,
      floorMs: this.#floorMs,
      windowMs: this.#welcome ? Math.max(this.#welcome.reconnectWindowMs, this.#drainMs ?? 0) : null,
      refusal: this.#refusal,
      isWanted: this.#isWanted,
    });
  }
}
