import { err, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import { renewalDueAt, spreadUnit } from '@castellan/shared/model/certificate-life';
import { type RenewalAnswer, renewalText } from '@castellan/shared/protocol/enrolment';
import {
  type Certificate,
  type CertificateRequest,
  PROTOCOL_RENEWAL,
  type Trust,
  type Trusted,
} from '@castellan/shared/protocol/messages';
import { type Clock, instant, rest, steady } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { Random } from '../ports/random.js';
import { StateProblem } from '../ports/state-store.js';
import { newKey, proofBy } from './certificate-request.js';
import { type IdentityKeeper, lifeOf } from './identity-keeper.js';
import { postJson } from './post-json.js';
import { lookEveryMs, moveAfterMs, retryAfterMs } from './renewal-schedule.js';
import { checkTrust, fingerprintsOf } from './trust.js';
import { isOfAny } from './trust-keeper.js';

const ANSWER_MS_MAX = 30_000;
/** The server's word that this certificate serves no more, and its key still does. */
const OVER = ['CAS_CERT_EXPIRED', 'CAS_CERT_UNKNOWN_CA'];

export interface RenewalDeps {
  readonly keeper: IdentityKeeper;
  readonly link: {
    /** What the two ends speak now; null: not connected. */
    readonly protocol: number | null;
    /** False: it could not be sent. */
    request(message: CertificateRequest | Trusted): boolean;
    /** Ends the connection, and makes another at once. */
    reconnect(why: string): void;
  };
  /** wss://host:port/agent */
  readonly url: string;
  readonly clock: Clock;
  /** The server's clock, by which its certificates are dated. */
  readonly serverClock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'unit' | 'id'>;
  readonly log: Log;
  /** Resolves when no command is being carried out: its answer goes over the connection that it came by. */
  idle(): Promise<void>;
  /** What keeps the certificate from being renewed, for heartbeats; null: nothing. */
  problem(detail: string | null): void;
}

/** Renews the node's certificate when it is due: over the link, or by its key when it has ended. */
export class Renewal {
  readonly #deps: RenewalDeps;
  #failures = 0;
  #isTrustRefused = false;
  #notBefore = Number.NEGATIVE_INFINITY;
  #awaited: { readonly requestId: string; answer(message: Certificate): void } | null = null;

  constructor(deps: RenewalDeps) {
    this.#deps = deps;
  }

  /** Until the signal. What fails is logged and tried again, as long as the agent runs. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, keeper } = this.#deps;
    while (!signal.aborted) {
      const { from, to } = lifeOf(keeper.inUse);
      await rest(clock, lookEveryMs(to - from), signal);
      if (!signal.aborted) await this.#look(signal);
    }
  }

  /** An answer of the server. One that nobody waits for any more is dropped: another key was made since. */
  answered(message: Certificate): void {
    if (this.#awaited?.requestId === message.requestId) this.#awaited.answer(message);
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { keeper, link, serverClock, clock } = this.#deps;
    keeper.settle();
    keeper.trust.settle();
    this.#tellTrust();
    if (steady(clock) < this.#notBefore) return;
    if (keeper.hasCandidate) {
      if (link.protocol === null) return;
      // It was tried, and did not come to a welcome: after a while it is tried again.
      this.#putOff();
      return this.#change();
    }
    const life = lifeOf(keeper.inUse);
    const now = serverClock.now();
    const isOver = keeper.refusal !== null && OVER.includes(keeper.refusal);
    if (now < this.#dueAt() && !isOver) return;
    if (link.protocol !== null) return this.#tried(() => this.#overLink(signal));
    if (now >= life.to || isOver) return this.#tried(() => this.#byKey());
  }

  /** At two thirds of its life; earlier when another authority issues now. Milliseconds since 1970 by the server's clock. */
  #dueAt(): number {
    const { keeper } = this.#deps;
    const life = lifeOf(keeper.inUse);
    const unit = spreadUnit(keeper.inUse.nodeId);
    const dueAt = renewalDueAt(life, unit);
    const { issuing } = keeper.trust;
    if (issuing === null || !keeper.isOfOlderAuthority) return dueAt;
    return Math.min(dueAt, issuing.toldAt + moveAfterMs(life.to - life.from, unit));
  }

  /** The server says which authorities to trust. What is refused is a problem of the agent until something is taken. */
  async trust({ jws }: Trust): Promise<void> {
    const { keeper, log, problem, serverClock } = this.#deps;
    const { inUse, trust } = keeper;
    const checked = await checkTrust(jws, inUse, trust.revision);
    if (!checked.ok) {
      const { code, detail } = checked.error;
      log.error(
        { event: 'trust.refused', code, detail },
        'what the server says of its authorities is refused',
      );
      this.#isTrustRefused = true;
      return problem(`what the server says of its authorities is refused: ${detail}`);
    }
    if (this.#isTrustRefused) problem(null);
    this.#isTrustRefused = false;
    const { nodeId, serverId } = inUse;
    trust.take({ nodeId, serverId, ...checked.value, toldAt: serverClock.now() });
    this.#tellTrust();
  }

  /** What is on disk is confirmed; without a connection the next hello does. */
  #tellTrust(): void {
    const { keeper, link } = this.#deps;
    if (!keeper.trust.isUntold) return;
    const authorities = [...fingerprintsOf(keeper.inUse.authorityPem)];
    if (link.request({ type: 'trusted', authorities })) keeper.trust.told();
  }

  async #tried(renew: () => Promise<Result<void>>): Promise<void> {
    const { log, problem } = this.#deps;
    const done = await renew().catch((cause: unknown) => {
      if (cause instanceof StateProblem) return err(casError('CAS_STATE_UNUSABLE', cause.message, cause));
      throw cause;
    });
    if (done.ok) {
      this.#failures = 0;
      problem(null);
      return this.#change();
    }
    const { code, detail } = done.error;
    const waitMs = this.#putOff();
    log.warn(
      { event: 'certificate.notRenewed', code, detail, failures: this.#failures, waitMs },
      "the node's certificate was not renewed; trying again",
    );
    problem(`the certificate of the agent was not renewed: ${detail}`);
  }

  #putOff(): number {
    const { clock, keeper, random } = this.#deps;
    const { from, to } = lifeOf(keeper.inUse);
    this.#failures += 1;
    const waitMs = retryAfterMs(this.#failures, to - from, random.unit());
    this.#notBefore = steady(clock) + waitMs;
    return waitMs;
  }

  async #change(): Promise<void> {
    const { keeper, link, idle } = this.#deps;
    await idle();
    keeper.useCandidate();
    link.reconnect('to use the new certificate');
  }

  async #overLink(signal: AbortSignal): Promise<Result<void>> {
    const { keeper, link, clock, random } = this.#deps;
    if ((link.protocol ?? 0) < PROTOCOL_RENEWAL)
      return err(casError('CAS_UNAVAILABLE', 'the server is of a version that renews no certificates'));
    const { keyPem, csr } = await newKey(keeper.inUse.name);
    const requestId = random.id();
    const answered = this.#answer(requestId, signal);
    if (!link.request({ type: 'certificateRequest', requestId, csr, clock: instant(clock) })) {
      this.#awaited = null;
      return err(casError('CAS_UNAVAILABLE', 'the connection ended before the request was sent'));
    }
    const answer = await answered;
    if (answer === null)
      return err(casError('CAS_UNAVAILABLE', `the server did not answer within ${ANSWER_MS_MAX} ms`));
    if (answer.certificate === null)
      return err(
        casError('CAS_RENEWAL_REFUSED', `${answer.error?.code ?? ''}: ${answer.error?.detail ?? 'refused'}`),
      );
    const isMove = this.#deps.serverClock.now() < renewalDueAt(lifeOf(keeper.inUse));
    const { issuing } = keeper.trust;
    // Taken, it would be asked for again at once, without an end.
    if (isMove && issuing !== null && !isOfAny(answer.certificate, issuing.pem))
      return err(casError('CAS_UNAVAILABLE', 'the server still issues by an authority of before'));
    return keeper.offer(keyPem, answer.certificate);
  }

  async #answer(requestId: string, signal: AbortSignal): Promise<Certificate | null> {
    const waited = new AbortController();
    const either = AbortSignal.any([signal, waited.signal]);
    const came = new Promise<Certificate>((resolve) => {
      this.#awaited = { requestId, answer: resolve };
    });
    try {
      return await Promise.race([came, rest(this.#deps.clock, ANSWER_MS_MAX, either).then(() => null)]);
    } finally {
      this.#awaited = null;
      waited.abort();
    }
  }

  async #byKey(): Promise<Result<void>> {
    const { keeper, clock, url } = this.#deps;
    const { nodeId, name, keyPem: oldKeyPem, authorityPem } = keeper.inUse;
    const { keyPem, csr } = await newKey(name);
    const request = { nodeId, csr, clock: instant(clock) };
    const answer = await postJson<RenewalAnswer>({
      server: new URL(url.replace(/^wss:/, 'https:')),
      path: '/renew',
      authorityPem,
      body: { ...request, proof: proofBy(oldKeyPem, renewalText(request)) },
      schema: async () => (await import('@castellan/shared/protocol/enrolment')).RenewalAnswer,
    });
    return answer.ok ? keeper.offer(keyPem, answer.value.certificate) : answer;
  }
}
