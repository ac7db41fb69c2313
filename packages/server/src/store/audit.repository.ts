import type { Json } from '@castellan/shared/base/canonical-json';
import type { Knex } from 'knex';
import { type AuditFacts, type AuditRow, auditHash, FIRST_HASH } from '../domain/audit/chain.js';
import { type ListPage, type ListRequest, type ListSpec, readList, type Sort } from './list.js';
import { searchOf } from './search/search.js';
import type { SearchSource, Words } from './search/source.js';
import type { VocabularySource } from './search/vocabulary.js';

interface Row {
  seq: number;
  at: number;
  actor: string;
  action: string;
  object: string;
  outcome: AuditFacts['outcome'];
  detail_json: string;
  previous_hash: string;
  hash: string;
}

/** How the audit may be sorted: what the API takes. */
export const AUDIT_SORTS = ['time', 'actor', 'action'] as const;

export interface AuditFilter {
  readonly actor?: string;
  readonly action?: string;
  readonly outcome?: string;
  /** A search: in who, what, of what, and the details. */
  readonly text?: string;
}

const LIST: Omit<ListSpec, 'db' | 'from'> = {
  id: 'a.seq',
  usualSort: 'time',
  sorts: {
    // The chain's own order: the number, which never goes back when a clock does.
    time: { terms: [], natural: 'desc' },
    actor: { terms: ['a.actor'], natural: 'asc' },
    action: { terms: ['a.action'], natural: 'asc' },
  } satisfies Record<(typeof AUDIT_SORTS)[number], Sort>,
  facets: {
    action: { column: 'a.action' },
    actor: { column: 'a.actor' },
    outcome: { column: 'a.outcome' },
  },
};
const VOCABULARY = 'audit_vocabulary';
const searchedBy = (words: Words): SearchSource => ({
  text: 'a.object',
  index: { table: 'audit_words', vocabulary: VOCABULARY, number: 'a.seq', rows: 'audit', words },
  fields: {
    actor: { kind: 'words', sql: 'a.actor', column: 'actor' },
    action: { kind: 'words', sql: 'a.action', column: 'action' },
    object: { kind: 'words', sql: 'a.object', column: 'object' },
    detail: { kind: 'words', sql: 'a.detail_json', column: 'detail' },
    outcome: { kind: 'value', sql: 'a.outcome' },
    at: { kind: 'time', sql: 'a.at' },
  },
});

/** Lines are only added. */
export const AUDIT_WORDS: VocabularySource = {
  vocabulary: VOCABULARY,
  numbers: 'select max(seq) as newest, 0 as oldest from audit',
  changes: `select a.seq as n, a.actor || ' ' || a.action || ' ' || a.object || ' '
      || coalesce(case when json_valid(a.detail_json) then (select group_concat(j.atom, ' ')
        from json_tree(a.detail_json) as j where j.type in ('text', 'integer', 'real')) end, '') as text
    from audit as a where a.seq > ? order by a.seq limit ?`,
};

/** Only grows. Append inside the transaction of what it tells of. */
export function auditRepository(db: Knex, words: Words) {
  const searched = searchedBy(words);
  return {
    async append(facts: AuditFacts): Promise<void> {
      const last = await db<Row>('audit').orderBy('seq', 'desc').first();
      const seq = (last?.seq ?? 0) + 1;
      const previousHash = last?.hash ?? FIRST_HASH;
      await db<Row>('audit').insert({
        seq,
        at: facts.at,
        actor: facts.actor,
        action: facts.action,
        object: facts.object,
        outcome: facts.outcome,
        detail_json: JSON.stringify(facts.detail),
        previous_hash: previousHash,
        hash: auditHash(seq, previousHash, facts),
      });
    },
    /** In order, from the row after `afterSeq`. */
    async range(afterSeq: number, limit: number): Promise<AuditRow[]> {
      return (await db<Row>('audit').where('seq', '>', afterSeq).orderBy('seq').limit(limit)).map(read);
    },
    /** Newest first as usual. */
    async list(filter: AuditFilter, request: ListRequest): Promise<ListPage<AuditRow>> {
      const { text, ...wanted } = filter;
      const spec: ListSpec = {
        ...LIST,
        db,
        from: () => db('audit as a'),
        counters: () => db('audit_counts as a'),
      };
      const { narrow, isBroad } = await searchOf(db, searched, text);
      const asked = isBroad ? { ...request, isCounted: false } : request;
      const rows = (page: Knex.QueryBuilder) => db('audit as a').join(page, 'page_id', 'a.seq').select('a.*');
      return readList<Row, AuditRow>(spec, { wanted, narrow: text ? narrow : undefined }, asked, {
        rows,
        read,
      });
    },
  };
}

function read(row: Row): AuditRow {
  return {
    seq: row.seq,
    at: Number(row.at),
    actor: row.actor,
    action: row.action,
    object: row.object,
    outcome: row.outcome,
    detail: JSON.parse(row.detail_json) as Readonly<Record<string, Json>>,
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}
