/** Compared so many at once: the units one by one only where a piece differs. */
const PIECE_UNITS = 4096;

/** How many units two texts both begin with. */
export function sameAtStart(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.slice(at, at + PIECE_UNITS) === b.slice(at, at + PIECE_UNITS)) at += PIECE_UNITS;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  return Math.min(at, length);
}

/** How many units both end with, behind the first `from` of each. */
export function sameAtEnd(a: string, b: string, from: number): number {
  const length = Math.min(a.length, b.length) - from;
  const piece = (text: string, back: number) =>
    text.slice(text.length - back - PIECE_UNITS, text.length - back);
  let back = 0;
  while (back + PIECE_UNITS <= length && piece(a, back) === piece(b, back)) back += PIECE_UNITS;
  while (back < length && a.charCodeAt(a.length - back - 1) === b.charCodeAt(b.length - back - 1)) back += 1;
  return back;
}
