import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { replayDelivery } from '../../api/calls.js';
import type { Delivery } from '../../api/types.js';
import { ProblemAlert } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { TextLink } from '../../ui/link.js';
import { StateLabel } from '../../ui/status.js';
import { reasonWord } from './delivery-words.js';

interface Props {
  readonly items: readonly Delivery[];
  readonly mayReplay: boolean;
  /** All are of one alert, or to one target: it is not named on each row. */
  readonly isOfOneAlert?: boolean;
  readonly isToOneTarget?: boolean;
  /** The head of the column of when they were made, where the list can be put in order by it. */
  readonly createdHead?: ReactNode;
}

export function DeliveryTable({
  items,
  mayReplay,
  isOfOneAlert = false,
  isToOneTarget = false,
  createdHead = <Th>Created</Th>,
}: Props) {
  const client = useQueryClient();
  const replay = useMutation({
    mutationFn: replayDelivery,
    onSettled: () =>
      Promise.all(
        ['deliveries', 'alerts', 'targets'].map((key) => client.invalidateQueries({ queryKey: [key] })),
      ),
  });
  return (
    <>
      <ProblemAlert problem={replay.error} title="It could not be sent again." />
      <Table aria-label="Deliveries" variant="compact" gridBreakPoint="grid-lg">
        <Thead>
          <Tr>
            <Th>State</Th>
            <Th>What</Th>
            {!isToOneTarget && <Th>To</Th>}
            {createdHead}
            <Th>Tries</Th>
            <Th>Last answer</Th>
            {mayReplay && <Th screenReaderText="Action" />}
          </Tr>
        </Thead>
        <Tbody>
          {items.map((delivery) => (
            <Tr key={delivery.id}>
              <Td dataLabel="State">
                <span className="cas-row">
                  <StateLabel state={delivery.state} />
                </span>
              </Td>
              <Td dataLabel="What">
                {reasonWord(delivery.reason ?? delivery.type)}
                {!isOfOneAlert && <About delivery={delivery} />}
              </Td>
              {!isToOneTarget && (
                <Td dataLabel="To">
                  {delivery.target.name === null ? (
                    <span className="cas-quiet">removed</span>
                  ) : (
                    <TextLink to={`/targets/${delivery.target.id}`}>{delivery.target.name}</TextLink>
                  )}
                </Td>
              )}
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

function About({ delivery: { alert, findingId } }: { readonly delivery: Delivery }) {
  return (
    <div>
      {alert ? (
        <TextLink to={`/alerts/${alert.id}`}>{alert.title}</TextLink>
      ) : (
        <TextLink to={`/findings/${findingId}`}>its finding</TextLink>
      )}
    </div>
  );
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
