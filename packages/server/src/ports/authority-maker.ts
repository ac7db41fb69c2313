import type { Authority, CommandSigner, ServiceAuthority } from './authority.js';

/** What is kept of an authority: its key is sealed before it is stored. */
export interface AuthorityMaterial {
  readonly rootPem: string;
  readonly rootKeyPkcs8: Uint8Array;
}

export interface AuthorityMaker {
  /** A new key and its self-signed root, of this name. No two authorities of a server have the same. */
  make(name: string): Promise<AuthorityMaterial>;
  open(material: AuthorityMaterial): Promise<Authority>;
  openServices(material: AuthorityMaterial): Promise<ServiceAuthority>;
  /** A new key that commands are signed with, PKCS#8. */
  makeCommandKey(): Promise<Uint8Array>;
  openSigner(commandKeyPkcs8: Uint8Array): Promise<CommandSigner>;
}
