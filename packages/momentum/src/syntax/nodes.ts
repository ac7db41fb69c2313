import type { Token } from '../lex/token.js';
import type { DictionaryEntry, IncludeNode, Item, OptionNode, ScopeNode, ValueNode } from './tree.js';

/**
 * The statements of a tree, as few numbers each: a large site has a hundred thousand, and their tokens are made when
 * somebody asks for them.
 */
const STRING = 1;
const UNCLOSED = 2;
const CURLY = 4;
/** A name and a value share one number. */
const VALUE_BITS = 3;
const HAS_SCALAR = 1 << 6;
const HAS_BRACE = 1 << 6;
const IS_CLOSED = 1 << 7;
const HOLDS_INCLUDE = 1 << 8;

/** What a word or a string is, in three bits. */
function marksOf({ kind, unclosed, curly }: Token): number {
  return (kind === 'string' ? STRING : 0) | (unclosed ? UNCLOSED : 0) | (curly ? CURLY : 0);
}

function textToken(start: number, end: number, marks: number): Token {
  const kind = (marks & STRING) === 0 ? 'word' : 'string';
  if ((marks & (UNCLOSED | CURLY)) === 0) return { kind, start, end };
  return (marks & UNCLOSED) === 0 ? { kind, start, end, curly: true } : { kind, start, end, unclosed: true };
}

class OptionItem implements OptionNode {
  constructor(
    readonly start: number,
    readonly end: number,
    private readonly nameEnd: number,
    private readonly marks: number,
    private readonly valueStart: number,
    /** A list or a dictionary. */
    private readonly several: ValueNode | null,
  ) {}

  get kind(): 'option' {
    return 'option';
  }

  get name(): Token {
    return textToken(this.start, this.nameEnd, this.marks);
  }

  get value(): ValueNode | null {
    if (this.several !== null) return this.several;
    if ((this.marks & HAS_SCALAR) === 0) return null;
    const { valueStart: start, end } = this;
    return { kind: 'scalar', token: textToken(start, end, this.marks >> VALUE_BITS), start, end };
  }

  shifted(by: number): OptionItem {
    const { start, end, nameEnd, marks, valueStart, several } = this;
    const moved = several && shiftedValue(several, by);
    return new OptionItem(start + by, end + by, nameEnd + by, marks, valueStart + by, moved);
  }
}

/** `end` is that of the last token that was taken for it. */
export function optionItem(name: Token, value: ValueNode | null, end: number): OptionNode {
  const { start, end: nameEnd } = name;
  const marks = marksOf(name);
  if (value?.kind !== 'scalar') return new OptionItem(start, end, nameEnd, marks, nameEnd, value);
  const both = marks | (marksOf(value.token) << VALUE_BITS) | HAS_SCALAR;
  return new OptionItem(start, end, nameEnd, both, value.start, null);
}

class ScopeItem implements ScopeNode {
  #made: object | null = null;
  /** Null: those of `from`, moved when somebody asks for them. Of an edited text hardly anybody does. */
  #items: readonly Item[] | null;

  constructor(
    readonly start: number,
    readonly end: number,
    private readonly typeEnd: number,
    private readonly marks: number,
    /** Before 0: it has none. */
    private readonly nameStart: number,
    private readonly nameEnd: number,
    private readonly openStart: number,
    readonly size: number,
    private from: readonly Item[] | ScopeItem,
  ) {
    this.#items = from instanceof ScopeItem ? null : from;
  }

  get kind(): 'scope' {
    return 'scope';
  }

  get items(): readonly Item[] {
    if (this.#items !== null) return this.#items;
    const { from } = this;
    if (!(from instanceof ScopeItem)) return from;
    const by = this.start - from.start;
    this.#items = from.items.map((item) => shifted(item, by));
    this.from = this.#items;
    return this.#items;
  }

  get holdsInclude(): boolean {
    return (this.marks & HOLDS_INCLUDE) !== 0;
  }

  get made(): object | null {
    return this.#made;
  }

  set made(made: object | null) {
    this.#made = made;
  }

  get type(): Token {
    return textToken(this.start, this.typeEnd, this.marks);
  }

  get name(): Token | null {
    if (this.nameStart < 0) return null;
    return textToken(this.nameStart, this.nameEnd, this.marks >> VALUE_BITS);
  }

  get open(): Token {
    const { openStart: start, marks } = this;
    return { kind: '{', start, end: (marks & HAS_BRACE) === 0 ? start : start + 1 };
  }

  get close(): Token | null {
    return (this.marks & IS_CLOSED) === 0 ? null : { kind: '}', start: this.end - 1, end: this.end };
  }

  shifted(by: number): ScopeItem {
    const { start, end, typeEnd, marks, nameStart, nameEnd, openStart, size } = this;
    const moved = new ScopeItem(
      start + by,
      end + by,
      typeEnd + by,
      marks,
      nameStart < 0 ? nameStart : nameStart + by,
      nameEnd + by,
      openStart + by,
      size,
      this.#items === null ? this.from : this,
    );
    moved.made = this.#made;
    return moved;
  }
}

/** Of an open brace that was forgotten `open` is empty; `end` counts where `close` is null. */
export function scopeItem(head: {
  readonly type: Token;
  readonly name: Token | null;
  readonly open: Token;
  readonly close: Token | null;
  readonly items: readonly Item[];
  readonly end: number;
}): ScopeNode {
  const { type, name, open, close, items } = head;
  const marks =
    marksOf(type) |
    ((name ? marksOf(name) : 0) << VALUE_BITS) |
    (open.end > open.start ? HAS_BRACE : 0) |
    (close ? IS_CLOSED : 0) |
    (items.some(holdsInclude) ? HOLDS_INCLUDE : 0);
  const [nameStart, nameEnd] = [name?.start ?? -1, name?.end ?? -1];
  return new ScopeItem(
    type.start,
    head.end,
    type.end,
    marks,
    nameStart,
    nameEnd,
    open.start,
    sizeOf(items),
    items,
  );
}

function holdsInclude(item: Item): boolean {
  return item.kind === 'include' || (item.kind === 'scope' && item.holdsInclude);
}

/** How many options and scopes they are, with all that is in them. */
function sizeOf(items: readonly Item[]): number {
  let size = 0;
  for (const item of items) {
    const { kind } = item;
    if (kind === 'option') size += 1;
    else if (kind === 'scope') size += 1 + item.size;
  }
  return size;
}

/** Three numbers each. */
class ListValue {
  constructor(
    readonly start: number,
    readonly end: number,
    private readonly numbers: readonly number[],
  ) {}

  get kind(): 'array' {
    return 'array';
  }

  get elements(): readonly Token[] {
    const { numbers } = this;
    return Array.from({ length: numbers.length / 3 }, (_, n) =>
      textToken(numbers[n * 3] ?? 0, numbers[n * 3 + 1] ?? 0, numbers[n * 3 + 2] ?? 0),
    );
  }

  shifted(by: number): ListValue {
    const moved = this.numbers.map((number, n) => (n % 3 === 2 ? number : number + by));
    return new ListValue(this.start + by, this.end + by, moved);
  }
}

export function listValue(elements: readonly Token[], start: number, end: number): ValueNode {
  const numbers = new Array<number>(elements.length * 3);
  let n = 0;
  for (const element of elements) {
    numbers[n] = element.start;
    numbers[n + 1] = element.end;
    numbers[n + 2] = marksOf(element);
    n += 3;
  }
  return new ListValue(start, end, numbers);
}

/** The same so many units further on. */
export function shifted(item: Item, by: number): Item {
  if (item instanceof OptionItem || item instanceof ScopeItem) return item.shifted(by);
  if (item.kind === 'include') return shiftedInclude(item, by);
  return { ...item, start: item.start + by, end: item.end + by };
}

export function shiftedToken(token: Token, by: number): Token {
  return { ...token, start: token.start + by, end: token.end + by };
}

function shiftedInclude(item: IncludeNode, by: number): IncludeNode {
  const { start, end, keyword, path } = item;
  const tokens = { keyword: shiftedToken(keyword, by), path: shiftedToken(path, by) };
  return { ...item, ...tokens, start: start + by, end: end + by };
}

function shiftedValue(value: ValueNode, by: number): ValueNode {
  if (value instanceof ListValue) return value.shifted(by);
  const [start, end] = [value.start + by, value.end + by];
  if (value.kind === 'scalar') return { ...value, token: shiftedToken(value.token, by), start, end };
  if (value.kind === 'array')
    return { ...value, elements: value.elements.map((one) => shiftedToken(one, by)), start, end };
  return { ...value, entries: value.entries.map((entry) => shiftedEntry(entry, by)), start, end };
}

function shiftedEntry({ key, value, start, end }: DictionaryEntry, by: number): DictionaryEntry {
  const moved = value && shiftedValue(value, by);
  return { key: shiftedToken(key, by), value: moved, start: start + by, end: end + by };
}
