import { isText, type Token } from '../lex/token.js';
import type { Cursor } from './cursor.js';
import { listValue } from './nodes.js';
import type { Report } from './report.js';
import type { DictionaryEntry, ValueNode } from './tree.js';
import { checkText, shown } from './wording.js';

/** A word, a text, `( … )` or `[ … ]` (Manual, console_commands.config); null where none begins. */
export function parseValue(cursor: Cursor, report: Report): ValueNode | null {
  const first = cursor.peek();
  if (isText(first)) {
    cursor.take();
    checkText(first, cursor.text, report);
    return { kind: 'scalar', token: first, start: first.start, end: first.end };
  }
  if (first.kind === '(') return parseArray(cursor, report);
  return first.kind === '[' ? parseDictionary(cursor, report) : null;
}

function parseArray(cursor: Cursor, report: Report): ValueNode {
  const open = cursor.take();
  const elements: Token[] = [];
  for (;;) {
    const token = cursor.peek();
    if (token.kind === ')') {
      cursor.take();
      return listValue(elements, open.start, token.end);
    }
    if (
      token.kind === 'end' ||
      token.kind === '}' ||
      token.kind === '{' ||
      token.kind === '=' ||
      cursor.beginsStatement(token)
    ) {
      reportUnclosed(open, ')', cursor, report);
      return listValue(elements, open.start, elements.at(-1)?.end ?? open.end);
    }
    cursor.take();
    if (isText(token)) {
      checkText(token, cursor.text, report);
      elements.push(token);
    } else if (token.kind !== ',') {
      report.error(
        'array-element',
        token,
        `an element of the list is expected here, not "${token.kind}"`,
        'elements are words or "texts" with blanks between; lists do not nest',
      );
    }
  }
}

function parseDictionary(cursor: Cursor, report: Report): ValueNode {
  const open = cursor.take();
  const entries: DictionaryEntry[] = [];
  for (;;) {
    const token = cursor.peek();
    if (token.kind === ']') {
      cursor.take();
      return { kind: 'dictionary', entries, start: open.start, end: token.end };
    }
    if (token.kind === 'end' || token.kind === '}' || token.kind === '{') {
      reportUnclosed(open, ']', cursor, report);
      return { kind: 'dictionary', entries, start: open.start, end: entries.at(-1)?.end ?? open.end };
    }
    cursor.take();
    if (isText(token)) entries.push(parseEntry(token, cursor, report));
    else if (token.kind !== ',') {
      report.error(
        'dictionary-entry',
        token,
        `key = value is expected here, not "${token.kind}"`,
        'dictionaries do not nest',
      );
    }
  }
}

function parseEntry(key: Token, cursor: Cursor, report: Report): DictionaryEntry {
  const name = cursor.raw(key);
  const before = report.errors;
  checkText(key, cursor.text, report);
  if (cursor.peek().kind !== '=') {
    if (report.errors === before) {
      report.error(
        'dictionary-entry',
        key,
        `"=" and a value are expected after the key ${shown(name)}`,
        'entries are key = value',
      );
    }
    return { key, value: null, start: key.start, end: key.end };
  }
  const equals = cursor.take();
  const next = cursor.peek();
  const value =
    (isText(next) && !cursor.beginsStatement(next)) || next.kind === '(' ? parseValue(cursor, report) : null;
  if (!value) report.error('value-missing', equals, `a value is expected after ${shown(name)} =`, null);
  return { key, value, start: key.start, end: value?.end ?? equals.end };
}

function reportUnclosed(open: Token, expected: string, cursor: Cursor, report: Report): void {
  const { line, column } = cursor.position(open);
  const found = cursor.peek();
  const what = found.kind === 'end' ? 'the end of the file' : 'this';
  report.error(
    'bracket-missing',
    found,
    `"${expected}" is expected before ${what}`,
    `the ${open.kind} was opened in line ${line}, column ${column}`,
  );
}
