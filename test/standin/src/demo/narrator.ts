import { performance } from 'node:perf_hooks';

/** What the demo tells people, with the seconds since it began. Pages are set apart from steps. */
export class Narrator {
  readonly #startedMs = performance.now();
  /** Told in order, for the last line of a story. */
  readonly failures: string[] = [];

  step(text: string): void {
    process.stdout.write(`${this.#elapsed()}  ${text}\n`);
  }

  done(text: string, tookMs: number): void {
    process.stdout.write(`${this.#elapsed()}  ok    ${text}  (${seconds(tookMs)})\n`);
  }

  failed(text: string): void {
    this.failures.push(text);
    process.stdout.write(`${this.#elapsed()}  FAIL  ${text}\n`);
  }

  plain(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /** Columns as wide as their widest cell. */
  table(head: readonly string[], rows: readonly (readonly string[])[]): void {
    const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)));
    const line = (row: readonly string[]) =>
      widths
        .map((width, at) => (row[at] ?? '').padEnd(width))
        .join('  ')
        .trimEnd();
    this.plain(
      ['', line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n'),
    );
  }

  #elapsed(): string {
    return seconds(performance.now() - this.#startedMs).padStart(9);
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
