import { createHash } from 'node:crypto';

/** Who holds the lock, as its file says. */
export interface Holder {
  readonly pid: number;
  /** When it began, in the kernel's ticks since the system's start; empty where the system does not say. */
  readonly start: string;
  /** Which start of the system that was; empty where the system, or an earlier release, does not say. */
  readonly bootId: string;
}

/** What stands in the file of a lock. */
export function lockText({ pid, start, bootId }: Holder): string {
  const line = [pid, start, ...(bootId === '' ? [] : [bootId])].join(' ');
  return `${line} ${sumOf(line)}\n`;
}

/** Null: damaged. Earlier releases wrote no boot, and the first no sum. */
export function holderIn(text: string): Holder | null {
  const [, line, pid, start = '', bootId = '', sum] =
    /^((\d+) (\d*)(?: ([0-9a-f-]{36}))?)(?: ([0-9a-f]{16}))?\n$/.exec(text) ?? [];
  if (line === undefined || (sum !== undefined && sum !== sumOf(line)) || Number(pid) < 1) return null;
  return { pid: Number(pid), start, bootId };
}

function sumOf(line: string): string {
  return createHash('sha256').update(line).digest('hex').slice(0, 16);
}
