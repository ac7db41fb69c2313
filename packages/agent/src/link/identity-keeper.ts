import { createPublicKey, X509Certificate } from 'node:crypto';
import { err, ok, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import type { CertificateLife } from '@castellan/shared/model/certificate-life';
import type { Log } from '../ports/log.js';
import { StateProblem, type StateStore } from '../ports/state-store.js';
import { commitCandidate, type Identities, removeCandidate, writeCandidate } from './candidate.js';
import type { Identity } from './identity.js';
import { isOfAny, TrustKeeper } from './trust-keeper.js';

/** The server's word on a certificate that will not change: this one never serves again. */
const FINAL = ['CAS_CERT_REVOKED', 'CAS_CERT_EXPIRED', 'CAS_CERT_UNKNOWN_CA'];

/**
 * The identity that the node connects with. A new certificate is a candidate beside the current one until the server has
 * welcomed the node with it; as long as both are there, an attempt that fails makes the next one with the other.
 */
export class IdentityKeeper {
  /** Which authorities the server is trusted by. */
  readonly trust: TrustKeeper;
  readonly #store: StateStore;
  readonly #log: Log;
  #current: Identity | null;
  #candidate: Identity | null;
  #inUse: Identity;
  #previousKeyPem: string | null = null;
  #isCandidateRefused = false;
  /** The server has welcomed the candidate, and it could not be written yet that it is current. */
  #isCommitOwed = false;
  #refusal: string | null = null;

  constructor(store: StateStore, log: Log, { current, candidate }: Identities) {
    this.#store = store;
    this.#log = log;
    this.#current = current;
    this.#candidate = candidate;
    const first = candidate ?? current;
    if (first === null) throw new TypeError('a node without an identity keeps none');
    this.#inUse = first;
    this.trust = new TrustKeeper(store, log, first);
  }

  /** With every authority that is trusted now. */
  get inUse(): Identity {
    return { ...this.#inUse, authorityPem: this.trust.bundle(this.#inUse.authorityPem) };
  }

  /** The authority that issues now is another than the one that the certificate in use is of. */
  get isOfOlderAuthority(): boolean {
    const { issuing } = this.trust;
    return issuing !== null && !isOfAny(this.#inUse.certificatePem, issuing.pem);
  }

  /** There is a certificate that was never connected with since it was issued. */
  get hasCandidate(): boolean {
    return this.#candidate !== null && this.#candidate !== this.#inUse && !this.#isCandidateRefused;
  }

  /** Why the server refused the last attempt with what is in use, as a code; null: it did not. */
  get refusal(): string | null {
    return this.#refusal;
  }

  /** Keys that a secret may have been sealed to: what was sealed before a renewal is opened after it. */
  get keys(): readonly string[] {
    const others = [this.#current?.keyPem, this.#candidate?.keyPem, this.#previousKeyPem];
    const all = [this.#inUse.keyPem, ...others.filter((key) => typeof key === 'string')];
    return [...new Set(all)];
  }

  /** Keeps a new certificate as the candidate, on disk first. Errors: CAS_UNAVAILABLE for one that cannot serve; throws StateProblem. */
  offer(keyPem: string, certificatePem: string): Result<void> {
    const next: Identity = { ...this.inUse, keyPem, certificatePem };
    const fault = faultOf(next);
    if (fault !== null) return err(casError('CAS_UNAVAILABLE', `the server's answer is no good: ${fault}`));
    writeCandidate(this.#store, next);
    // One that could not be made current on disk is replaced there too: what it replaced is over.
    if (this.#isCommitOwed) this.#current = this.#inUse;
    this.#isCommitOwed = false;
    this.#candidate = next;
    this.#isCandidateRefused = false;
    return ok(undefined);
  }

  /** The next attempt is made with the candidate. */
  useCandidate(): void {
    if (this.#candidate === null) return;
    this.#inUse = this.#candidate;
    this.#refusal = null;
  }

  /** The server has welcomed the node with what is in use. */
  welcomed(): void {
    this.#refusal = null;
    if (this.#inUse === this.#candidate) {
      this.#isCommitOwed = true;
      this.settle();
    } else if (this.#isCandidateRefused) this.#dropCandidate();
  }

  /** An attempt came to no welcome. `refusal`: the code that the server refused the certificate with, or null. */
  failed(refusal: string | null): void {
    this.#refusal = refusal;
    if (this.#candidate === null || this.#current === null || this.#isCommitOwed) return;
    if (this.#inUse === this.#candidate) {
      this.#isCandidateRefused = refusal !== null && FINAL.includes(refusal);
      this.#inUse = this.#current;
    } else {
      this.#inUse = this.#candidate;
    }
  }

  /** Makes the candidate current on disk, when that is owed. What cannot be written now is tried again; nothing is lost meanwhile. */
  settle(): void {
    const candidate = this.#candidate;
    if (!this.#isCommitOwed || candidate === null) return;
    try {
      commitCandidate(this.#store, candidate);
    } catch (error) {
      if (!(error instanceof StateProblem)) throw error;
      this.#log.warn(
        { event: 'certificate.notCommitted', detail: error.message },
        'the new certificate stays a candidate on disk',
      );
      return;
    }
    this.#previousKeyPem = this.#current?.keyPem ?? null;
    this.#current = candidate;
    this.#candidate = null;
    this.#isCommitOwed = false;
    this.#log.info(
      { event: 'certificate.renewed', until: new Date(lifeOf(candidate).to).toISOString() },
      'the node uses its new certificate; the one before is dropped',
    );
  }

  #dropCandidate(): void {
    try {
      removeCandidate(this.#store);
    } catch (error) {
      if (!(error instanceof StateProblem)) throw error;
      // It is refused again after the next start, and dropped then.
      this.#log.warn({ event: 'certificate.notDropped', detail: error.message }, 'a candidate stays on disk');
    }
    this.#candidate = null;
    this.#isCandidateRefused = false;
  }
}

/** Throws for a certificate that cannot be read. */
export function lifeOf({ certificatePem }: Pick<Identity, 'certificatePem'>): CertificateLife {
  const { validFrom, validTo } = new X509Certificate(certificatePem);
  return { from: Date.parse(validFrom), to: Date.parse(validTo) };
}

/** Why this certificate is not one of this node, of this key, by this authority; null: it is. */
function faultOf({ nodeId, keyPem, certificatePem, authorityPem }: Identity): string | null {
  try {
    if (!isOfAny(certificatePem, authorityPem)) return 'it is not of an authority that this node trusts';
    const certificate = new X509Certificate(certificatePem);
    const own = createPublicKey(keyPem).export({ type: 'spki', format: 'der' });
    if (!certificate.publicKey.export({ type: 'spki', format: 'der' }).equals(own))
      return 'it is not of the key that was made for it';
    return certificate.subject === `CN=${nodeId}` ? null : 'it names another node';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
