/** A column of one value, which is compared whole: equal, within a range, by a pattern. Upper and lower case are alike. */
interface ValueField {
  readonly kind: 'value';
  readonly sql: string;
}

/** An instant, in milliseconds: asked for by its day, `2026-11-28`, or more or less of it. */
interface TimeField {
  readonly kind: 'time';
  readonly sql: string;
}

/** A text, in which words are found. `column`: its own in the index. */
interface WordsField {
  readonly kind: 'words';
  readonly sql: string;
  readonly column?: string;
}

export type Field = ValueField | TimeField | WordsField;

/** Where words are found without a look at the rows. */
export interface WordIndex {
  readonly table: string;
  readonly vocabulary: string;
  /** What the index calls a row by, in a list's own query. */
  readonly number: string;
  /** The table of the rows; its `seq` is that number. */
  readonly rows: string;
  /** The words that are in it, at hand for patterns and fuzzy words. */
  readonly words: Words;
}

export interface Words {
  /** All of them, in parts that are each looked through in one turn of the event loop. */
  parts(): AsyncIterable<readonly string[]>;
}

/** What a list is searched by. Its names are ours and get into statements as they are. */
export interface SearchSource {
  /** What is searched where no field is named: an expression. With an index: what stands in the index. */
  readonly text: string;
  /** The text is in lower case, between blanks, as it stands. */
  readonly isPlain?: boolean;
  /** The list of names that a search may have before a colon; docs/search.md has the same. */
  readonly fields: Readonly<Record<string, Field>>;
  readonly index?: WordIndex;
}
