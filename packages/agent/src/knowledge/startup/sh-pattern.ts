import type { FileReader } from '../../ports/files.js';
import { known, type Text } from './sh-text.js';
import { type Tri, tri } from './tri.js';

/** The most names that a pattern for files may stand for. */
export const NAMES_MAX = 1024;

/** A pattern of the shell, cut up: a character as it is, or a wildcard. */
export type Glyph =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'star' }
  | { readonly kind: 'class'; readonly isNegated: boolean; readonly text: string };

/** Text in which wildcards count. Null: a class of characters that is not understood. */
export function glyphs(text: string): Glyph[] | null {
  const found: Glyph[] = [];
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] ?? '';
    if (char === '*') found.push({ kind: 'star' });
    else if (char === '?') found.push({ kind: 'any' });
    else if (char === '[') {
      const match = /^\[([!^]?)(\]?[^\]]*)\]/.exec(text.slice(i, i + 256));
      if (!match) found.push({ kind: 'char', char });
      else {
        if (/\[[:.=]/.test(match[0])) return null;
        found.push({ kind: 'class', isNegated: match[1] !== '', text: match[2] ?? '' });
        i += match[0].length - 1;
      }
    } else found.push({ kind: 'char', char });
  }
  return found;
}

export const literal = (text: string): Glyph[] => [...text].map((char) => ({ kind: 'char', char }));

function fits(glyph: Glyph, char: string): boolean {
  if (glyph.kind === 'char') return glyph.char === char;
  if (glyph.kind !== 'class') return true;
  let isIn = false;
  for (let i = 0; i < glyph.text.length; i += 1) {
    const [from = '', dash, to] = glyph.text.slice(i, i + 3);
    if (dash === '-' && to !== undefined) {
      isIn ||= char >= from && char <= to;
      i += 2;
    } else isIn ||= from === char;
  }
  return isIn !== glyph.isNegated;
}

/** Steps back to the last star only, so that no pattern takes longer than its length times the text's. */
export function matches(pattern: readonly Glyph[], text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let from = 0;
  while (t < text.length) {
    const glyph = pattern[p];
    if (glyph?.kind === 'star') {
      star = p;
      from = t;
      p += 1;
    } else if (glyph && fits(glyph, text[t] ?? '')) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      from += 1;
      t = from;
      p = star + 1;
    } else return false;
  }
  return pattern.slice(p).every((glyph) => glyph.kind === 'star');
}

/** Of a text of which only the beginning is known, `*i*` can be answered where an i is in it. */
export function matchesText(pattern: readonly Glyph[] | null, text: Text): Tri {
  if (pattern === null) return 'unclear';
  const whole = known(text);
  if (whole !== null) return tri(matches(pattern, whole));
  if (pattern.every((glyph) => glyph.kind === 'star') && pattern.length > 0) return 'yes';
  if (pattern.at(-1)?.kind === 'star' && matches(pattern, text.prefix)) return 'yes';
  const head = pattern.findIndex((glyph) => glyph.kind !== 'char');
  const start = pattern.slice(0, head < 0 ? undefined : head).map((g) => (g.kind === 'char' ? g.char : ''));
  const common = Math.min(start.length, text.prefix.length);
  return start.join('').slice(0, common) === text.prefix.slice(0, common) ? 'unclear' : 'no';
}

/** `${x#pattern}` and its like. */
export function trimmed(text: string, operator: string, pattern: readonly Glyph[]): string {
  const lengths = Array.from({ length: text.length + 1 }, (_, i) => i);
  if (operator.length === 2) lengths.reverse();
  for (const length of lengths) {
    const isHead = operator.startsWith('#');
    const part = isHead ? text.slice(0, length) : text.slice(text.length - length);
    if (matches(pattern, part)) return isHead ? text.slice(length) : text.slice(0, text.length - length);
  }
  return text;
}

/** Paths that fit, in order; null where a folder cannot be listed, or more fit than are followed. */
export function pathsOf(files: FileReader, pattern: readonly Glyph[]): string[] | null {
  const segments: Glyph[][] = [[]];
  for (const glyph of pattern) {
    if (glyph.kind === 'char' && glyph.char === '/') segments.push([]);
    else segments.at(-1)?.push(glyph);
  }
  if (segments[0]?.length !== 0) return null;
  let found: string[] = [''];
  for (const segment of segments.slice(1)) {
    const next: string[] = [];
    for (const folder of found) {
      const names = namesIn(files, folder, segment);
      if (names === null || next.length + names.length > NAMES_MAX) return null;
      next.push(...names);
    }
    found = next;
  }
  return found;
}

function namesIn(files: FileReader, folder: string, segment: readonly Glyph[]): string[] | null {
  if (segment.every((glyph) => glyph.kind === 'char')) {
    const path = `${folder}/${segment.map((glyph) => (glyph.kind === 'char' ? glyph.char : '')).join('')}`;
    const there = files.lstat(path);
    if (there.ok) return [path];
    return there.problem === 'missing' || there.problem === 'not-directory' ? [] : null;
  }
  const names = files.list(folder === '' ? '/' : folder);
  if (!names.ok) return names.problem === 'missing' || names.problem === 'not-directory' ? [] : null;
  const first = segment[0];
  const isHidden = first?.kind === 'char' && first.char === '.';
  return names.value
    .filter((name) => (isHidden || !name.startsWith('.')) && matches(segment, name))
    .map((name) => `${folder}/${name}`);
}
