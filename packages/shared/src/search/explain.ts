import { printQuery } from './print.js';
import type { Query } from './tree.js';

/** What a query asks for, in words, such as `with rest and port; without c`. */
export function explainQuery(query: Query): string {
  return query.kind === 'bool' ? explainGroup(query.clauses) : `with ${explainPart(query)}`;
}

function explainGroup(clauses: Extract<Query, { kind: 'bool' }>['clauses']): string {
  const of = (occur: string) =>
    clauses.filter((clause) => clause.occur === occur).map((clause) => explainPart(clause.query));
  const [required, optional, prohibited] = [of('+'), of(''), of('-')];
  if (required.length + optional.length === 0) return 'nothing: there is only what it must not have';
  return [
    required.length > 0 ? `with ${required.join(' and ')}` : `with ${optional.join(' or ')}`,
    ...(prohibited.length > 0 ? [`without ${prohibited.join(' or ')}`] : []),
    ...(required.length > 0 && optional.length > 0 ? [`${optional.join(', ')} may be there or not`] : []),
  ].join('; ');
}

function explainPart(query: Query): string {
  if (query.kind === 'bool') return `(${explainGroup(query.clauses)})`;
  if (query.kind === 'all') return 'anything';
  if (query.kind === 'fuzzy') return `${printQuery({ ...query, boost: null })} (a word like it)`;
  return printQuery({ ...query, boost: null });
}

/** What in a query may not be what was meant, though it can be read. */
export function hintsOf(text: string, query: Query): readonly string[] {
  const hints: string[] = [];
  for (const small of new Set(text.match(/(?<=\s)(?:and|or|not)(?=\s)/g) ?? []))
    if (isWord(query, small))
      hints.push(`"${small}" is searched as a word: ${small.toUpperCase()} is the operator`);
  const isMixed = / (?:AND|&&) /.test(text) && / (?:OR|\|\|) /.test(text) && !text.includes('(');
  if (isMixed) hints.push('AND does not bind closer than OR: brackets say what belongs together');
  if (isPurelyNegative(query)) hints.push('without anything it is to have, it finds nothing: begin with *:*');
  if (/"[^"\\]*[*?][^"\\]*"/.test(text)) hints.push('within quotes * and ? stand for themselves');
  return hints;
}

function isWord(query: Query, word: string): boolean {
  if (query.kind === 'term') return query.text === word;
  return query.kind === 'bool' && query.clauses.some((clause) => isWord(clause.query, word));
}

function isPurelyNegative(query: Query): boolean {
  return (
    query.kind === 'bool' && query.clauses.length > 0 && query.clauses.every((clause) => clause.occur === '-')
  );
}
