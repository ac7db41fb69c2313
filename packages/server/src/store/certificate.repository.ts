import type { SeenCertificate } from '@castellan/shared/model/verdict';
import type { Knex } from 'knex';
import { type ListPage, type ListRequest, type ListSpec, readList, type Sort } from './list.js';
import { NODE_NAME } from './node.repository.js';
import { searchOf } from './search/search.js';
import type { SearchSource } from './search/source.js';

export interface CertificateFilter {
  readonly group?: string;
  readonly control?: string;
  readonly node?: string;
  /** Ends before this instant, ms since 1970. */
  readonly endsBefore?: number;
  readonly text?: string;
}

/** A certificate that a node has. Of an agent's own, `path`, `subject`, `issuer` and `fingerprint` are empty. */
export interface CertificateLine extends SeenCertificate {
  readonly id: number;
  readonly nodeId: string;
  readonly nodeName: string;
  readonly group: string;
  readonly control: string;
  /** What the control judged: the finding's subject. */
  readonly judged: string;
  /** The active finding of it; null: nothing is wrong with what it is judged by. */
  readonly findingId: string | null;
  readonly severity: string | null;
}

/** How certificates may be sorted: what the API takes. */
export const CERTIFICATE_SORTS = ['end', 'node'] as const;

const LIST: Omit<ListSpec, 'db' | 'from'> = {
  id: 'c.id',
  usualSort: 'end',
  sorts: {
    end: { terms: ['c.not_after'], natural: 'asc' },
    node: { terms: ['n.name', 'c.not_after'], natural: 'asc' },
  } satisfies Record<(typeof CERTIFICATE_SORTS)[number], Sort>,
  facets: {
    control: { column: 'c.control' },
    group: { column: 'n.group_name' },
  },
};

interface Row {
  id: number;
  node_id: string;
  node_name: string;
  group_name: string;
  control: string;
  subject: string;
  path: string;
  certificate_subject: string;
  issuer: string;
  serial: string;
  fingerprint: string;
  not_before: number;
  not_after: number;
  finding_id: string | null;
  finding_severity: string | null;
}

const OWN = 'CAS-CRT-002';
const SEARCHED: SearchSource = {
  text: `(${NODE_NAME} || ' ' || c.path || ' ' || c.certificate_subject || ' ' || c.issuer || ' ' || c.serial)`,
  fields: {
    node: { kind: 'words', sql: NODE_NAME },
    path: { kind: 'words', sql: 'c.path' },
    subject: { kind: 'words', sql: 'c.certificate_subject' },
    issuer: { kind: 'words', sql: 'c.issuer' },
    serial: { kind: 'words', sql: 'c.serial' },
    control: { kind: 'words', sql: 'c.control' },
    ends: { kind: 'time', sql: 'c.not_after' },
  },
};

/** Certificates as they were last read, whatever is said of them. */
export function certificateRepository(db: Knex) {
  return {
    /** The server's own, by what each is of, as they are listed. */
    async own(serverId: string): Promise<readonly { readonly subject: string; readonly notAfter: number }[]> {
      const rows = await db<Row>('certificates').where({ node_id: serverId, control: OWN }).orderBy('id');
      return rows.map((row) => ({ subject: row.subject, notAfter: row.not_after }));
    },
    async putOwn(
      serverId: string,
      own: readonly { readonly subject: string; readonly notAfter: number }[],
    ): Promise<void> {
      await db('certificates').where({ node_id: serverId, control: OWN }).delete();
      if (own.length === 0) return;
      await db('certificates').insert(
        own.map(({ subject, notAfter }) => ({
          node_id: serverId,
          control: OWN,
          subject,
          path: '',
          serial: '',
          not_before: 0,
          not_after: notAfter,
        })),
      );
    },
    async list(filter: CertificateFilter, request: ListRequest): Promise<ListPage<CertificateLine>> {
      const { group, control, node, endsBefore, text } = filter;
      const search = await searchOf(db, SEARCHED, text);
      const narrowing = {
        wanted: { group, control },
        narrow: (query: Knex.QueryBuilder) => {
          if (node) query.where('c.node_id', node);
          if (endsBefore !== undefined) query.where('c.not_after', '<', endsBefore);
          search.narrow(query);
        },
      };
      const from = () =>
        db('certificates as c').join('nodes as n', 'n.id', 'c.node_id').whereNull('n.retired_at');
      return readList<Row, CertificateLine>({ ...LIST, db, from }, narrowing, request, {
        rows: (page) => lines(db).join(page, 'page_id', 'c.id'),
        read: lineOf,
      });
    },
  };
}

function lines(db: Knex) {
  return db('certificates as c')
    .join('nodes as n', 'n.id', 'c.node_id')
    .leftJoin('findings as f', (on) =>
      on
        .on('f.node_id', 'c.node_id')
        .andOn('f.control', 'c.control')
        // Of an agent's own there is one finding, whose subject is the control's.
        .andOn(db.raw("(c.subject = '' or f.subject = c.subject)"))
        .andOn(db.raw("f.state <> 'resolved'")),
    )
    .select(
      'c.*',
      db.raw(`${NODE_NAME} as node_name`),
      'n.group_name',
      'f.id as finding_id',
      'f.severity as finding_severity',
    );
}

function lineOf(row: Row): CertificateLine {
  return {
    id: row.id,
    nodeId: row.node_id,
    nodeName: row.node_name,
    group: row.group_name,
    control: row.control,
    judged: row.subject,
    path: row.path,
    subject: row.certificate_subject,
    issuer: row.issuer,
    serial: row.serial,
    fingerprint: row.fingerprint,
    notBeforeMs: row.not_before,
    notAfterMs: row.not_after,
    findingId: row.finding_id,
    severity: row.finding_severity,
  };
}
