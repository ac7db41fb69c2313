import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core/dist/esm/components/ToggleGroup';
import ServerIcon from '@patternfly/react-icons/dist/esm/icons/server-icon';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useQuery } from '@tanstack/react-query';
import { nodesQuery, retiredNodesQuery } from '../../api/queries.js';
import type { FleetNode } from '../../api/types.js';
import { Answer, Empty } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { ButtonLink, TextLink } from '../../ui/link.js';
import { PageFrame } from '../../ui/page.js';
import { SEVERITY_NAMES, SeverityCounts } from '../../ui/severity.js';
import { NodeLabel } from '../../ui/status.js';

interface Props {
  readonly isRetired: boolean;
  readonly onRetired: (isRetired: boolean) => void;
}

export function NodesPage({ isRetired, onRetired }: Props) {
  const nodes = useQuery(isRetired ? retiredNodesQuery : nodesQuery);
  return (
    <PageFrame
      title="Nodes"
      lead={
        isRetired
          ? 'Nodes that were retired: nobody waits for them, and what was known of them can be read.'
          : 'Every enrolled node, those with the worst findings first.'
      }
      actions={
        <ToggleGroup aria-label="Which nodes">
          <ToggleGroupItem
            buttonId="nodes-enrolled"
            text="Enrolled"
            isSelected={!isRetired}
            onChange={() => onRetired(false)}
          />
          <ToggleGroupItem
            buttonId="nodes-retired"
            text="Retired"
            isSelected={isRetired}
            onChange={() => onRetired(true)}
          />
        </ToggleGroup>
      }
    >
      <Answer of={nodes} what="The nodes">
        {(page) =>
          page.items.length > 0 ? (
            <NodeTable nodes={[...page.items].sort(worstFirst)} />
          ) : isRetired ? (
            <Empty title="No node is retired" icon={ServerIcon} />
          ) : (
            <NoNodes />
          )
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
              <NodeLabel node={node} />
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
