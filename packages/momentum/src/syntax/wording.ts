import type { Token } from '../lex/token.js';
import type { Report } from './report.js';

const CURLY = /[\u201c\u201d\u201e\u2018\u2019]/;
const ELLIPSIS = /^(\.+|\u2026+)$/;
/** By code: 1 for what a name can begin with, 2 for what it can hold besides, 3 for what a word may hold that a name may not. */
const CLASSES = new Uint8Array(128);
for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_')
  CLASSES[character.charCodeAt(0)] = 1;
for (const character of '0123456789.:-') CLASSES[character.charCodeAt(0)] = 2;
CLASSES['+'.charCodeAt(0)] = 3;
const DOT = '.'.charCodeAt(0);
/** Text of a message that comes from the file is cut to this length. */
const SHOWN_UNITS_MAX = 60;

export function shown(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > SHOWN_UNITS_MAX ? `${line.slice(0, SHOWN_UNITS_MAX - 3)}...` : line;
}

/** Whether every character of a token is of one of the classes from 1 to `last`. */
function isOf(last: number, { start, end }: Token, text: string): boolean {
  for (let at = start; at < end; at += 1) {
    const kind = CLASSES[text.charCodeAt(at)];
    if (kind === undefined || kind === 0 || kind > last) return false;
  }
  return true;
}

function isName(token: Token, text: string): boolean {
  return CLASSES[text.charCodeAt(token.start)] === 1 && isOf(2, token, text);
}

/** What nearly every text is: there is nothing to say of it, and its characters need not be taken out to see that. */
function isOrdinary(token: Token, text: string): boolean {
  if (token.kind === 'word') return text.charCodeAt(token.start) !== DOT && isOf(3, token, text);
  if (token.unclosed || token.curly) return false;
  for (let at = token.start; at < token.end; at += 1) if (text.charCodeAt(at) > 0x7e) return false;
  return true;
}

/** The name of an option or of a scope's type: a bare word of letters, digits, `_`, `-`, `.` and `:`. */
export function checkName(token: Token, text: string, report: Report): void {
  if (token.kind === 'word' && isName(token, text)) return;
  const raw = text.slice(token.start, token.end);
  if (token.kind === 'string') {
    if (!reportsQuotes(token, raw, report)) {
      report.error(
        'name-quoted',
        token,
        'a statement cannot begin with a quoted text',
        'write Option = "value", or Scope "name" { … }',
      );
    }
    return;
  }
  if (reportsMarkup(token, raw, report)) return;
  report.error('name-odd', token, `"${shown(raw)}" is not the name of an option or of a scope`, null);
}

/** A value, an element, a key or the name of a scope: what is often pasted from a typeset page is reported. */
export function checkText(token: Token, text: string, report: Report): void {
  if (isOrdinary(token, text)) return;
  const raw = text.slice(token.start, token.end);
  if (reportsQuotes(token, raw, report)) return;
  if (token.kind === 'string') {
    if (raw.includes('\u00bb')) {
      report.warning(
        'continuation-mark',
        token,
        'the mark » is how the manual breaks a long line',
        'join the two lines and remove it',
      );
    } else if (CURLY.test(raw)) {
      report.warning('typographic-quote', token, 'this text holds a typographic quotation mark', null);
    }
    return;
  }
  if (reportsMarkup(token, raw, report)) return;
  if (raw.startsWith("'")) {
    report.error('single-quotes', token, 'single quotes do not enclose a text', 'use double quotes: "…"');
  } else if (raw.endsWith(';')) {
    report.warning(
      'semicolon',
      token,
      'a statement does not end with a semicolon: it becomes part of the value',
      'remove it',
    );
  } else if (/[/']/.test(raw)) {
    report.deviation(
      'quotes-missing',
      token,
      `the manual asks for double quotes around ${shown(raw)}`,
      `write "${shown(raw)}"`,
    );
  } else if (/[^\x20-\x7e]/.test(raw)) {
    report.warning(
      'character-odd',
      token,
      `"${shown(raw)}" holds a character beyond ASCII`,
      'enclose it in double quotes',
    );
  }
}

function reportsQuotes(token: Token, raw: string, report: Report): boolean {
  if (token.unclosed) {
    const hint = 'close it with " on this line; only its first line was taken';
    report.error('string-unclosed', token, 'this text has no closing double quote', hint);
  } else if (token.curly || (token.kind === 'word' && CURLY.test(raw))) {
    const message = 'a typographic quotation mark stands where a straight one (") is expected';
    report.error('typographic-quote', token, message, 'it was pasted from a typeset page: type " instead');
  } else {
    return false;
  }
  return true;
}

/** Marks of a manual's page that are no configuration: dots for what is left out, bold, code, `<placeholder>`, `a|b`. */
function reportsMarkup(token: Token, raw: string, report: Report): boolean {
  if (CURLY.test(raw)) return reportsQuotes(token, raw, report);
  if (ELLIPSIS.test(raw)) {
    report.error(
      'ellipsis',
      token,
      'dots stand for something that was left out',
      'a shortened example was pasted: write it out or remove the dots',
    );
  } else if (raw.includes('**') || raw.includes('`')) {
    report.error(
      'markup',
      token,
      `"${shown(raw)}" holds the markup of a page, not configuration`,
      'remove the asterisks and back quotes',
    );
  } else if (!/^\/.*\/$/.test(raw) && /[<>|]/.test(raw)) {
    const message = `"${shown(raw)}" is a placeholder or a choice of a manual's page`;
    report.error(
      'placeholder',
      token,
      message,
      'write the value itself, in double quotes if it holds < > or |',
    );
  } else {
    return false;
  }
  return true;
}
