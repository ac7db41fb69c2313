import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useQuery } from '@tanstack/react-query';
import { tokensQuery } from '../../api/queries.js';
import type { Token, User } from '../../api/types.js';
import { Answer, Empty } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { Block, PageFrame } from '../../ui/page.js';
import { personName } from '../../ui/person.js';
import { NewToken } from './new-token.js';

export function SettingsPage({ user }: { readonly user: User }) {
  return (
    <PageFrame title="Settings" lead={`Signed in as ${user.name}, role ${user.role}.`}>
      {user.role === 'admin' ? (
        <Tokens />
      ) : (
        <Empty title="Tokens are for administrators">
          Your role, {user.role}, may not see or make enrolment tokens.
        </Empty>
      )}
    </PageFrame>
  );
}

function Tokens() {
  const query = useQuery(tokensQuery);
  return (
    <>
      <Block title="New enrolment token" id="new-token">
        <NewToken />
      </Block>
      <Block title="Enrolment tokens" id="tokens">
        <Answer of={query} what="The tokens">
          {(page) =>
            page.items.length === 0 ? (
              <Empty title="No token was made yet">A node needs one to join.</Empty>
            ) : (
              <TokenTable items={page.items} />
            )
          }
        </Answer>
      </Block>
    </>
  );
}

function TokenTable({ items }: { readonly items: readonly Token[] }) {
  return (
    <Table aria-label="Enrolment tokens" variant="compact" gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <Th>Group</Th>
          <Th>Uses left</Th>
          <Th>Ends</Th>
          <Th>Made by</Th>
          <Th>Made</Th>
        </Tr>
      </Thead>
      <Tbody>
        {items.map((token) => (
          <Tr key={token.id}>
            <Td dataLabel="Group">{token.group}</Td>
            <Td dataLabel="Uses left">
              {token.usesLeft} of {token.usesTotal}
            </Td>
            <Td dataLabel="Ends">
              <Instant at={token.expiresAt} />
            </Td>
            <Td dataLabel="Made by">{personName(token.createdBy)}</Td>
            <Td dataLabel="Made">
              <Instant at={token.createdAt} />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
