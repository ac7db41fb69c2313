import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useQuery } from '@tanstack/react-query';
import { findingsQuery, type ListChange, type ListView } from '../../api/lists.js';
import { overviewQuery } from '../../api/queries.js';
import type { Finding } from '../../api/types.js';
import { Answer, Empty } from '../../ui/answer.js';
import { useHeld } from '../../ui/held.js';
import { Instant } from '../../ui/instant.js';
import { ButtonLink, TextLink } from '../../ui/link.js';
import { ListFrame, NoneMatches, SortHead, useRows } from '../../ui/list.js';
import { NothingOpen } from '../../ui/nothing-open.js';
import { PageFrame } from '../../ui/page.js';
import { SeverityLabel } from '../../ui/severity.js';
import { StateLabel } from '../../ui/status.js';
import { AcknowledgeAll } from './acknowledge.js';
import { type FindingFilter, isNarrowed } from './filter.js';
import { FilterBar } from './filter-bar.js';
import { WaiveAll } from './waive.js';

interface Props {
  readonly search: FindingFilter & ListView;
  readonly onChange: (change: ListChange) => void;
  readonly onClear: () => void;
  readonly mayAct: boolean;
}

export function FindingsPage({ search, onChange, onClear, mayAct }: Props) {
  const query = useQuery(findingsQuery(search));
  const { sort: _sort, order: _order, cursor: _cursor, from: _from, ...filter } = search;
  return (
    <PageFrame
      title="Findings"
      lead="A finding lives until a fresh scan passes; nothing else resolves it."
      actions={
        mayAct && (
          <Actions
            filter={filter}
            hasOpen={query.data?.items.some(({ state }) => state === 'open') ?? false}
          />
        )
      }
    >
      <FilterBar search={search} facets={query.data?.facets} onChange={onChange} onClear={onClear} />
      <Answer of={query} what="The findings" rows={6}>
        {(page) => (
          <ListFrame page={page} view={search} onPage={onChange} onRefresh={() => void query.refetch()}>
            {page.items.length === 0 ? (
              <NoFindings filter={filter} onClear={onClear} />
            ) : (
              <FindingRows findings={page.items} search={search} onChange={onChange} />
            )}
          </ListFrame>
        )}
      </Answer>
    </PageFrame>
  );
}

/** A silence has no words to search for: the search does not narrow it. */
function Actions({ filter, hasOpen }: { readonly filter: FindingFilter; readonly hasOpen: boolean }) {
  const { control, node, group, severity } = filter;
  return (
    <>
      {hasOpen && <AcknowledgeAll filter={filter} />}
      {hasOpen && <WaiveAll filter={filter} />}
      <ButtonLink variant="secondary" to="/silences/new" search={{ control, node, group, severity }}>
        Silence…
      </ButtonLink>
    </>
  );
}

interface RowsProps {
  readonly findings: readonly Finding[];
  readonly search: FindingFilter & ListView;
  readonly onChange: (change: ListChange) => void;
}

function FindingRows({ findings, search, onChange }: RowsProps) {
  const held = useHeld(findings, JSON.stringify(search));
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
        <FindingTable findings={held.items} search={search} onChange={onChange} />
      </div>
    </div>
  );
}

function FindingTable({ findings, search, onChange }: RowsProps) {
  const head = { view: search, onChange };
  const rows = useRows(findings);
  return (
    <Table aria-label="Findings" variant="compact" gridBreakPoint="grid-lg" className="cas-findings">
      <Thead>
        <Tr>
          <SortHead {...head} by="severity" natural="desc" isUsual>
            Severity
          </SortHead>
          <SortHead {...head} by="control" natural="asc">
            Finding
          </SortHead>
          <SortHead {...head} by="node" natural="asc">
            Node
          </SortHead>
          <SortHead {...head} by="opened" natural="desc">
            Opened
          </SortHead>
          <SortHead {...head} by="updated" natural="desc">
            Last change
          </SortHead>
          <Th>State</Th>
        </Tr>
      </Thead>
      <Tbody>
        {rows.map((finding) => (
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
            <Td dataLabel="Last change">
              <Instant at={finding.updatedAt} />
            </Td>
            <Td dataLabel="State">
              <span className="cas-row">
                <StateLabel state={finding.state} />
                {finding.stale && finding.state !== 'stale' && <StateLabel state="stale" />}
                {finding.silenceId && <StateLabel state="silenced" />}
                {finding.inhibitedBy && <StateLabel state="inhibited" />}
              </span>
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function NoFindings({ filter, onClear }: { readonly filter: FindingFilter; readonly onClear: () => void }) {
  const overview = useQuery(overviewQuery);
  if (isNarrowed(filter)) return <NoneMatches what="finding" onClear={onClear} />;
  if (filter.state === 'resolved')
    return <Empty title="Nothing was resolved yet">Resolved findings stay here with their history.</Empty>;
  const nodes = overview.data?.nodes;
  return nodes ? <NothingOpen nodes={nodes.total} connected={nodes.connected} /> : null;
}
