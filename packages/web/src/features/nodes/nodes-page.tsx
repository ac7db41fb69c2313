import ServerIcon from '@patternfly/react-icons/dist/esm/icons/server-icon';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useQuery } from '@tanstack/react-query';
import { nodesQuery } from '../../api/queries.js';
import type { FleetNode } from '../../api/types.js';
import { Answer, Empty } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { ButtonLink, TextLink } from '../../ui/link.js';
import { PageFrame } from '../../ui/page.js';
import { SEVERITY_NAMES, SeverityCounts } from '../../ui/severity.js';
import { LinkLabel } from '../../ui/status.js';

export function NodesPage() {
  const nodes = useQuery(nodesQuery);
  return (
    <PageFrame title="Nodes" lead="Every enrolled node, those with the worst findings first.">
      <Answer of={nodes} what="The nodes">
        {(page) =>
          page.items.length === 0 ? <NoNodes /> : <NodeTable nodes={[...page.items].sort(worstFirst)} />
        }
      </Answer>
    </PageFrame>
  );
}

function NoNodes() {
  return (
    <Empty
      title="No node has joined yet"
      icon={ServerIcon}
      actions={
        <ButtonLink variant="primary" to="/settings">
          Make a token
        </ButtonLink>
      }
    >
      A one-time token lets a node enrol. Its key never leaves it.
    </Empty>
  );
}

function NodeTable({ nodes }: { readonly nodes: readonly FleetNode[] }) {
  return (
    <Table aria-label="Nodes" variant="compact" gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <Th>Node</Th>
          <Th>Open findings</Th>
          <Th>Link</Th>
          <Th>Last heard</Th>
          <Th>Momentum</Th>
          <Th>Group</Th>
        </Tr>
      </Thead>
      <Tbody>
        {nodes.map((node) => (
          <Tr key={node.id}>
            <Td dataLabel="Node">
              <TextLink to={`/nodes/${node.id}`}>{node.name}</TextLink>
            </Td>
            <Td dataLabel="Open findings">
              <SeverityCounts counts={node.open} />
            </Td>
            <Td dataLabel="Link">
              <LinkLabel connected={node.connected} />
            </Td>
            <Td dataLabel="Last heard">
              <Instant at={node.lastSeenAt} />
            </Td>
            <Td dataLabel="Momentum">
              {node.description?.momentum.version ?? <span className="cas-quiet">not known</span>}
            </Td>
            <Td dataLabel="Group">{node.group}</Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

/** By the count of the worst severity, then of the next; equal ones by name, so that rows keep their places. */
function worstFirst(a: FleetNode, b: FleetNode): number {
  for (const severity of SEVERITY_NAMES) {
    if (a.open[severity] !== b.open[severity]) return b.open[severity] - a.open[severity];
  }
  return Number(a.connected) - Number(b.connected) || a.name.localeCompare(b.name);
}
