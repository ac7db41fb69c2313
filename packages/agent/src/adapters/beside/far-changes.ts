import { createHash } from 'node:crypto';
import type { FarAnswer, FarSession } from './far-session.js';
import { FAR_MS_MAX, notWhatWasAsked } from './look-store.js';

/** What is sent of a content in one request; the rest goes before. */
const PART_BYTES = 512 * 1024;

/** The far side's section of changes, each carried out when the call returns. */
export class FarChanges {
  constructor(private readonly session: FarSession) {}

  /** What it says at the end, and what it reports. Throws FarRefused; a CasError where there is no answer. */
  ask(what: string, ...fields: readonly (string | Buffer)[]): Extract<FarAnswer, { kind: 'answered' }> {
    const answer = this.session.requestNow('C', [what, ...fields], FAR_MS_MAX);
    if (answer.kind === 'answered') return answer;
    const at = answer.at.toString('utf8');
    throw new FarRefused(answer.code === 'EREFUSED' ? at : answer.code);
  }

  /** Texts of the end, as many as are asked for at least. */
  texts(what: string, count: number, ...fields: readonly (string | Buffer)[]): string[] {
    const end = this.ask(what, ...fields).end.map((field) => field.toString('latin1'));
    if (end.length < count) throw notWhatWasAsked();
    return end;
  }

  /** The last three fields of a request that carries a content; what does not fit goes ahead of it. */
  content(content: string | Uint8Array): readonly (string | Buffer)[] {
    const bytes = Buffer.from(content);
    const digest = createHash('md5').update(bytes).digest('hex');
    let at = 0;
    for (; bytes.length - at > PART_BYTES; at += PART_BYTES)
      this.ask('upload', bytes.subarray(at, at + PART_BYTES));
    return [String(bytes.length), digest, bytes.subarray(at)];
  }
}

/** The far side did not do it: the system's word, or a sentence. Nothing was changed, or it was put back. */
export class FarRefused extends Error {
  override readonly name = 'FarRefused';
}
