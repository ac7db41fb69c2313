import { QueryError } from './query-error.js';
import type { Token } from './tokens.js';

/** A token that does not belong where it stands. */
export function unexpected(text: string, token: Token): QueryError {
  const { kind, offset } = token;
  const isEnd = kind === '<EOF>';
  return new QueryError({
    text: isEnd
      ? `something is missing at the end: ${missingOf(text)}`
      : `${said(token)} does not belong here`,
    at: { offset, length: token.text.length },
    suggestion: kind === '":"' ? colonsEscaped(text, offset) : null,
    classic: `Encountered "${isEnd ? '<EOF>' : ` ${kind} "${escaped(token.text)} "`}" at line 1, column ${offset}.`,
  });
}

function missingOf(text: string): string {
  const last = /(AND|OR|NOT|&&|\|\||[+\-!:^[{(])\s*$/.exec(text.slice(-200))?.[1];
  if (last === '^') return 'a number for the boost';
  if (last === ':') return 'what the field is to contain; a colon that is meant as such is written \\:';
  return last === undefined ? 'a closing bracket' : `what ${last} is about`;
}

function said({ kind, text }: Token): string {
  if (kind === '<AND>' || kind === '<OR>')
    return `${text}, which needs something on both sides (in quotes it is a word),`;
  if (kind === '":"') return 'a colon, which stands for itself only as \\: or in quotes,';
  if (kind === '")"') return 'a closing bracket';
  return `"${text}"`;
}

/** The word around a colon with all its colons escaped: for addresses and such. */
function colonsEscaped(text: string, offset: number): string {
  const start = text.slice(0, offset).search(/[^\s()"]*$/);
  const end = offset + text.slice(offset).search(/[\s()"]|$/);
  return text.slice(start, end).replace(/\\?:/g, '\\:');
}

/** What no token can be made of. */
export function lexicalError(text: string, { text: rest, offset }: Token): QueryError {
  const isUnclosed = text.charAt(offset) === '"' && offset + rest.length === text.length;
  return new QueryError({
    text: isUnclosed ? 'the quotes are not closed' : `${saidChar(rest.charAt(0))}`,
    at: { offset, length: rest.length },
    suggestion: isUnclosed ? `${rest}"` : null,
    classic: classicLexical(text, offset, rest.length),
  });
}

function saidChar(char: string): string {
  return char === '\\'
    ? 'a backslash takes the next character as it is, and none follows'
    : `"${char}" does not belong here: it stands for itself only as \\${char} or in quotes`;
}

function classicLexical(text: string, offset: number, length: number): string {
  const end = offset + length;
  if (end < text.length) {
    const char = text.charAt(offset);
    return `Lexical error at line 1, column ${offset + 1}.  Encountered: "${escaped(char)}" (${char.charCodeAt(0)}), after : ""`;
  }
  const after = length > 1 ? escaped(text.slice(offset)) : '';
  const isNewLine = /[\n\r]$/.test(text);
  return `Lexical error at line ${isNewLine ? 2 : 1}, column ${isNewLine ? 0 : text.length + 1}.  Encountered: <EOF> after : "${after}"`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  "'": "\\'",
  '\\': '\\\\',
};

/** As a Java literal says it. */
function escaped(text: string): string {
  let out = '';
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charAt(index);
    const code = text.charCodeAt(index);
    out += ESCAPES[char] ?? (code < 0x20 || code > 0x7e ? `\\u${code.toString(16).padStart(4, '0')}` : char);
  }
  return out;
}
