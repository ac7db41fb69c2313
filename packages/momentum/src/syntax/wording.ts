import type { Token } from '../lex/token.js';
import type { Report } from './report.js';

const CURLY = /[\u201c\u201d\u201e\u2018\u2019]/;
const ELLIPSIS = /^(\.+|\u2026+)$/;
const NAME = /^[A-Za-z_][A-Za-z0-9_.:-]*$/;
/** Text of a message that comes from the file is cut to this length. */
const SHOWN_UNITS_MAX = 60;

export function shown(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > SHOWN_UNITS_MAX ? `${line.slice(0, SHOWN_UNITS_MAX - 3)}...` : line;
}

/** The name of an option or of a scope's type: a bare word of letters, digits, `_`, `-`, `.` and `:`. */
export function checkName(token: Token, raw: string, report: Report): void {
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
  if (NAME.test(raw) || reportsMarkup(token, raw, report)) return;
  report.error('name-odd', token, `"${shown(raw)}" is not the name of an option or of a scope`, null);
}

/** A value, an element, a key or the name of a scope: what is often pasted from a typeset page is reported. */
export function checkText(token: Token, raw: string, report: Report): void {
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
