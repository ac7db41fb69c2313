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
  /** Called when the process is there and before it may do anything. Throws: the program is not run. */
  readonly started?: (child: StartedChild) => void;
}

/** A process that may outlive the agent: told from a later one of the same number by when it began and since which boot. */
export interface ChildIdentity {
  readonly pid: number;
  /** In the kernel's ticks (proc(5), stat, field 22); empty where there is no /proc. */
  readonly start: string;
  /** /proc/sys/kernel/random/boot_id; empty where there is none. */
  readonly bootId: string;
}

export interface StartedChild extends ChildIdentity {
  readonly program: string;
}

/** Children of an agent that is gone. */
export interface Children {
  isRunning(child: ChildIdentity): boolean;
  /** Ends its process group, and waits until it is gone (at most some seconds). */
  end(child: ChildIdentity): Promise<void>;
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
  /** Absent where programs are played. */
  readonly children?: Children;
}
