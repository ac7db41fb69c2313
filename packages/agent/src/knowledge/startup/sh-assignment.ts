import type { Cursor } from './sh-cursor.js';
import type { Assignment, Part, Word } from './sh-tree.js';

/** `NAME=VALUE`, or null: another word. An array's brackets are taken. */
export function assignmentOf(cursor: Cursor, word: Word): Assignment | null {
  const match = /^([A-Za-z_]\w*)(\[[^\]]*\])?(\+?)=/.exec(word.raw);
  if (!match?.[1]) return null;
  const isAppend = match[3] === '+';
  if (match[2] !== undefined) return { name: match[1], value: null, isAppend };
  if (word.raw.length === match[0].length && cursor.char === '(') {
    cursor.take(1);
    cursor.balanced('(', ')');
    return { name: match[1], value: null, isAppend };
  }
  return { name: match[1], value: without(word.parts, match[0].length), isAppend };
}

/** `declare -a x=(...)`: an array as an argument. */
export function withArray(cursor: Cursor, word: Word): Word {
  if (!/^[A-Za-z_]\w*\+?=$/.test(word.raw) || cursor.char !== '(') return word;
  cursor.take(1);
  cursor.balanced('(', ')');
  return { ...word, parts: [...word.parts, { kind: 'opaque', text: '(...)', isQuoted: false }] };
}

/** Without the first `count` characters, which are unquoted text. */
function without(parts: readonly Part[], count: number): Part[] {
  const [first, ...rest] = parts;
  if (count === 0 || first?.kind !== 'text') return [...parts];
  if (first.text.length <= count) return without(rest, count - first.text.length);
  return [{ ...first, text: first.text.slice(count) }, ...rest];
}
