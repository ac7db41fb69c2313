import { userInfo } from 'node:os';
import type { Result } from '@castellan/shared/base/result';
import { type Core, openCore } from '../app/server.js';
import { setUp } from './setup.js';

export interface ConfigOption {
  readonly config?: string;
}

/** The core without its ports, for one command. Pages that it queues are sent by the server, which looks for them. */
export async function withCore<T>(config: string | undefined, work: (core: Core) => Promise<T>): Promise<T> {
  const { adapters, options } = setUp(config);
  const core = await openCore(adapters, options);
  try {
    return await work({ ...core, ctx: { ...core.ctx, wakeOutbox: () => undefined } });
  } finally {
    await core.store.close();
  }
}

export function caller(): string {
  return `cli:${userInfo().username}`;
}

export function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw result.error;
  return result.value;
}

/** Rows as columns under a head, for people; as one JSON array for programs. */
export function printRows<T extends object>(
  rows: readonly T[],
  columns: readonly (keyof T & string)[],
  json?: boolean,
): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const cells = [
    columns.map((column) => column.toUpperCase()),
    ...rows.map((row) => columns.map((column) => wordOf(row[column]))),
  ];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)));
  for (const line of cells)
    process.stdout.write(
      `${line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
}

function wordOf(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}

/** What was done, for the person who typed it; stdout is for what is asked for. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
