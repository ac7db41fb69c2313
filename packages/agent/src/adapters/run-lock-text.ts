import { createHash } from 'node:crypto';

/** Who holds the lock, as its file says. */
export interface Holder {
  readonly pid: number;
  /** When it began, in the kernel's ticks. */
  readonly start: string;
}

/** What stands in the file of a lock. */
export function lockText({ pid, start }: Holder): string {
  const line = `${pid} ${start}`;
  return `${line} ${sumOf(line)}\n`;
}

/** Null: damaged. An earlier release wrote no sum. */
export function holderIn(text: string): Holder | null {
  const [, line, pid, start = '', sum] = /^((\d+) (\d*))(?: ([0-9a-f]{16}))?\n$/.exec(text) ?? [];
  if (line === undefined || (sum !== undefined && sum !== sumOf(line)) || Number(pid) < 1) return null;
  return { pid: Number(pid), start };
}

function sumOf(line: string): string {
  return createHash('sha256').update(line).digest('hex').slice(0, 16);
}
