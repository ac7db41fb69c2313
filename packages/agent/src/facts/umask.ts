/** One `umask` command in a startup file, as a shell of root would come to it. */
export interface UmaskLine {
  readonly file: string;
  readonly line: number;
  /** The command as written: `umask 0027`. */
  readonly text: string;
  /** What it sets; null where the line cannot be judged without running it. */
  readonly umask: number | null;
  /** Runs for root: `yes`, `no`, or `unclear` with the condition's text. */
  readonly runs: 'yes' | 'no' | 'unclear';
  readonly condition: string | null;
}

export interface UmaskFact {
  readonly lines: readonly UmaskLine[];
  /** The line that decides for root's login shell, or null: then the system's default counts. */
  readonly decidedBy: UmaskLine | null;
  /** Effective umask of a new root shell; null where unclear. */
  readonly effective: number | null;
  readonly systemDefault: { readonly umask: number; readonly from: string };
  /** Startup files that exist and could not be read. */
  readonly unread: readonly { readonly file: string; readonly problem: string }[];
  /** Momentum's running daemons; null where processes cannot be seen. */
  readonly processes:
    | readonly { readonly pid: number; readonly program: string; readonly umask: number | null }[]
    | null;
}
