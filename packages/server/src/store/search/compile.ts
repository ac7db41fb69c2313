import { unknownField } from '@castellan/shared/search/fields';
import { QueryError } from '@castellan/shared/search/query-error';
import type { BoolQuery, LeafQuery, Query } from '@castellan/shared/search/tree';
import type { Knex } from 'knex';
import { ALL, both, butNot, type Condition, either, type Indexed, NONE, sqlOf } from './condition.js';
import { findTime, findValue } from './field.js';
import { findIndexed } from './indexed-words.js';
import { findRead } from './read-words.js';
import type { SearchSource } from './source.js';

/** Words, phrases and patterns of one search that the rows' own text is read for: each is looked for in every row. */
export const READ_MAX = 64;

interface Work {
  readonly db: Knex;
  readonly source: SearchSource;
  readonly text: string;
  reads: number;
}

/** What rows a search finds. Throws QueryError for a field that the list does not have and beyond the bounds. */
export async function compileQuery(
  db: Knex,
  source: SearchSource,
  text: string,
  query: Query,
): Promise<Condition> {
  return (await compile({ db, source, text, reads: 0 }, query)) ?? NONE;
}

export function indexedOf({ index }: SearchSource): Indexed {
  return (words) =>
    index
      ? // The plus keeps the planner on the list's own order: the rows that are found are many.
        sqlOf(`+${index.number} in (select rowid from ${index.table} where ${index.table} match ?)`, words)
      : sqlOf('1 = 0');
}

/** Null: there is no word in it, and it counts for nothing, like a stop word in Lucene. */
async function compile(work: Work, query: Query): Promise<Condition | null> {
  if (query.kind === 'all') return ALL;
  return query.kind === 'bool' ? compileGroup(work, query) : compileLeaf(work, query);
}

async function compileGroup(work: Work, { clauses }: BoolQuery): Promise<Condition | null> {
  const indexed = indexedOf(work.source);
  const parts: Record<string, Condition[]> = { '+': [], '': [], '-': [] };
  for (const { occur, query } of clauses) {
    const part = await compile(work, query);
    if (part !== null) parts[occur]?.push(part);
  }
  const { '+': required = [], '': optional = [], '-': prohibited = [] } = parts;
  if (required.length + optional.length + prohibited.length === 0) return clauses.length === 0 ? NONE : null;
  const found =
    required.length > 0 ? both(required, indexed) : optional.length > 0 ? either(optional, indexed) : NONE;
  return butNot(found, either(prohibited, indexed), indexed);
}

async function compileLeaf(work: Work, leaf: LeafQuery): Promise<Condition | null> {
  const { source, db } = work;
  const isAny = leaf.field === '' || leaf.field === '*';
  const name = leaf.field.toLowerCase();
  const field = !isAny && Object.hasOwn(source.fields, name) ? source.fields[name] : undefined;
  if (!isAny && !field) throw unknownField(Object.keys(source.fields), work.text, leaf);
  if (field?.kind === 'value') return findValue(field.sql, leaf);
  if (field?.kind === 'time') return findTime(field.sql, leaf);
  if (source.index && (!field || field.column !== undefined))
    return findIndexed(db, source.index, field?.column ?? null, leaf);
  work.reads += 1;
  if (work.reads > READ_MAX)
    throw new QueryError({ text: `here a search has at most ${READ_MAX} words and phrases`, at: leaf.at });
  if (field && leaf.kind === 'range') return findValue(field.sql, leaf);
  const plain =
    field || !source.isPlain ? `(' ' || lower(${field?.sql ?? source.text}) || ' ')` : source.text;
  return findRead(plain, leaf);
}
