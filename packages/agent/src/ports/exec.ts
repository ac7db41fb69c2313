/** Running a program of the node. There is no shell: `argv` goes to the program as it is. */
export interface ExecRequest {
  /** Absolute path inside the node's tree. */
  readonly program: string;
  readonly argv: readonly string[];
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** What of each stream is kept. */
  readonly outputBytesMax?: number;
  /** Texts that must not appear in logs or results: they are replaced in the output. */
  readonly secrets?: readonly string[];
  readonly signal?: AbortSignal;
}

export type ExecResult =
  | { readonly kind: 'exited'; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'signalled'; readonly signal: string; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'timeout'; readonly stdout: string; readonly stderr: string }
  /** `missing`, `denied`, or `forbidden`: programs of a tree given with --root are run only with --live. */
  | {
      readonly kind: 'unstarted';
      readonly problem: 'missing' | 'denied' | 'forbidden' | 'failed';
      readonly detail: string;
    };

export interface Exec {
  run(request: ExecRequest): Promise<ExecResult>;
}
