import { type Tri, tri } from './tri.js';

/** What is known of a text: how it begins, and whether more follows (`any`: perhaps nothing; `some`: something). */
export interface Text {
  readonly prefix: string;
  readonly rest: null | 'any' | 'some';
}

export const ANY: Text = { prefix: '', rest: 'any' };
export const SOME: Text = { prefix: '', rest: 'some' };
export const exact = (prefix: string): Text => ({ prefix, rest: null });

/** The text itself, where it is known. */
export const known = (text: Text): string | null => (text.rest === null ? text.prefix : null);

export function concat(a: Text, b: Text): Text {
  if (a.rest === null) return { prefix: a.prefix + b.prefix, rest: b.rest };
  return a.rest === 'some' || b.prefix !== '' || b.rest === 'some' ? { ...a, rest: 'some' } : a;
}

export function isFilled(text: Text): Tri {
  if (text.prefix !== '' || text.rest === 'some') return 'yes';
  return text.rest === null ? 'no' : 'unclear';
}

export function areEqual(a: Text, b: Text): Tri {
  if (a.rest === null && b.rest === null) return tri(a.prefix === b.prefix);
  if (a.rest === null) return areEqual(b, a);
  if (b.rest !== null)
    return a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix) ? 'unclear' : 'no';
  const isLongEnough = b.prefix.length > a.prefix.length || a.rest === 'any';
  return b.prefix.startsWith(a.prefix) && isLongEnough ? 'unclear' : 'no';
}

/** One of two texts. */
export function either(a: Text | null, b: Text | null): Text {
  if (a === null || b === null) return ANY;
  if (a.rest === b.rest && a.prefix === b.prefix) return a;
  return isFilled(a) === 'yes' && isFilled(b) === 'yes' ? SOME : ANY;
}
