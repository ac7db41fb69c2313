export interface Random {
  /** Cryptographically strong. */
  bytes(count: number): Uint8Array;
  /** In [0, 1); for jitter only. */
  share(): number;
  /** A new identifier: the prefix, an underscore and 24 letters and digits. */
  id(prefix: string): string;
}
