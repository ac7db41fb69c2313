import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useInfiniteQuery } from '@tanstack/react-query';
import { runsQuery } from '../../api/queries.js';
import type { Run } from '../../api/types.js';
import { Answer, Empty } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { ButtonLink, TextLink } from '../../ui/link.js';
import { PageFrame } from '../../ui/page.js';
import { personName } from '../../ui/person.js';
import { ShowMore } from '../../ui/show-more.js';
import { StateLabel } from '../../ui/status.js';

export function RunsPage({ node }: { readonly node: string | undefined }) {
  const query = useInfiniteQuery(runsQuery(node));
  const items = query.data?.pages.flatMap((page) => page.items);
  return (
    <PageFrame title="Runs" lead="Approved plans that were carried out, newest first.">
      <Answer of={{ ...query, data: items }} what="The runs">
        {(runs) =>
          runs.length === 0 ? <NoRuns isNarrowed={node !== undefined} /> : <RunTable runs={runs} />
        }
      </Answer>
      <ShowMore of={query} />
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

function RunTable({ runs }: { readonly runs: readonly Run[] }) {
  return (
    <Table aria-label="Runs" variant="compact" gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <Th>Remediation</Th>
          <Th>State</Th>
          <Th>Node</Th>
          <Th>Approved by</Th>
          <Th>Approved</Th>
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
