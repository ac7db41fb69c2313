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

  #elapsed(): string {
    return seconds(performance.now() - this.#startedMs).padStart(9);
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
