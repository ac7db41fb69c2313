import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useQuery } from '@tanstack/react-query';
import { csvAddress, type ListChange, type ListSearch, runsQuery } from '../../api/lists.js';
import type { Run } from '../../api/types.js';
import { Answer, Empty } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { ButtonLink, TextLink } from '../../ui/link.js';
import { FacetChoice, ListBar, ListFrame, NoneMatches, SortHead } from '../../ui/list.js';
import { PageFrame } from '../../ui/page.js';
import { personName } from '../../ui/person.js';
import { StateLabel } from '../../ui/status.js';

/** What runs are narrowed to, as the address says it. */
export const RUN_FILTERS = ['state', 'remediation', 'node'] as const;

interface Props {
  readonly search: ListSearch<(typeof RUN_FILTERS)[number]>;
  readonly onChange: (change: ListChange) => void;
  readonly onClear: () => void;
}

export function RunsPage({ search, onChange, onClear }: Props) {
  const query = useQuery(runsQuery(search));
  const isNarrowed = Boolean(search.q ?? search.state ?? search.remediation);
  return (
    <PageFrame title="Runs" lead="Approved plans that were carried out, newest first.">
      <ListBar
        view={search}
        search="in runs"
        csv={csvAddress('runs', search)}
        onChange={onChange}
        onClear={isNarrowed ? onClear : undefined}
      >
        <FacetChoice
          label="State"
          all="Any state"
          value={search.state ?? ''}
          counts={query.data?.facets.state}
          onChange={(state) => onChange({ state })}
        />
        <FacetChoice
          label="Remediation"
          all="Any remediation"
          value={search.remediation ?? ''}
          counts={query.data?.facets.remediation}
          onChange={(remediation) => onChange({ remediation })}
        />
      </ListBar>
      <Answer of={query} what="The runs">
        {(page) => (
          <ListFrame page={page} view={search} onPage={onChange} onRefresh={() => void query.refetch()}>
            {page.items.length > 0 ? (
              <RunTable runs={page.items} search={search} onChange={onChange} />
            ) : isNarrowed ? (
              <NoneMatches what="run" onClear={onClear} />
            ) : (
              <NoRuns isNarrowed={search.node !== undefined} />
            )}
          </ListFrame>
        )}
      </Answer>
    </PageFrame>
  );
}

function NoRuns({ isNarrowed }: { readonly isNarrowed: boolean }) {
  if (!isNarrowed) return <Empty title="No run yet">A run begins when somebody approves a plan.</Empty>;
  return (
    <Empty
      title="No run on this node"
      actions={
        <ButtonLink variant="secondary" to="/runs">
          Runs on all nodes
        </ButtonLink>
      }
    />
  );
}

function RunTable({ runs, search, onChange }: Omit<Props, 'onClear'> & { readonly runs: readonly Run[] }) {
  const head = { view: search, onChange };
  return (
    <Table aria-label="Runs" variant="compact" gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <SortHead {...head} by="remediation" natural="asc">
            Remediation
          </SortHead>
          <SortHead {...head} by="state" natural="asc">
            State
          </SortHead>
          <Th>Node</Th>
          <Th>Approved by</Th>
          <SortHead {...head} by="approved" natural="desc" isUsual>
            Approved
          </SortHead>
        </Tr>
      </Thead>
      <Tbody>
        {runs.map((run) => (
          <Tr key={run.id}>
            <Td dataLabel="Remediation">
              <TextLink to={`/runs/${run.id}`}>{run.remediation}</TextLink>
            </Td>
            <Td dataLabel="State">
              <StateLabel state={run.state} />
            </Td>
            <Td dataLabel="Node">
              <TextLink to={`/nodes/${run.node.id}`}>{run.node.name}</TextLink>
            </Td>
            <Td dataLabel="Approved by">{personName(run.approvedBy)}</Td>
            <Td dataLabel="Approved">
              <Instant at={run.approvedAt} />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
