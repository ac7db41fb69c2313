import { X509Certificate } from 'node:crypto';
import { bundleOf, certificatesIn } from '@castellan/shared/base/pem-bundle';
import type { Log } from '../ports/log.js';
import { StateProblem, type StateStore } from '../ports/state-store.js';
import type { Identity } from './identity.js';
import { fingerprintsOf, type KnownTrust, readTrust, writeTrust } from './trust.js';

/**
 * Which authorities the node trusts its server by: what it was enrolled with, until the server says other. What it says
 * counts, and is confirmed, from when it is on disk.
 */
export class TrustKeeper {
  readonly #store: StateStore;
  readonly #log: Log;
  #known: KnownTrust | null;
  /** Told, and not on disk yet. */
  #owed: KnownTrust | null = null;
  #isUntold = false;

  constructor(store: StateStore, log: Log, identity: Pick<Identity, 'nodeId' | 'serverId'>) {
    this.#store = store;
    this.#log = log;
    this.#known = readTrust(store, identity);
  }

  get revision(): number {
    return (this.#owed ?? this.#known)?.revision ?? 0;
  }

  /** PEM; what the node was enrolled with when nothing else was said. */
  bundle(enrolledPem: string): string {
    return this.#known === null ? enrolledPem : bundleOf(this.#known.authorities);
  }

  /** The root that issues, and since when the node knows it; null: it was never told. */
  get issuing(): { readonly pem: string; readonly toldAt: number } | null {
    const pem = this.#known?.authorities.at(-1);
    return this.#known === null || pem === undefined ? null : { pem, toldAt: this.#known.toldAt };
  }

  /** On disk, and the server does not know that yet. */
  get isUntold(): boolean {
    return this.#isUntold;
  }

  told(): void {
    this.#isUntold = false;
  }

  /** Keeps what was said, now or as soon as the disk takes it. */
  take(trust: KnownTrust): void {
    this.#owed = trust;
    this.settle();
  }

  settle(): void {
    const owed = this.#owed;
    if (owed === null) return;
    try {
      writeTrust(this.#store, owed);
    } catch (error) {
      if (!(error instanceof StateProblem)) throw error;
      this.#log.warn({ event: 'trust.notKept', detail: error.message }, 'the authorities could not be kept');
      return;
    }
    this.#known = owed;
    this.#owed = null;
    this.#isUntold = true;
    const authorities = fingerprintsOf(bundleOf(owed.authorities));
    this.#log.info(
      { event: 'trust.changed', authorities },
      'the node trusts the authorities that it was told',
    );
  }
}

/** Whether a certificate is of one of these authorities (PEM). Throws for what cannot be read. */
export function isOfAny(certificatePem: string, bundlePem: string): boolean {
  const certificate = new X509Certificate(certificatePem);
  return certificatesIn(bundlePem)
    .map((pem) => new X509Certificate(pem))
    .some((root) => certificate.checkIssued(root) && certificate.verify(root.publicKey));
}
