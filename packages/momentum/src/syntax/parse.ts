import { lex } from '../lex/lex.js';
import { isTrivia, type Token, type TokenKind } from '../lex/token.js';
import type { Diagnostic } from '../text/diagnostic.js';
import { LineMap } from '../text/span.js';
import type { DictionaryEntry, Item, ScopeNode, Tree, ValueNode } from './tree.js';

/** Scopes nested deeper than this are reported and read flat. The deepest documented nesting is four. */
export const DEPTH_MAX = 64;
/** After this many diagnostics of one text the rest is counted only. */
export const DIAGNOSTICS_MAX = 200;

export interface Parsed {
  readonly tree: Tree;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a text whole. Never throws; one error does not hide the next scope. */
export function parse(text: string, file = ''): Parsed {
  const parser = new Parser(text, file);
  const items = parser.items(0);
  return { tree: { text, tokens: parser.tokens, items, lines: parser.lines }, diagnostics: parser.diagnostics };
}

const NAME = /^[A-Za-z_][A-Za-z0-9_.:-]*$/;
const CURLY_QUOTES = /[\u201c\u201d\u201e\u2018\u2019]/;

class Parser {
  readonly tokens: readonly Token[];
  readonly lines: LineMap;
  readonly diagnostics: Diagnostic[] = [];
  /** The tokens that carry meaning, and where the parser stands among them. */
  readonly #significant: readonly Token[];
  #at = 0;

  constructor(
    readonly text: string,
    readonly file: string,
  ) {
    this.tokens = lex(text);
    this.lines = new LineMap(text);
    this.#significant = this.tokens.filter((token) => !isTrivia(token));
    for (const token of this.tokens) {
      if (token.unclosed && token.kind === 'comment') {
        this.#report('error', 'comment-unclosed', token, 'this comment has no end', 'close it with */');
      }
    }
  }

  items(depth: number): Item[] {
    const items: Item[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.kind === 'end') return items;
      if (token.kind === '}') {
        if (depth > 0) return items;
        this.#report('error', 'brace-unexpected', token, 'this } closes nothing', 'a scope was closed twice, or its { is missing above');
        this.#at += 1;
        items.push({ kind: 'junk', start: token.start, end: token.end });
        continue;
      }
      items.push(this.#statement(depth));
    }
  }

  #statement(depth: number): Item {
    const first = this.#take();
    if (first.kind !== 'word' && first.kind !== 'string') return this.#junk(first);
    const name = this.#raw(first);
    this.#checkName(first, name);
    const lower = name.toLowerCase();
    if ((lower === 'include' || lower === 'readonly_include') && this.#isWord(this.#peek()) && this.#peek(1).kind !== '{') {
      const path = this.#take();
      this.#checkString(path);
      return { kind: 'include', keyword: first, isReadOnly: lower === 'readonly_include', path, start: first.start, end: path.end };
    }
    return this.#afterName(first, name, depth);
  }

  #afterName(first: Token, name: string, depth: number): Item {
    const second = this.#peek();
    if (second.kind === '=') return this.#assignment(first, name, depth);
    if (second.kind === '{') return this.#scope(first, null, depth);
    if (this.#isWord(second) && this.#peek(1).kind === '{') {
      this.#checkString(second);
      return this.#scope(first, this.#take(), depth);
    }
    if (second.kind === '[' || second.kind === '(') {
      this.#report('warning', 'equals-missing', second, `"=" is missing between ${name} and its value`, 'Momentum 2 wrote dictionaries so; put an = before it');
      const value = this.#value();
      return { kind: 'option', name: first, value, start: first.start, end: value?.end ?? first.end };
    }
    return this.#bare(first, name, second);
  }

  /** A word that is neither option nor scope: an ellipsis, a flag of Momentum 2, a value that lost its quotes. */
  #bare(first: Token, name: string, second: Token): Item {
    const isSameLine = this.lines.position(first.end).line === this.lines.position(second.start).line;
    const hint = /^\.+$/.test(name)
      ? 'an ellipsis of the manual was pasted: remove it'
      : isSameLine && this.#isWord(second)
        ? `write ${name} = ${this.#raw(second)}; a value with blanks needs double quotes`
        : `write ${name} = value, or ${name} { … }`;
    this.#report('error', 'statement-incomplete', first, `after "${shorten(name)}" an = or a { was expected`, hint);
    return { kind: 'junk', start: first.start, end: first.end };
  }

  #assignment(first: Token, name: string, depth: number): Item {
    const equals = this.#take();
    if (this.#peek().kind === '{') {
      this.#report('error', 'equals-before-scope', equals, `there is no = between ${name} and its {`, `write ${name} {`);
      return this.#scope(first, null, depth);
    }
    if (this.#isWord(this.#peek()) && this.#peek(1).kind === '{' && this.#peek().kind === 'string') {
      this.#report('error', 'equals-before-scope', equals, `there is no = between ${name} and the name of its scope`, `write ${name} "…" {`);
      return this.#scope(first, this.#take(), depth);
    }
    const value = this.#value();
    if (!value) {
      const found = this.#peek();
      this.#report('error', 'value-missing', found.kind === 'end' ? equals : found, `${name} has no value`, 'a value is a word, "text", ( … ) or [ … ]');
    }
    return { kind: 'option', name: first, value, start: first.start, end: value?.end ?? equals.end };
  }

  #scope(type: Token, name: Token | null, depth: number): ScopeNode {
    const open = this.#take();
    if (depth >= DEPTH_MAX) {
      this.#report('error', 'nesting-too-deep', open, `scopes nest deeper than ${DEPTH_MAX}`, null);
      return this.#flatScope(type, name, open);
    }
    const items = this.items(depth + 1);
    const close = this.#peek().kind === '}' ? this.#take() : null;
    if (!close) this.#reportUnclosed(type, open);
    return { kind: 'scope', type, name, open, close, items, start: type.start, end: close?.end ?? this.#peek().start };
  }

  /** Passes over a scope that is nested too deep without going deeper. */
  #flatScope(type: Token, name: Token | null, open: Token): ScopeNode {
    let level = 1;
    let close: Token | null = null;
    while (level > 0 && this.#peek().kind !== 'end') {
      const token = this.#take();
      if (token.kind === '{') level += 1;
      if (token.kind === '}') level -= 1;
      if (level === 0) close = token;
    }
    return { kind: 'scope', type, name, open, close, items: [], start: type.start, end: close?.end ?? this.#peek().start };
  }

  #reportUnclosed(type: Token, open: Token): void {
    const opened = this.lines.position(open.start);
    this.#report('error', 'brace-missing', this.#peek(), `the } of ${this.#raw(type)} is missing; it was opened in line ${opened.line}, column ${opened.column}`, `close what line ${opened.line} opened`);
  }

  #value(): ValueNode | null {
    const first = this.#peek();
    if (this.#isWord(first)) {
      this.#at += 1;
      this.#checkString(first);
      return { kind: 'scalar', token: first, start: first.start, end: first.end };
    }
    if (first.kind === '(') return this.#array();
    if (first.kind === '[') return this.#dictionary();
    return null;
  }

  #array(): ValueNode {
    const open = this.#take();
    const elements: Token[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.kind === ')') {
        this.#at += 1;
        return { kind: 'array', elements, start: open.start, end: token.end };
      }
      if (token.kind === 'end' || token.kind === '}' || token.kind === '=' || token.kind === '{') {
        return { kind: 'array', elements, start: open.start, end: this.#endOfBroken(open, ')', elements.at(-1)) };
      }
      this.#at += 1;
      if (this.#isWord(token)) {
        this.#checkString(token);
        elements.push(token);
      } else if (token.kind !== ',') {
        this.#report('error', 'array-element', token, `"${token.kind}" cannot stand in a list`, 'elements are words or "texts" with blanks between');
      }
    }
  }

  #dictionary(): ValueNode {
    const open = this.#take();
    const entries: DictionaryEntry[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.kind === ']') {
        this.#at += 1;
        return { kind: 'dictionary', entries, start: open.start, end: token.end };
      }
      if (token.kind === 'end' || token.kind === '}' || token.kind === '{') {
        return { kind: 'dictionary', entries, start: open.start, end: this.#endOfBroken(open, ']', entries.at(-1)) };
      }
      this.#at += 1;
      if (this.#isWord(token)) entries.push(this.#entry(token));
      else if (token.kind !== ',') this.#report('error', 'dictionary-entry', token, `"${token.kind}" cannot stand in a dictionary`, 'entries are key = value');
    }
  }

  #entry(key: Token): DictionaryEntry {
    this.#checkString(key);
    if (this.#peek().kind !== '=') {
      this.#report('error', 'dictionary-entry', key, `the key "${shorten(this.#raw(key))}" has no = and no value`, 'entries are key = value');
      return { key, value: null, start: key.start, end: key.end };
    }
    this.#at += 1;
    const next = this.#peek();
    const value = this.#isWord(next) || next.kind === '(' ? this.#value() : null;
    if (!value) this.#report('error', 'value-missing', key, `the key "${shorten(this.#raw(key))}" has no value`, null);
    return { key, value, start: key.start, end: value?.end ?? key.end };
  }

  #endOfBroken(open: Token, expected: string, last: { readonly end: number } | undefined): number {
    const opened = this.lines.position(open.start);
    this.#report('error', 'bracket-missing', this.#peek(), `the ${expected} is missing; its partner stands in line ${opened.line}, column ${opened.column}`, null);
    return last?.end ?? open.end;
  }

  #junk(token: Token): Item {
    this.#report('error', 'statement-expected', token, `"${token.kind}" cannot begin a statement`, 'a statement is Option = value, Scope { … } or include "file"');
    return { kind: 'junk', start: token.start, end: token.end };
  }

  #checkName(token: Token, name: string): void {
    if (token.kind === 'string') {
      this.#checkString(token);
      return;
    }
    if (CURLY_QUOTES.test(name) || name.includes('**')) this.#checkString(token);
    else if (!NAME.test(name) && !/^\.+$/.test(name)) {
      this.#report('warning', 'name-odd', token, `"${shorten(name)}" is not the name of an option or a scope`, null);
    }
  }

  /** Reports what is often pasted from a typeset page. */
  #checkString(token: Token): void {
    const raw = this.text.slice(token.start, token.end);
    if (token.unclosed) this.#report('error', 'string-unclosed', token, 'this text has no closing double quote', 'close it with " on this line; only its first line was taken');
    else if (token.kind === 'word' && CURLY_QUOTES.test(raw)) {
      this.#report('error', 'typographic-quote', token, 'a typographic quotation mark stands where a straight one (") belongs', 'it was pasted from a typeset page: type " instead');
    } else if (token.kind === 'word' && raw.includes('**')) {
      this.#report('error', 'markup', token, 'two asterisks are markup of a page, not configuration', 'remove the **');
    } else if (raw.includes('\u00bb')) {
      this.#report('warning', 'continuation-mark', token, 'the mark » is how the manual breaks a long line', 'join the two lines and remove it');
    } else if (token.kind === 'word' && /[/']/.test(raw)) {
      this.#report('warning', 'quotes-missing', token, `the manual asks for double quotes around ${shorten(raw)}`, `write "${shorten(raw)}"`);
    }
  }

  #report(severity: Diagnostic['severity'], code: string, token: Token, message: string, hint: string | null): void {
    if (this.diagnostics.length >= DIAGNOSTICS_MAX) return;
    this.diagnostics.push({ severity, code, file: this.file, ...this.lines.position(token.start), message, hint });
  }

  #peek(ahead = 0): Token {
    return this.#significant[Math.min(this.#at + ahead, this.#significant.length - 1)] ?? { kind: 'end' as TokenKind, start: this.text.length, end: this.text.length };
  }

  #take(): Token {
    const token = this.#peek();
    this.#at += 1;
    return token;
  }

  #isWord(token: Token): boolean {
    return token.kind === 'word' || token.kind === 'string';
  }

  #raw(token: Token): string {
    return this.text.slice(token.start, token.end);
  }
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
