import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core/dist/esm/components/ToggleGroup';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useInfiniteQuery } from '@tanstack/react-query';
import { plansQuery } from '../../api/queries.js';
import type { PlanLine } from '../../api/types.js';
import { Answer, Empty } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { ButtonLink, TextLink } from '../../ui/link.js';
import { PageFrame } from '../../ui/page.js';
import { personName } from '../../ui/person.js';
import { ShowMore } from '../../ui/show-more.js';
import { StateLabel } from '../../ui/status.js';

interface Props {
  /** Only those that wait for an approval. */
  readonly onlyReady: boolean;
  readonly onOnlyReady: (onlyReady: boolean) => void;
}

export function PlansPage({ onlyReady, onOnlyReady }: Props) {
  const query = useInfiniteQuery(plansQuery(onlyReady ? 'ready' : undefined));
  const items = query.data?.pages.flatMap((page) => page.items);
  return (
    <PageFrame
      title="Plans"
      above={{ to: '/remediations', name: 'Remediations' }}
      lead="What nodes answered when they were asked what a remediation would change. Nothing is written before an approval."
    >
      <ToggleGroup aria-label="Which plans">
        <ToggleGroupItem
          buttonId="plans-ready"
          text="Wait for approval"
          isSelected={onlyReady}
          onChange={() => onOnlyReady(true)}
        />
        <ToggleGroupItem
          buttonId="plans-all"
          text="All"
          isSelected={!onlyReady}
          onChange={() => onOnlyReady(false)}
        />
      </ToggleGroup>
      <Answer of={{ ...query, data: items }} what="The plans">
        {(plans) => (plans.length === 0 ? <NoPlans onlyReady={onlyReady} /> : <PlanTable plans={plans} />)}
      </Answer>
      <ShowMore of={query} />
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

function PlanTable({ plans }: { readonly plans: readonly PlanLine[] }) {
  return (
    <Table aria-label="Plans" variant="compact" gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <Th>Remediation</Th>
          <Th>State</Th>
          <Th>Node</Th>
          <Th>Asked for by</Th>
          <Th>Asked for</Th>
          <Th>Good until</Th>
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
