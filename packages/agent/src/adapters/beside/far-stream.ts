/** Bytes that start-up files of the node may print before the marker. */
export const NOISE_BYTES_MAX = 64 * 1024;
export const FRAME_BYTES_MAX = 1024 * 1024;
const HEAD_BYTES = 9;

export interface Frame {
  readonly kind: string;
  readonly request: number;
  readonly body: Buffer;
}

/** What the node sends is not what the far program sends: nothing of it is believed any more. */
export class StreamBroken extends Error {
  override readonly name = 'StreamBroken';
}

/** Takes apart what comes from the node: noise, the marker, frames. */
export class FarStream {
  readonly #marker: Buffer;
  #pending: Buffer = Buffer.alloc(0);
  #noise: Buffer | null = null;

  constructor(marker: string) {
    this.#marker = Buffer.from(marker, 'latin1');
  }

  /** What was printed before the marker; before that came: what there is until now. */
  get noise(): string {
    return (this.#noise ?? this.#pending).toString('latin1');
  }

  /** The frames that are whole now. Throws StreamBroken. */
  take(chunk: Buffer): Frame[] {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    if (this.#noise === null && !this.#passMarker()) return [];
    const frames: Frame[] = [];
    let at = 0;
    for (;;) {
      const left = this.#pending.length - at;
      if (left < HEAD_BYTES) break;
      const length = this.#pending.readUInt32BE(at);
      if (length > FRAME_BYTES_MAX)
        throw new StreamBroken(`a frame of ${length} bytes, more than ${FRAME_BYTES_MAX}`);
      if (left < HEAD_BYTES + length) break;
      const start = at + HEAD_BYTES;
      frames.push({
        kind: this.#pending.toString('latin1', at + 4, at + 5),
        request: this.#pending.readUInt32BE(at + 5),
        body: this.#pending.subarray(start, start + length),
      });
      at = start + length;
    }
    this.#pending = this.#pending.subarray(at);
    return frames;
  }

  #passMarker(): boolean {
    const at = this.#pending.indexOf(this.#marker);
    if (at > NOISE_BYTES_MAX || (at < 0 && this.#pending.length > NOISE_BYTES_MAX + this.#marker.length))
      throw new StreamBroken(
        `more than ${NOISE_BYTES_MAX} bytes were printed before the far program answered`,
      );
    if (at < 0) return false;
    this.#noise = Buffer.from(this.#pending.subarray(0, at));
    this.#pending = this.#pending.subarray(at + this.#marker.length);
    return true;
  }
}
