import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useQuery } from '@tanstack/react-query';
import { endSession } from '../../api/calls.js';
import { sessionsQuery } from '../../api/queries.js';
import { Answer, Empty } from '../../ui/answer.js';
import { Confirm } from '../../ui/confirm.js';
import { Instant } from '../../ui/instant.js';

/** The sessions of a person; one's own when none is named. */
export function Sessions({ userId }: { readonly userId: string | null }) {
  const query = useQuery(sessionsQuery(userId));
  return (
    <Answer of={query} what="The sessions" rows={2}>
      {(sessions) =>
        sessions.length === 0 ? (
          <Empty title="Not signed in anywhere" />
        ) : (
          <Table aria-label="Sessions" variant="compact" gridBreakPoint="grid-lg">
            <Thead>
              <Tr>
                <Th>From</Th>
                <Th>Began</Th>
                <Th>Ends</Th>
                <Th screenReaderText="Actions" />
              </Tr>
            </Thead>
            <Tbody>
              {sessions.map((session) => (
                <Tr key={session.id}>
                  <Td dataLabel="From">{session.address ?? <span className="cas-quiet">not known</span>}</Td>
                  <Td dataLabel="Began">
                    <Instant at={session.createdAt} />
                  </Td>
                  <Td dataLabel="Ends">
                    <Instant at={session.expiresAt} />
                  </Td>
                  <Td dataLabel="Actions">
                    {session.isThisOne ? (
                      <span className="cas-quiet">this one</span>
                    ) : (
                      <Confirm
                        label="End"
                        about={session.address ?? session.id}
                        isDanger
                        title="End this session?"
                        failed="It was not ended."
                        act={() => endSession(session.id)}
                        stale={['sessions', 'users']}
                      >
                        <p>Whoever uses it is signed out at once.</p>
                      </Confirm>
                    )}
                  </Td>
                </Tr>
              ))}
            </Tbody>
          </Table>
        )
      }
    </Answer>
  );
}
