import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core/dist/esm/components/ToggleGroup';
import { ToolbarItem } from '@patternfly/react-core/dist/esm/components/Toolbar';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useQuery } from '@tanstack/react-query';
import { csvAddress, type ListChange, type ListSearch, plansQuery } from '../../api/lists.js';
import type { PlanLine } from '../../api/types.js';
import { Answer, Empty } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { ButtonLink, TextLink } from '../../ui/link.js';
import { FacetChoice, ListBar, ListFrame, NoneMatches, SortHead } from '../../ui/list.js';
import { PageFrame } from '../../ui/page.js';
import { personName } from '../../ui/person.js';
import { StateLabel } from '../../ui/status.js';

/** What plans are narrowed to, as the address says it. */
export const PLAN_FILTERS = ['state', 'remediation', 'node'] as const;

interface Props {
  /** Those that wait for an approval, unless the address says `state=all`. */
  readonly search: ListSearch<(typeof PLAN_FILTERS)[number]>;
  readonly onChange: (change: ListChange) => void;
  readonly onClear: () => void;
}

export function PlansPage({ search, onChange, onClear }: Props) {
  const onlyReady = search.state !== 'all';
  const { state: _state, ...rest } = search;
  const asked = onlyReady ? { ...rest, state: 'ready' } : rest;
  const query = useQuery(plansQuery(asked));
  const isNarrowed = Boolean(search.q ?? search.remediation ?? search.node);
  return (
    <PageFrame
      title="Plans"
      above={{ to: '/remediations', name: 'Remediations' }}
      lead="What nodes answered when they were asked what a remediation would change. Nothing is written before an approval."
    >
      <ListBar
        view={search}
        search="in plans"
        csv={csvAddress('plans', asked)}
        onChange={onChange}
        onClear={isNarrowed ? onClear : undefined}
      >
        <ToolbarItem>
          <ToggleGroup aria-label="Which plans">
            <ToggleGroupItem
              buttonId="plans-ready"
              text="Wait for approval"
              isSelected={onlyReady}
              onChange={() => onChange({ state: '' })}
            />
            <ToggleGroupItem
              buttonId="plans-all"
              text="All"
              isSelected={!onlyReady}
              onChange={() => onChange({ state: 'all' })}
            />
          </ToggleGroup>
        </ToolbarItem>
        <FacetChoice
          label="Remediation"
          all="Any remediation"
          value={search.remediation ?? ''}
          counts={query.data?.facets.remediation}
          onChange={(remediation) => onChange({ remediation })}
        />
      </ListBar>
      <Answer of={query} what="The plans">
        {(page) => (
          <ListFrame page={page} view={search} onPage={onChange} onRefresh={() => void query.refetch()}>
            {page.items.length > 0 ? (
              <PlanTable plans={page.items} search={search} onChange={onChange} />
            ) : isNarrowed ? (
              <NoneMatches what="plan" onClear={onClear} />
            ) : (
              <NoPlans onlyReady={onlyReady} />
            )}
          </ListFrame>
        )}
      </Answer>
    </PageFrame>
  );
}

function NoPlans({ onlyReady }: { readonly onlyReady: boolean }) {
  return (
    <Empty
      title={onlyReady ? 'No plan waits for an approval' : 'No plan yet'}
      actions={
        <ButtonLink variant="secondary" to="/plans/new">
          Ask for a plan
        </ButtonLink>
      }
    >
      A plan is good for a short time; after that the node may have changed.
    </Empty>
  );
}

function PlanTable({
  plans,
  search,
  onChange,
}: Omit<Props, 'onClear'> & { readonly plans: readonly PlanLine[] }) {
  const head = { view: search, onChange };
  return (
    <Table aria-label="Plans" variant="compact" gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <SortHead {...head} by="remediation" natural="asc">
            Remediation
          </SortHead>
          <SortHead {...head} by="state" natural="asc">
            State
          </SortHead>
          <Th>Node</Th>
          <Th>Asked for by</Th>
          <SortHead {...head} by="requested" natural="desc" isUsual>
            Asked for
          </SortHead>
          <SortHead {...head} by="expires" natural="desc">
            Good until
          </SortHead>
        </Tr>
      </Thead>
      <Tbody>
        {plans.map((plan) => (
          <Tr key={plan.id}>
            <Td dataLabel="Remediation">
              <TextLink to={`/plans/${plan.id}`}>{plan.remediation}</TextLink>
              {plan.error && <div className="cas-quiet">{plan.error.detail}</div>}
            </Td>
            <Td dataLabel="State">
              <StateLabel state={plan.state} />
            </Td>
            <Td dataLabel="Node">
              <TextLink to={`/nodes/${plan.node.id}`}>{plan.node.name}</TextLink>
            </Td>
            <Td dataLabel="Asked for by">{personName(plan.requestedBy)}</Td>
            <Td dataLabel="Asked for">
              <Instant at={plan.requestedAt} />
            </Td>
            <Td dataLabel="Good until">
              <Instant at={plan.expiresAt} />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
