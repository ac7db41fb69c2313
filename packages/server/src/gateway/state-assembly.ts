import { err, ok, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import { stateDigestOfKeys, verdictDigest } from '@castellan/shared/model/state-digest';
import { verdictKey } from '@castellan/shared/model/verdict';
import type { State } from '@castellan/shared/protocol/messages';
import type { WholeState } from '../services/replace-state.js';

/** A node's whole state may not be larger than this. */
export const STATE_BYTES_MAX = 32 * 1024 * 1024;

/** A whole state, and what its frames weighed. */
export interface Assembled extends WholeState {
  readonly bytes: number;
}

/** Gathers the parts of a state. They come in order; a part 1 begins anew. */
export class StateAssembly {
  #parts: State[] = [];
  #bytes = 0;

  /** Of the parts that wait for the rest. */
  get bytes(): number {
    return this.#bytes;
  }

  letGo(): void {
    this.#reset();
  }

  /** The whole when its last part has come, null before. */
  add(part: State, frameBytes: number): Result<Assembled | null> {
    if (part.part === 1) this.#reset();
    const [first] = this.#parts;
    const isNext = part.part === this.#parts.length + 1 && part.part <= part.parts;
    if (!isNext || (first && (first.digest !== part.digest || first.parts !== part.parts))) {
      this.#reset();
      return err(casError('CAS_FRAME_INVALID', `state: part ${part.part} of ${part.parts} is out of order`));
    }
    this.#parts.push(part);
    this.#bytes += frameBytes;
    if (this.#bytes > STATE_BYTES_MAX) {
      this.#reset();
      return err(casError('CAS_FRAME_TOO_LARGE', `state: more than ${STATE_BYTES_MAX} bytes`));
    }
    return part.part < part.parts ? ok(null) : this.#finish(part);
  }

  #finish(last: State): Result<Assembled> {
    const verdicts = this.#parts.flatMap((part) => part.verdicts);
    const bytes = this.#bytes;
    this.#reset();
    const keys = verdicts.map(verdictKey);
    if (new Set(keys).size !== keys.length) {
      return err(casError('CAS_FRAME_INVALID', 'state: two verdicts of one control and subject'));
    }
    const digests = verdicts.map(verdictDigest);
    if (stateDigestOfKeys(digests.map((digest, index) => [keys[index] ?? '', digest])) !== last.digest)
      return err(casError('CAS_FRAME_INVALID', 'state: the digest is not of these verdicts'));
    return ok({ verdicts, digests, observedAt: Date.parse(last.observedAt), bytes });
  }

  #reset(): void {
    this.#parts = [];
    this.#bytes = 0;
  }
}
