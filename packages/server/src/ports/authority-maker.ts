import type { Authority } from './authority.js';

/** What is kept of an authority: both keys are sealed before they are stored. */
export interface AuthorityMaterial {
  readonly rootPem: string;
  readonly rootKeyPkcs8: Uint8Array;
  readonly commandKeyPkcs8: Uint8Array;
}

export interface AuthorityMaker {
  /** New keys and a self-signed root, at the first start. */
  make(serverId: string): Promise<AuthorityMaterial>;
  open(material: AuthorityMaterial): Promise<Authority>;
}
