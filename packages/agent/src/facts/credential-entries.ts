import type { Doubt } from './parts/doubt.js';

/** An entry of the credential store that something of this node asks for, and whether it is there. Never its password. */
export interface CredentialEntryFact {
  readonly hostname: string;
  readonly facility: string;
  /** modules.securecreds requires it; else only another page names it. */
  readonly isRequired: boolean;
  readonly isPresent: boolean;
}

export interface CredentialEntriesFact {
  readonly listing:
    | { readonly kind: 'listed'; readonly entries: readonly CredentialEntryFact[] }
    | { readonly kind: 'not-listed'; readonly why: string };
  readonly doubts: readonly Doubt[];
}
