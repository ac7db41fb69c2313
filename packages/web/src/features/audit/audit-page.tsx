import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useQuery } from '@tanstack/react-query';
import { auditQuery, csvAddress, type ListChange, type ListSearch } from '../../api/lists.js';
import type { AuditLine } from '../../api/types.js';
import { Answer, Empty } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { labelOf } from '../../ui/label-words.js';
import { TextLink } from '../../ui/link.js';
import { FacetChoice, ListBar, ListFrame, NoneMatches, SortHead, useRows } from '../../ui/list.js';
import { PageFrame } from '../../ui/page.js';
import { personName } from '../../ui/person.js';

const OUTCOMES = { ok: '', refused: 'Refused', failed: 'Failed' } as const;

/** What the audit is narrowed to, as the address says it. */
export const AUDIT_FILTERS = ['actor', 'action', 'outcome'] as const;

interface Props {
  readonly search: ListSearch<(typeof AUDIT_FILTERS)[number]>;
  readonly onChange: (change: ListChange) => void;
  readonly onClear: () => void;
}

export function AuditPage({ search, onChange, onClear }: Props) {
  const query = useQuery(auditQuery(search));
  const facets = query.data?.facets;
  const isNarrowed = Boolean(search.q ?? search.actor ?? search.action ?? search.outcome);
  return (
    <PageFrame
      title="Audit"
      lead="Who did what, newest first. Each line holds the hash of the one before it: castellan-server audit verify walks the chain."
    >
      <ListBar
        view={search}
        search="in the audit"
        csv={csvAddress('audit', search)}
        onChange={onChange}
        onClear={isNarrowed ? onClear : undefined}
      >
        <FacetChoice
          label="Who"
          all="Anybody"
          value={search.actor ?? ''}
          counts={facets?.actor}
          word={personName}
          onChange={(actor) => onChange({ actor })}
        />
        <FacetChoice
          label="What"
          all="Anything"
          value={search.action ?? ''}
          counts={facets?.action}
          word={labelOf}
          onChange={(action) => onChange({ action })}
        />
        <FacetChoice
          label="Outcome"
          all="Any outcome"
          value={search.outcome ?? ''}
          counts={facets?.outcome}
          word={labelOf}
          onChange={(outcome) => onChange({ outcome })}
        />
      </ListBar>
      <Answer of={query} what="The audit">
        {(page) => (
          <ListFrame page={page} view={search} onPage={onChange} onRefresh={() => void query.refetch()}>
            {page.items.length > 0 ? (
              <AuditTable lines={page.items} search={search} onChange={onChange} />
            ) : isNarrowed ? (
              <NoneMatches what="line" onClear={onClear} />
            ) : (
              <Empty title="Nothing was done yet" />
            )}
          </ListFrame>
        )}
      </Answer>
    </PageFrame>
  );
}

function AuditTable({
  lines,
  search,
  onChange,
}: Omit<Props, 'onClear'> & { readonly lines: readonly AuditLine[] }) {
  const head = { view: search, onChange };
  const rows = useRows(lines);
  return (
    <Table aria-label="Audit" variant="compact" gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <SortHead {...head} by="time" natural="desc" isUsual>
            When
          </SortHead>
          <SortHead {...head} by="actor" natural="asc">
            Who
          </SortHead>
          <SortHead {...head} by="action" natural="asc">
            What
          </SortHead>
          <Th>Of what</Th>
          <Th>Details</Th>
        </Tr>
      </Thead>
      <Tbody>
        {rows.map((line) => (
          <Tr key={line.seq}>
            <Td dataLabel="When">
              <Instant at={line.at} />
            </Td>
            <Td dataLabel="Who">{personName(line.actor)}</Td>
            <Td dataLabel="What">
              {labelOf(line.action)}
              {line.outcome !== 'ok' && <strong> {OUTCOMES[line.outcome]}</strong>}
            </Td>
            <Td dataLabel="Of what" className="cas-break">
              <Subject id={line.object} />
            </Td>
            <Td dataLabel="Details" className="cas-break">
              {Object.entries(line.detail)
                .map(
                  ([name, value]) =>
                    `${labelOf(name)}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
                )
                .join(', ')}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

const PAGES: Readonly<Record<string, string>> = {
  fnd_: '/findings/',
  nod_: '/nodes/',
  pln_: '/plans/',
  run_: '/runs/',
};

/** What has a page of its own is a link to it. */
function Subject({ id }: { readonly id: string }) {
  const page = PAGES[id.slice(0, 4)];
  return page === undefined ? id : <TextLink to={`${page}${id}`}>{id}</TextLink>;
}
