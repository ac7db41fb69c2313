import type { ConfigLine } from './lines.js';

/** Where lines come from: a file that is read when its turn comes, or a macro that is used. */
export interface Source {
  readonly file: string;
  readonly includeDepth: number;
  readonly macros: readonly string[];
  /** A macro's lines are told by the line that uses it. */
  readonly usedAt: number | null;
  readonly isOptional: boolean;
  lines: readonly ConfigLine[] | null;
  next: number;
  sectionsBefore: number;
}

/** A line, for whoever is told of it. */
export interface At {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** The name in `<Name` or `<Name>`, lower-case. */
export function sectionName(word: string): string {
  return word.slice(1, word.endsWith('>') ? -1 : undefined).toLowerCase();
}

/**
 * Where something is below it. No expression: one that looks for slashes up to the end takes minutes for a megabyte of slashes.
 */
export function withoutSlashesAtEnd(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}
