import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import SearchIcon from '@patternfly/react-icons/dist/esm/icons/search-icon';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { findingsQuery, nodesQuery } from '../../api/queries.js';
import type { Finding } from '../../api/types.js';
import { Answer, Empty } from '../../ui/answer.js';
import { useHeld } from '../../ui/held.js';
import { Instant } from '../../ui/instant.js';
import { TextLink } from '../../ui/link.js';
import { NothingOpen } from '../../ui/nothing-open.js';
import { PageFrame } from '../../ui/page.js';
import { bySeverity, SeverityLabel } from '../../ui/severity.js';
import { ShowMore } from '../../ui/show-more.js';
import { StateLabel } from '../../ui/status.js';
import { AcknowledgeAll } from './acknowledge.js';
import { type FilterChange, type FindingFilter, isNarrowed } from './filter.js';
import { FilterBar } from './filter-bar.js';

interface Props {
  readonly filter: FindingFilter;
  readonly onFilter: (change: FilterChange) => void;
  readonly onClear: () => void;
  readonly mayAct: boolean;
}

export function FindingsPage({ filter, onFilter, onClear, mayAct }: Props) {
  const query = useInfiniteQuery({
    ...findingsQuery({ ...filter, state: filter.state ?? 'open' }),
    placeholderData: keepPreviousData,
  });
  const items = query.data?.pages.flatMap((page) => page.items);
  return (
    <PageFrame
      title="Findings"
      lead="A finding lives until a fresh scan passes; nothing else resolves it."
      actions={mayAct && items?.some(({ state }) => state === 'open') && <AcknowledgeAll filter={filter} />}
    >
      <FilterBar filter={filter} onChange={onFilter} onClear={onClear} />
      <Answer of={{ ...query, data: items }} what="The findings" rows={6}>
        {(findings) =>
          findings.length === 0 ? (
            <NoFindings filter={filter} onClear={onClear} />
          ) : (
            <FindingRows findings={findings} filterKey={JSON.stringify(filter)} />
          )
        }
      </Answer>
      <ShowMore of={query} />
    </PageFrame>
  );
}

function FindingRows({
  findings,
  filterKey,
}: {
  readonly findings: readonly Finding[];
  readonly filterKey: string;
}) {
  const held = useHeld([...findings].sort(worstFirst), filterKey);
  return (
    <div>
      <div aria-live="polite">
        {held.waiting > 0 && (
          <Alert
            isInline
            variant="info"
            component="p"
            title={`${held.waiting} new ${held.waiting === 1 ? 'finding waits' : 'findings wait'} so that rows do not jump under your pointer.`}
            actionLinks={
              <Button variant="link" isInline onClick={held.release}>
                Show
              </Button>
            }
          />
        )}
      </div>
      <div {...held.hold}>
        <FindingTable findings={held.items} />
      </div>
    </div>
  );
}

function FindingTable({ findings }: { readonly findings: readonly Finding[] }) {
  return (
    <Table aria-label="Findings" variant="compact" gridBreakPoint="grid-lg" className="cas-findings">
      <Thead>
        <Tr>
          <Th width={10}>Severity</Th>
          <Th width={50}>Finding</Th>
          <Th width={15}>Node</Th>
          <Th>Opened</Th>
          <Th>State</Th>
        </Tr>
      </Thead>
      <Tbody>
        {findings.map((finding) => (
          <Tr key={finding.id}>
            <Td>
              <SeverityLabel severity={finding.severity} />
            </Td>
            <Td>
              {/* What is wrong leads; the rule, which reads as if all were well, comes after. */}
              <TextLink to={`/findings/${finding.id}`}>{finding.summary}</TextLink>
              <div className="cas-quiet">
                {finding.control} {finding.title} · {finding.subject}
              </div>
            </Td>
            <Td dataLabel="Node">
              <TextLink to={`/nodes/${finding.node.id}`}>{finding.node.name}</TextLink>
            </Td>
            <Td dataLabel="Opened">
              <Instant at={finding.openedAt} />
            </Td>
            <Td dataLabel="State">
              <span className="cas-row">
                <StateLabel state={finding.state} />
                {finding.stale && finding.state !== 'stale' && <StateLabel state="stale" />}
              </span>
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function NoFindings({ filter, onClear }: { readonly filter: FindingFilter; readonly onClear: () => void }) {
  const nodes = useQuery(nodesQuery);
  if (isNarrowed(filter)) {
    return (
      <Empty
        title="No finding matches"
        icon={SearchIcon}
        actions={
          <Button variant="secondary" onClick={onClear}>
            Clear filters
          </Button>
        }
      >
        There may be findings outside these filters.
      </Empty>
    );
  }
  if (filter.state === 'resolved')
    return <Empty title="Nothing was resolved yet">Resolved findings stay here with their history.</Empty>;
  return nodes.data ? (
    <NothingOpen
      nodes={nodes.data.items.length}
      connected={nodes.data.items.filter((node) => node.connected).length}
    />
  ) : null;
}

/** Living before resolved, worst first, newest first; the identifier settles the rest so that rows keep their places. */
function worstFirst(a: Finding, b: Finding): number {
  return (
    Number(a.state === 'resolved') - Number(b.state === 'resolved') ||
    bySeverity(a.severity, b.severity) ||
    b.openedAt.localeCompare(a.openedAt) ||
    a.id.localeCompare(b.id)
  );
}
