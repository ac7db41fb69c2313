/** A running process of the node's own daemons. */
export interface ProcessInfo {
  readonly pid: number;
  /** Path of the program inside the node's tree. */
  readonly program: string;
  readonly uid: number;
  /** From /proc/PID/status (Linux 4.7 and later); null where the system does not say. */
  readonly umask: number | null;
}

export interface Processes {
  /** Processes whose program is under one of these folders of the tree. `null` where processes cannot be seen. */
  under(folders: readonly string[]): readonly ProcessInfo[] | null;
}
