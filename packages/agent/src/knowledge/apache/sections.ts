import type { Truth } from './definitions.js';
import type { ApacheVhost } from './directives.js';

/** A section that is open. */
export interface Section {
  /** Lower-case, without brackets. */
  readonly name: string;
  /** Whether the lines inside take effect. */
  readonly mode: Truth;
  /** Why that is not known, where `mode` is `maybe`. */
  readonly doubt: string;
  readonly vhost: ApacheVhost | null;
  /** What it holds is no configuration of Apache's: only its own end is looked for. */
  readonly isOpaque: boolean;
  /** Of requests: no directive of a server is taken inside. */
  readonly isRequest: boolean;
}

/** The sections around a line, the outermost first. */
export class Sections {
  readonly #open: Section[] = [];

  get depth(): number {
    return this.#open.length;
  }

  get top(): Section | undefined {
    return this.#open.at(-1);
  }

  get vhost(): ApacheVhost | null {
    return this.top?.vhost ?? null;
  }

  open(section: Section): void {
    this.#open.push(section);
  }

  close(): void {
    this.#open.pop();
  }

  closeTo(depth: number): void {
    this.#open.length = Math.min(this.#open.length, depth);
  }
}
