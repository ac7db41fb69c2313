import type { ServiceCertificate, ServiceCertificateRequest } from '@castellan/shared/protocol/messages';
import { CSR_LENGTH_MAX, PROTOCOL_SIGNING } from '@castellan/shared/protocol/messages';
import { type Clock, instant, rest } from '../ports/clock.js';
import type { Random } from '../ports/random.js';
import type { Signer, SigningRequest, SigningResult } from '../ports/signer.js';

/** What it needs of the link. */
export interface SigningLink {
  readonly protocol: number | null;
  request(message: ServiceCertificateRequest): boolean;
}

interface Awaited {
  readonly requestId: string;
  answer(result: SigningResult): void;
}

/**
 * Asks the server over the link, one request at a time: there is one run at a time. Nothing is sent again: the server
 * signs once for a run, and a run that got no answer is put back.
 */
export class ServiceSigning implements Signer {
  readonly #clock: Clock;
  readonly #random: Random;
  #link: SigningLink | null = null;
  #awaited: Awaited | null = null;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** The link, as soon as there is one. */
  use(link: SigningLink): void {
    this.#link = link;
  }

  /** The server's answer; one that nobody waits for is left out. */
  answered({ requestId, certificate, error }: ServiceCertificate): void {
    if (this.#awaited?.requestId !== requestId) return;
    this.#awaited.answer(
      certificate === null
        ? refused(error === null ? 'refused' : `${error.code}: ${error.detail}`)
        : { kind: 'signed', certificatePem: certificate },
    );
  }

  /** The connection has ended: its answer will not come. */
  ended(): void {
    this.#awaited?.answer(refused('the connection ended before the answer came'));
  }

  async sign({ runId, target, requestPem, timeoutMs, signal }: SigningRequest): Promise<SigningResult> {
    if (this.#awaited) return refused('another certificate is being asked for');
    const { protocol } = this.#link ?? { protocol: null };
    if (protocol === null) return refused('it is not connected');
    if (protocol < PROTOCOL_SIGNING)
      return refused('it is of a version that signs no certificates of services: upgrade the server');
    // The server would end the connection over it.
    if (requestPem.length > CSR_LENGTH_MAX)
      return refused(
        `the request has ${requestPem.length} characters, and it takes ${CSR_LENGTH_MAX} at most: ask for fewer names`,
      );
    const requestId = this.#random.id();
    const waited = new AbortController();
    const came = new Promise<SigningResult>((resolve) => {
      this.#awaited = { requestId, answer: resolve };
    });
    try {
      const sent = this.#link?.request({
        type: 'serviceCertificateRequest',
        requestId,
        runId,
        target,
        csr: requestPem,
        clock: instant(this.#clock),
      });
      if (!sent) return refused('the connection ended before the request was sent');
      const late = rest(this.#clock, timeoutMs, AbortSignal.any([signal, waited.signal]));
      return await Promise.race([
        came,
        late.then(() => refused(signal.aborted ? 'the agent stops' : `no answer within ${timeoutMs} ms`)),
      ]);
    } finally {
      this.#awaited = null;
      waited.abort();
    }
  }
}

function refused(detail: string): SigningResult {
  return { kind: 'refused', detail };
}
