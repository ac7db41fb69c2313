import { escapeWord } from './print.js';
import { QueryError } from './query-error.js';
import type { LeafQuery } from './tree.js';

/** A name before a colon that is none of these. `asked`: the whole search. */
export function unknownField(names: readonly string[], asked: string, { field, at }: LeafQuery): QueryError {
  const said = asked.slice(at.offset, at.offset + at.length);
  return new QueryError({
    text: `there is no field "${field}" here: there is ${names.join(', ')}. A colon that is meant as such is written \\:`,
    at: { offset: placeOf(asked, at.offset, field), length: field.length },
    suggestion: `${escapeWord(field)}\\:${said}`,
  });
}

/** Where the field was written, when it stands right before; else what it is of. */
function placeOf(asked: string, offset: number, field: string): number {
  const from = offset - field.length - 1;
  return asked.slice(Math.max(from, 0), offset) === `${field}:` ? from : offset;
}
