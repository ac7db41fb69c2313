import { BLANKS, SPECIALS } from './tokens.js';
import { ANY, type LeafQuery, ONE, type Query } from './tree.js';

/** The text of a query: parsed again, it is the same tree but for where things stand. */
export function printQuery(query: Query): string {
  if (query.kind !== 'bool') return printLeaf(query) + boostOf(query);
  const { clauses } = query;
  if (clauses.length === 0) return '""';
  const said = clauses.map(({ occur, query: part }) => occur + printNested(part)).join(' ');
  // One optional clause alone would be read as the clause itself.
  return clauses.length === 1 && clauses[0]?.occur === '' ? `"" ${said}` : said;
}

function printNested(query: Query): string {
  return query.kind === 'bool' ? `(${printQuery(query)})${boostOf(query)}` : printQuery(query);
}

const boostOf = ({ boost }: Query): string => (boost === null ? '' : `^${boost}`);

function printLeaf(query: Exclude<Query, { kind: 'bool' }>): string {
  if (query.kind === 'all') return '*:*';
  const field = query.field === '' ? '' : `${query.field === '*' ? '*' : escapeWord(query.field)}:`;
  return field + printValue(query);
}

function printValue(query: LeafQuery): string {
  switch (query.kind) {
    case 'term':
      return escapeWord(query.text);
    case 'phrase':
      return `"${query.words.join(' ').replace(/["\\]/g, '\\$&')}"${query.slop === 0 ? '' : `~${query.slop}`}`;
    case 'wild':
      return query.pattern
        .map((part) => (part === ANY ? '*' : part === ONE ? '?' : escapeChars(String(part))))
        .join('');
    case 'fuzzy':
      return `${escapeWord(query.text)}~${query.similarity}`;
    case 'range': {
      const [open, close] = query.isInclusive ? '[]' : '{}';
      return `${open}${rangeEnd(query.from)} TO ${rangeEnd(query.to)}${close}`;
    }
  }
}

/** A word as it must be written to stand for itself. */
export function escapeWord(text: string): string {
  return ['AND', 'OR', 'NOT', '&&', '||'].includes(text) ? `\\${text}` : escapeChars(text);
}

function escapeChars(text: string): string {
  let out = '';
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charAt(index);
    out += SPECIALS.includes(char) || BLANKS.includes(char) ? `\\${char}` : char;
  }
  return out;
}

/** As code points: within a range a backslash does not keep a blank or a bracket from ending the word. */
function rangeEnd(text: string | null): string {
  if (text === null) return '*';
  if (text === '*' || text === 'to') return [...text].map(codePoint).join('');
  return text.replace(/[\s"\\\]}]/g, codePoint);
}

const codePoint = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
