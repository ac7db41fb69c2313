/** What Momentum's logs of its own errors say of configurations that it did not load. */
export interface ReloadFailuresFact {
  readonly logs: readonly {
    readonly path: string;
    /** Null: it was read. */
    readonly unread: string | null;
    /** The last of each kind; without a time where its line and those above have none. */
    readonly failures: readonly {
      readonly kind: 'permission' | 'configuration';
      readonly line: number;
      readonly atMs: number | null;
    }[];
  }[];
}
