/** One `umask` command in a startup file, as a shell of root would come to it. */
export interface UmaskLine {
  readonly file: string;
  readonly line: number;
  /** The command as written: `umask 0027`; or what was not understood: `eval "$X"`. */
  readonly text: string;
  /** What it sets; null where the line cannot be judged without running it. */
  readonly umask: number | null;
  /** Runs for root: `yes`, `no`, or `unclear` with the condition's text. */
  readonly runs: 'yes' | 'no' | 'unclear';
  readonly condition: string | null;
}

/** How a daemon of Momentum, or a crontab's jobs, come by their umask. */
export interface UmaskStart {
  /** `umask of ecelerity`. */
  readonly subject: string;
  /** The init script, the unit or the crontab. */
  readonly file: string;
  /** Null where unclear. */
  readonly umask: number | null;
  readonly possible: readonly (number | null)[];
  /** What sets it, or what was not understood; null: nothing does. */
  readonly line: UmaskLine | null;
}

export interface UmaskFact {
  readonly lines: readonly UmaskLine[];
  /** The line that decides for root's login shell, or that was not understood; null: the system's default counts. */
  readonly decidedBy: UmaskLine | null;
  /** Effective umask of a new root shell; null where unclear. */
  readonly effective: number | null;
  /** Every mask that the shell may have, by its files; null among them stands for one that cannot be told. */
  readonly possible: readonly (number | null)[];
  /** Who answered: a login shell that was run, or the reading of its files. */
  readonly from: 'shell' | 'files';
  /** By the reading of the files alone; null where unclear. */
  readonly byFiles: number | null;
  readonly systemDefault: { readonly umask: number | null; readonly from: string };
  /** Startup files that exist and could not be read. */
  readonly unread: readonly { readonly file: string; readonly problem: string }[];
  readonly starts: readonly UmaskStart[];
  /** Momentum's running daemons; null where processes cannot be seen. */
  readonly processes:
    | readonly { readonly pid: number; readonly program: string; readonly umask: number | null }[]
    | null;
}
