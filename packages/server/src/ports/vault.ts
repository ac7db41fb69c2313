/** Encrypts what must not be read from a stolen database. `context` is bound to the text: it opens for nothing else. */
export interface Vault {
  seal(plain: Uint8Array, context: string): string;
  open(sealed: string, context: string): Uint8Array;
}

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  verify(hash: string, password: string): Promise<boolean>;
}
