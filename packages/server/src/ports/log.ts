type Line = (fields: Readonly<Record<string, unknown>> & { event: string }, message: string) => void;

/** Static message, data in fields. Never a secret: `adapters/log.ts` holds the list of what is struck out. */
export interface Log {
  readonly debug: Line;
  readonly info: Line;
  readonly warn: Line;
  readonly error: Line;
}
