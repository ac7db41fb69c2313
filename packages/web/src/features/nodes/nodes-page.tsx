import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core/dist/esm/components/ToggleGroup';
import ServerIcon from '@patternfly/react-icons/dist/esm/icons/server-icon';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useQuery } from '@tanstack/react-query';
import { csvAddress, type ListChange, type ListPage, type ListSearch, nodesQuery } from '../../api/lists.js';
import type { FleetNode } from '../../api/types.js';
import { Answer, Empty } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { ButtonLink, TextLink } from '../../ui/link.js';
import { FacetChoice, ListBar, ListFrame, NoneMatches, SortHead, useRows } from '../../ui/list.js';
import { PageFrame } from '../../ui/page.js';
import { SeverityCounts, type SeverityName, severityWord } from '../../ui/severity.js';
import { NodeLabel } from '../../ui/status.js';

/** What nodes are narrowed to, as the address says it. */
export const NODE_FILTERS = ['retired', 'group', 'worst', 'link', 'momentum', 'agent'] as const;
type NodeSearch = ListSearch<(typeof NODE_FILTERS)[number]>;

interface Props {
  readonly search: NodeSearch;
  readonly onChange: (change: ListChange) => void;
  readonly onClear: () => void;
}

const LINK_WORDS: Readonly<Record<string, string>> = {
  connected: 'Connected',
  silent: 'Silent',
  revoked: 'Revoked',
};

export function NodesPage({ search, onChange, onClear }: Props) {
  const nodes = useQuery(nodesQuery(search));
  const isRetired = search.retired === 'true';
  const { q, group, worst, link, momentum, agent } = search;
  const isNarrowed = Boolean(q ?? group ?? worst ?? link ?? momentum ?? agent);
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
            onChange={() => onChange({ retired: '' })}
          />
          <ToggleGroupItem
            buttonId="nodes-retired"
            text="Retired"
            isSelected={isRetired}
            onChange={() => onChange({ retired: 'true' })}
          />
        </ToggleGroup>
      }
    >
      <ListBar
        view={search}
        search="in nodes"
        csv={csvAddress('nodes', search)}
        onChange={onChange}
        onClear={isNarrowed ? onClear : undefined}
      >
        <Facets search={search} facets={nodes.data?.facets} onChange={onChange} />
      </ListBar>
      <Answer of={nodes} what="The nodes">
        {(page) => (
          <ListFrame page={page} view={search} onPage={onChange} onRefresh={() => void nodes.refetch()}>
            {page.items.length > 0 ? (
              <NodeTable nodes={page.items} search={search} onChange={onChange} />
            ) : isNarrowed ? (
              <NoneMatches what="node" onClear={onClear} />
            ) : isRetired ? (
              <Empty title="No node is retired" icon={ServerIcon} />
            ) : (
              <NoNodes />
            )}
          </ListFrame>
        )}
      </Answer>
    </PageFrame>
  );
}

function Facets({
  search,
  facets,
  onChange,
}: Omit<Props, 'onClear'> & { readonly facets: ListPage<FleetNode>['facets'] | undefined }) {
  return (
    <>
      <FacetChoice
        label="Worst finding"
        all="Any findings"
        value={search.worst ?? ''}
        counts={facets?.worst}
        word={(worst) => (worst === 'none' ? 'None' : severityWord(worst as SeverityName))}
        onChange={(worst) => onChange({ worst })}
      />
      <FacetChoice
        label="Link"
        all="Any link"
        value={search.link ?? ''}
        counts={facets?.link}
        word={(link) => LINK_WORDS[link] ?? link}
        onChange={(link) => onChange({ link })}
      />
      <FacetChoice
        label="Group"
        all="Any group"
        value={search.group ?? ''}
        counts={facets?.group}
        onChange={(group) => onChange({ group })}
      />
      <FacetChoice
        label="Momentum"
        all="Any Momentum"
        value={search.momentum ?? ''}
        counts={facets?.momentum}
        onChange={(momentum) => onChange({ momentum })}
      />
    </>
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

function NodeTable({
  nodes,
  search,
  onChange,
}: Omit<Props, 'onClear'> & { readonly nodes: readonly FleetNode[] }) {
  const head = { view: search, onChange };
  const rows = useRows(nodes);
  return (
    <Table aria-label="Nodes" variant="compact" gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <SortHead {...head} by="name" natural="asc">
            Node
          </SortHead>
          <SortHead {...head} by="worst" natural="desc" isUsual>
            Open findings
          </SortHead>
          <Th>Link</Th>
          <SortHead {...head} by="seen" natural="desc">
            Last heard
          </SortHead>
          <SortHead {...head} by="certificate" natural="asc">
            Agent certificate ends
          </SortHead>
          <SortHead {...head} by="momentum" natural="asc">
            Momentum
          </SortHead>
          <SortHead {...head} by="group" natural="asc">
            Group
          </SortHead>
        </Tr>
      </Thead>
      <Tbody>
        {rows.map((node) => (
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
            <Td dataLabel="Agent certificate ends">
              <Instant at={node.certificateNotAfter} />
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
