import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core/dist/esm/components/ToggleGroup';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { replayDelivery } from '../../api/calls.js';
import { deliveriesQuery, targetsQuery } from '../../api/queries.js';
import type { Delivery } from '../../api/types.js';
import { Answer, Empty, ProblemAlert } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { TextLink } from '../../ui/link.js';
import { PageFrame } from '../../ui/page.js';
import { StateLabel } from '../../ui/status.js';

interface Props {
  readonly targetId: string;
  readonly onlyDead: boolean;
  readonly onOnlyDead: (onlyDead: boolean) => void;
  readonly mayReplay: boolean;
}

/** Why something was said; what is not here is shown by its own word. */
const REASON: Readonly<Record<string, string>> = {
  opened: 'Opened',
  returned: 'Came back',
  unacknowledged: 'Nobody has it any more',
  worse: 'Worse',
  grew: 'More findings',
  better: 'Better',
  reminder: 'Reminder',
  acknowledged: 'Somebody has it',
  resolved: 'Resolved',
};

export function DeliveriesPage({ targetId, onlyDead, onOnlyDead, mayReplay }: Props) {
  const targets = useQuery(targetsQuery);
  const query = useQuery(deliveriesQuery(targetId));
  const name = targets.data?.items.find((target) => target.id === targetId)?.name ?? 'target';
  const dead = query.data?.items.filter((delivery) => delivery.state === 'dead') ?? [];
  return (
    <PageFrame
      title={`Deliveries to ${name}`}
      above={{ to: '/alerts', name: 'Alerts' }}
      lead="What was sent, what is being sent again, and what was given up."
    >
      <ToggleGroup aria-label="Which deliveries are shown">
        <ToggleGroupItem
          buttonId="deliveries-all"
          text="All"
          isSelected={!onlyDead}
          onChange={() => onOnlyDead(false)}
        />
        <ToggleGroupItem
          buttonId="deliveries-dead"
          text={`Given up (${dead.length})`}
          isSelected={onlyDead}
          onChange={() => onOnlyDead(true)}
        />
      </ToggleGroup>
      <Answer of={query} what="The deliveries">
        {(page) => {
          const items = onlyDead ? dead : page.items;
          if (items.length > 0) return <DeliveryTable items={items} mayReplay={mayReplay} />;
          return onlyDead ? (
            <Empty title="Nothing was given up">Every delivery arrived or is still being tried.</Empty>
          ) : (
            <Empty title="Nothing was sent yet" />
          );
        }}
      </Answer>
    </PageFrame>
  );
}

function DeliveryTable({
  items,
  mayReplay,
}: {
  readonly items: readonly Delivery[];
  readonly mayReplay: boolean;
}) {
  const client = useQueryClient();
  const replay = useMutation({
    mutationFn: replayDelivery,
    onSettled: () => client.invalidateQueries({ queryKey: ['deliveries'] }),
  });
  return (
    <>
      <ProblemAlert problem={replay.error} title="It could not be sent again." />
      <Table aria-label="Deliveries" variant="compact" gridBreakPoint="grid-lg">
        <Thead>
          <Tr>
            <Th>State</Th>
            <Th>What</Th>
            <Th>Created</Th>
            <Th>Tries</Th>
            <Th>Last answer</Th>
            {mayReplay && <Th screenReaderText="Action" />}
          </Tr>
        </Thead>
        <Tbody>
          {items.map((delivery) => (
            <Tr key={delivery.id}>
              <Td dataLabel="State">
                <StateLabel state={delivery.state} />
              </Td>
              <Td dataLabel="What">
                <What delivery={delivery} />
              </Td>
              <Td dataLabel="Created">
                <Instant at={delivery.createdAt} />
              </Td>
              <Td dataLabel="Tries">{delivery.attempts}</Td>
              <Td dataLabel="Last answer">
                <LastAnswer delivery={delivery} />
              </Td>
              {mayReplay && (
                <Td>
                  {delivery.state === 'dead' && (
                    <Button
                      variant="secondary"
                      size="sm"
                      isDisabled={replay.isPending}
                      onClick={() => replay.mutate(delivery.id)}
                    >
                      Send again
                    </Button>
                  )}
                </Td>
              )}
            </Tr>
          ))}
        </Tbody>
      </Table>
    </>
  );
}

function What({ delivery }: { readonly delivery: Delivery }) {
  const words = REASON[delivery.reason ?? ''] ?? delivery.reason ?? delivery.type;
  return delivery.findingId ? <TextLink to={`/findings/${delivery.findingId}`}>{words}</TextLink> : words;
}

function LastAnswer({ delivery }: { readonly delivery: Delivery }) {
  return (
    <>
      {delivery.lastStatus !== null && (
        <div>
          HTTP {delivery.lastStatus}
          {delivery.lastMs !== null && ` in ${delivery.lastMs} ms`}
        </div>
      )}
      {delivery.lastProblem && <div className="cas-break">{delivery.lastProblem}</div>}
      {delivery.state === 'pending' && delivery.nextAt && delivery.attempts > 0 && (
        <div className="cas-quiet">
          again <Instant at={delivery.nextAt} />
        </div>
      )}
    </>
  );
}
