import { StringDecoder } from 'node:string_decoder';

const MASK = '[secret]';

/** Keeps the beginning of a program's output, without the secrets that it was called with. */
export class OutputKeeper {
  readonly #chunks: Buffer[] = [];
  readonly #bytesMax: number;
  readonly #secrets: readonly string[];
  /** So much more is kept that a secret on the border is whole when it is looked for. */
  readonly #margin: number;
  #bytes = 0;

  constructor(bytesMax: number, secrets: readonly string[]) {
    this.#bytesMax = bytesMax;
    // Longest first: a secret that is part of another must not leave the rest of that one behind.
    this.#secrets = secrets.filter((secret) => secret !== '').sort((a, b) => b.length - a.length);
    this.#margin = Math.max(0, ...this.#secrets.map((secret) => Buffer.byteLength(secret)));
  }

  add(chunk: Buffer): void {
    const room = this.#bytesMax + this.#margin - this.#bytes;
    if (room <= 0) return;
    const kept = chunk.length > room ? chunk.subarray(0, room) : chunk;
    this.#chunks.push(kept);
    this.#bytes += kept.length;
  }

  text(): string {
    const whole = Buffer.concat(this.#chunks).toString('utf8');
    const clean = Buffer.from(this.#secrets.reduce((text, secret) => text.replaceAll(secret, MASK), whole));
    const isCut = this.#bytes >= this.#bytesMax + this.#margin;
    // What was cut may end in the beginning of a secret: the margin goes too.
    const end = Math.min(this.#bytesMax, isCut ? clean.length - this.#margin : clean.length);
    // The decoder drops a character that the cut goes through.
    return new StringDecoder('utf8').write(clean.subarray(0, Math.max(0, end)));
  }
}
