import { explainQuery, hintsOf } from '@castellan/shared/search/explain';
import { parseQuery } from '@castellan/shared/search/parse';
import { escapeWord } from '@castellan/shared/search/print';
import { QueryError } from '@castellan/shared/search/query-error';

/** What a search is read as, or where it cannot be read: the text before, the place, and the text behind. */
export type SearchWords =
  | { readonly kind: 'read'; readonly words: string; readonly hints: readonly string[] }
  | {
      readonly kind: 'wrong';
      readonly message: string;
      readonly before: string;
      /** Empty: something is missing at the end. */
      readonly at: string;
      readonly behind: string;
      readonly suggestion: string | null;
    };

/** Null: nothing is searched for. */
export function searchWords(text: string): SearchWords | null {
  if (text.trim() === '') return null;
  try {
    const query = parseQuery(text);
    return { kind: 'read', words: explainQuery(query), hints: hintsOf(text, query) };
  } catch (cause) {
    if (!(cause instanceof QueryError)) throw cause;
    const end = cause.offset + cause.length;
    return {
      kind: 'wrong',
      message: cause.message,
      before: text.slice(0, cause.offset),
      at: text.slice(cause.offset, end),
      behind: text.slice(end),
      suggestion: cause.suggestion,
    };
  }
}

/** For what is found while it is typed: the words as they are, the last one as the beginning of one. */
export function typedSearch(text: string): string {
  const words = text.trim().split(/\s+/).filter(Boolean).map(escapeWord);
  return words.map((word, at) => `+${word}${at === words.length - 1 ? '*' : ''}`).join(' ');
}
