import { type TSchema, Type } from 'typebox';

/**
 * What everything that comes from a peer is built from: no number without both ends, no text or list without a longest.
 * test/arch/bounds.test.ts walks all schemas and finds what was made around these.
 */

/** Neither NUL nor half of a surrogate pair: no database keeps both, and no person writes them. */
export const PLAIN_PATTERN = '^[^\\u0000\\uD800-\\uDFFF]*$';

/** What a form for people says of it. */
export interface Words {
  readonly title?: string;
  readonly description?: string;
}

/** A text that may become a column of the database or a line of the log. */
export function Text(lengthMax: number, lengthMin = 0, words: Words = {}) {
  return Type.String({
    ...words,
    ...(lengthMin > 0 ? { minLength: lengthMin } : {}),
    maxLength: lengthMax,
    pattern: PLAIN_PATTERN,
  });
}

/** A text that is kept only inside JSON, where any character has its escape: paths and contents of files as they are. */
export function RawText(lengthMax: number) {
  return Type.String({ maxLength: lengthMax });
}

export function Whole(minimum: number, maximum: number) {
  return Type.Integer({ minimum, maximum });
}

export function ListOf<T extends TSchema>(item: T, itemsMax: number) {
  return Type.Array(item, { maxItems: itemsMax });
}

/** Things that are counted: far beyond what there is, and exact as a number. */
export const COUNT_MAX = 1_000_000_000_000;
export const Count = Whole(0, COUNT_MAX);
/** Counts from 1 within a boot. */
export const SEQ_MAX = Number.MAX_SAFE_INTEGER;
/** The longest that one end may have the other wait, ms: an hour. */
export const WAIT_MS_MAX = 3_600_000;
/** How often a node reports, ms. */
export const HEARTBEAT_MS_MIN = 100;
export const HEARTBEAT_MS_MAX = 600_000;
/** The most that a command may live, from its issue to its end, seconds. */
export const COMMAND_LIFE_S_MAX = 3_600;
/** Seconds since 1970 that a clock of ours shows: 2000 to 2200. */
export const EPOCH_S_MIN = 946_684_800;
export const EPOCH_S_MAX = 7_258_118_400;

/** NUL where it should never have come from: replaced, so that what cannot be stored is still told. */
export function plainText(text: string): string {
  return text.replace(/[\u0000\uD800-\uDFFF]/gu, '\uFFFD');
}
