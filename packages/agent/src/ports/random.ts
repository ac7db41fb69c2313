export interface Random {
  /** Uniform in [0, 1). */
  unit(): number;
  bytes(count: number): Buffer;
  /** Sortable, safe in a path, unique. */
  id(): string;
}
