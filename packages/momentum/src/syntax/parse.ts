import { isText, type Token } from '../lex/token.js';
import type { Diagnostic } from '../text/diagnostic.js';
import { LineMap } from '../text/span.js';
import { Cursor } from './cursor.js';
import { optionItem, scopeItem } from './nodes.js';
import { type Dialect, Report } from './report.js';
import type { IncludeNode, Item, ScopeNode, Tree } from './tree.js';
import { parseValue } from './value.js';
import { checkName, checkText, shown } from './wording.js';

/** Scopes nested deeper than this are reported and passed over. The deepest nesting that is documented is four. */
export const DEPTH_MAX = 64;
const INCLUDE = 'include';
const READONLY_INCLUDE = 'readonly_include';
/** Statements that name another file (Manual, ecelerity.conf), in lower case. */
export const INCLUDE_KEYWORDS: readonly string[] = [INCLUDE, READONLY_INCLUDE];
/** Names between a scope's type and its `{` that are inspected to explain them. */
const EXTRA_NAMES_MAX = 8;

/** A tree of the whole text, whatever is wrong with it, and what that is, in the order of the text. */
export interface Parsed {
  readonly tree: Tree;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a text whole. Never throws; one error does not hide the next scope. */
export function parse(text: string, file = '', dialect: Dialect = 'permissive'): Parsed {
  const lines = new LineMap(text);
  const attempt = (closesMissing: number) => {
    const parser = new Parser(new Cursor(text, lines), new Report(file, lines, dialect), closesMissing);
    return { parser, items: parser.parseItems(null, 0) };
  };
  let { parser, items } = attempt(0);
  if (parser.unclosedScopes > 0) {
    // Where a } is missing, the indentation often shows which: what then explains the text with fewer errors is kept.
    const second = attempt(parser.unclosedScopes);
    if (second.parser.report.errors <= parser.report.errors) ({ parser, items } = second);
  }
  const { comments } = parser.cursor;
  reportUnclosed(comments, parser.report);
  return { tree: { text, comments, items, lines }, diagnostics: parser.report.diagnostics() };
}

/** Some statements of a text, and the comments among them and right behind them. */
export interface Piece {
  readonly items: readonly Item[];
  readonly comments: readonly Token[];
  readonly diagnostics: readonly Diagnostic[];
  /** Up to the end of the text. */
  readonly isWhole: boolean;
}

/** Reads statements of the top level from `at` on until one would begin at an offset that is an end, or to the text's end. */
export function parsePiece(
  { text, lines, file, dialect }: Pick<Tree, 'text' | 'lines'> & { file: string; dialect: Dialect },
  at: number,
  isEnd: (offset: number) => boolean,
): Piece {
  const parser = new Parser(new Cursor(text, lines, at), new Report(file, lines, dialect), 0, isEnd);
  const items = parser.parseItems(null, 0);
  const { comments } = parser.cursor;
  reportUnclosed(comments, parser.report);
  const isWhole = parser.cursor.peek().kind === 'end';
  return { items, comments, diagnostics: parser.report.diagnostics(), isWhole };
}

function reportUnclosed(comments: readonly Token[], report: Report): void {
  const hint = 'close it with */ or begin each line with #';
  for (const token of comments)
    if (token.unclosed) report.error('comment-unclosed', token, 'this comment has no end', hint);
}

/** The scope whose items are being read. */
interface Frame {
  readonly type: Token;
  readonly open: Token;
}

class Parser {
  unclosedScopes = 0;

  constructor(
    readonly cursor: Cursor,
    readonly report: Report,
    /** So many scopes may be ended by their indentation alone. */
    private closesMissing: number,
    /** Where a statement of the top level is not read any more. */
    private readonly isEnd: ((offset: number) => boolean) | null = null,
  ) {}

  parseItems(frame: Frame | null, depth: number): Item[] {
    const items: Item[] = [];
    for (;;) {
      const token = this.cursor.peek();
      if (token.kind === 'end' || (frame === null && this.isEnd?.(token.start))) return items;
      if (token.kind === '}') {
        if (frame) return items;
        const hint = 'a scope was closed twice, or its { is missing above';
        this.report.error('brace-unexpected', token, 'this } closes nothing', hint);
        items.push(this.#takeJunk());
      } else if (frame && this.closesMissing > 0 && this.cursor.isOutdented(token, frame.type)) {
        return items;
      } else {
        items.push(this.#statement(depth));
      }
    }
  }

  #takeJunk(): Item {
    const { start, end } = this.cursor.take();
    return { kind: 'junk', start, end };
  }

  #statement(depth: number): Item {
    const first = this.cursor.peek();
    if (!isText(first)) {
      const hint = 'a statement is Option = value, Scope { … } or include "file"';
      this.report.error(
        'statement-expected',
        first,
        `a statement is expected here, not "${first.kind}"`,
        hint,
      );
      return this.#takeJunk();
    }
    this.cursor.take();
    return this.#include(first) ?? this.#afterName(first, depth);
  }

  /** `include "x"` and `readonly_include "x"` (Manual, ecelerity.conf); an option or a scope of that name is not one. */
  #include(keyword: Token): IncludeNode | null {
    const length = keyword.end - keyword.start;
    if (length !== INCLUDE.length && length !== READONLY_INCLUDE.length) return null;
    const lower = this.cursor.raw(keyword).toLowerCase();
    if (lower !== INCLUDE && lower !== READONLY_INCLUDE) return null;
    const path = this.cursor.peek();
    if (!isText(path) || this.cursor.ahead(1).kind === '{') return null;
    this.cursor.take();
    checkText(path, this.cursor.text, this.report);
    return {
      kind: 'include',
      keyword,
      isReadOnly: lower === READONLY_INCLUDE,
      path,
      start: keyword.start,
      end: path.end,
    };
  }

  #afterName(first: Token, depth: number): Item {
    const second = this.cursor.peek();
    if (second.kind === '=') {
      checkName(first, this.cursor.text, this.report);
      return this.#assignment(first, depth);
    }
    if (second.kind === '{') {
      checkName(first, this.cursor.text, this.report);
      return this.#scope(first, null, this.cursor.take(), depth);
    }
    if (isText(second) && this.cursor.ahead(1).kind === '{') {
      checkName(first, this.cursor.text, this.report);
      return this.#namedScope(first, depth);
    }
    if (second.kind === '[' && this.cursor.isSameLine(first, second)) {
      checkName(first, this.cursor.text, this.report);
      const name = shown(this.cursor.raw(first));
      const message = `"=" is expected between ${name} and its dictionary`;
      this.report.deviation('equals-missing', second, message, `write ${name} = [ … ]`);
      const value = parseValue(this.cursor, this.report);
      return optionItem(first, value, value?.end ?? first.end);
    }
    return this.#headWithoutBrace(first, depth) ?? this.#incomplete(first);
  }

  #namedScope(type: Token, depth: number): ScopeNode {
    const name = this.cursor.take();
    checkText(name, this.cursor.text, this.report);
    return this.#scope(type, name, this.cursor.take(), depth);
  }

  /** `Module a/b c {` of Momentum 2, and `Domain "x"` whose { was forgotten: read as the scope that was meant. */
  #headWithoutBrace(type: Token, depth: number): ScopeNode | null {
    const name = this.cursor.peek();
    if (type.kind !== 'word' || !isText(name) || !this.cursor.isSameLine(type, name)) return null;
    const next = this.cursor.ahead(1);
    if (
      this.cursor.isFirstOnLine(next) &&
      this.cursor.column(next) > this.cursor.column(type) &&
      next.kind !== 'end'
    ) {
      if (!this.cursor.isFirstOnLine(type) || name.kind !== 'string') return null;
      this.cursor.take();
      const head = `${this.cursor.raw(type)} ${shown(this.cursor.raw(name))}`;
      this.report.error('brace-expected', name, `"{" is expected after ${head}`, `write ${head} {`);
      return this.#scope(type, name, { kind: '{', start: name.end, end: name.end }, depth);
    }
    return this.#manyNames(type, name, depth);
  }

  #manyNames(type: Token, name: Token, depth: number): ScopeNode | null {
    for (let ahead = 1; ahead <= EXTRA_NAMES_MAX; ahead += 1) {
      const token = this.cursor.ahead(ahead);
      if (token.kind === '{' && this.cursor.isSameLine(type, token)) {
        const message = `a scope has one name at most; "{" is expected after ${shown(this.cursor.raw(name))}`;
        const hint =
          'Momentum 2 wrote "Module type/name instance <attribute>"; since 3.0 it is module "instance" { … }';
        this.report.error('scope-names', this.cursor.ahead(1), message, hint);
        for (let skipped = 0; skipped < ahead; skipped += 1) this.cursor.take();
        return this.#scope(type, name, this.cursor.take(), depth);
      }
      if (!isText(token) && token.kind !== '=') return null;
    }
    return null;
  }

  /** A word that is neither option nor scope: dots, a flag of Momentum 2, a value that lost its quotes. */
  #incomplete(first: Token): Item {
    const name = this.cursor.raw(first);
    const errorsBefore = this.report.errors;
    checkName(first, this.cursor.text, this.report);
    const second = this.cursor.peek();
    const isPair =
      isText(second) && this.cursor.isSameLine(first, second) && this.cursor.ahead(1).kind !== '=';
    if (this.report.errors === errorsBefore) {
      const hint = isPair
        ? `write ${shown(name)} = ${shown(this.cursor.raw(second))}; a value with blanks needs double quotes`
        : `write ${shown(name)} = value, or ${shown(name)} { … }`;
      this.report.error('statement-incomplete', first, `"=" or "{" is expected after ${shown(name)}`, hint);
    }
    if (!isPair) return { kind: 'junk', start: first.start, end: first.end };
    return { kind: 'junk', start: first.start, end: this.cursor.take().end };
  }

  #assignment(first: Token, depth: number): Item {
    const equals = this.cursor.take();
    const next = this.cursor.peek();
    if (next.kind === '{') {
      const name = this.cursor.raw(first);
      this.report.error(
        'equals-before-scope',
        equals,
        `"{" is expected after ${shown(name)}, not "="`,
        `write ${shown(name)} {`,
      );
      return this.#scope(first, null, this.cursor.take(), depth);
    }
    if (next.kind === 'string' && this.cursor.ahead(1).kind === '{') {
      const name = this.cursor.raw(first);
      const head = `${shown(name)} ${shown(this.cursor.raw(next))}`;
      this.report.error(
        'equals-before-scope',
        equals,
        `the name of the scope is expected after ${shown(name)}, not "="`,
        `write ${head} {`,
      );
      return this.#namedScope(first, depth);
    }
    const value = this.cursor.beginsStatement(next) ? null : parseValue(this.cursor, this.report);
    if (!value) {
      const name = this.cursor.raw(first);
      const hint = `write ${shown(name)} = value; a value is a word, "text", ( … ) or [ … ]`;
      this.report.error('value-missing', equals, `a value is expected after ${shown(name)} =`, hint);
    }
    return optionItem(first, value, value?.end ?? equals.end);
  }

  #scope(type: Token, name: Token | null, open: Token, depth: number): ScopeNode {
    if (depth >= DEPTH_MAX) {
      this.report.error(
        'nesting-too-deep',
        open,
        `scopes nest deeper than ${DEPTH_MAX}: what is in this one is not read`,
        null,
      );
      return this.#passOver(type, name, open);
    }
    // A copy holds no room for more.
    const items = this.parseItems({ type, open }, depth + 1).slice();
    const isClosed = this.cursor.peek().kind === '}';
    const close = isClosed ? this.cursor.take() : null;
    if (!close) this.#reportUnclosed(type, open);
    const end = close?.end ?? items.at(-1)?.end ?? open.end;
    return scopeItem({ type, name, open, close, items, end });
  }

  /** Skips a scope that is nested too deep without going deeper. */
  #passOver(type: Token, name: Token | null, open: Token): ScopeNode {
    let level = 1;
    let close: Token | null = null;
    while (level > 0 && this.cursor.peek().kind !== 'end') {
      const token = this.cursor.take();
      if (token.kind === '{') level += 1;
      if (token.kind === '}') level -= 1;
      if (level === 0) close = token;
    }
    return scopeItem({ type, name, open, close, items: [], end: close?.end ?? this.cursor.peek().start });
  }

  #reportUnclosed(type: Token, open: Token): void {
    const found = this.cursor.peek();
    if (found.kind === 'end') this.unclosedScopes += 1;
    else this.closesMissing -= 1;
    const { line, column } = this.cursor.position(open);
    const message = `"}" is expected before ${found.kind === 'end' ? 'the end of the file' : 'this'}: it closes ${shown(this.cursor.raw(type))}`;
    this.report.error('brace-missing', found, message, `the { was opened in line ${line}, column ${column}`);
  }
}
