import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useQuery } from '@tanstack/react-query';
import { revokeToken } from '../../api/calls.js';
import { tokensQuery } from '../../api/queries.js';
import type { Permission, Token, User } from '../../api/types.js';
import { Answer, Empty } from '../../ui/answer.js';
import { Confirm } from '../../ui/confirm.js';
import { Instant } from '../../ui/instant.js';
import { Block, PageFrame } from '../../ui/page.js';
import { personName } from '../../ui/person.js';
import { StateLabel } from '../../ui/status.js';
import { NewToken } from './new-token.js';
import { OwnAccount } from './own-account.js';
import { People } from './people.js';

export function SettingsPage({ user }: { readonly user: User }) {
  const may = (permission: Permission) => user.permissions.includes(permission);
  return (
    <PageFrame title="Settings" lead={`Signed in as ${user.name}, role ${user.role}.`}>
      <OwnAccount name={user.name} />
      {may('user.manage') && <People self={user.name} />}
      {may('token.list') && <Tokens mayCreate={may('token.create')} mayRevoke={may('token.revoke')} />}
      {!may('user.manage') && !may('token.list') && (
        <Empty title="People and tokens are for administrators">
          Your role, {user.role}, may not see people or enrolment tokens.
        </Empty>
      )}
    </PageFrame>
  );
}

function Tokens({ mayCreate, mayRevoke }: { readonly mayCreate: boolean; readonly mayRevoke: boolean }) {
  const query = useQuery(tokensQuery);
  return (
    <>
      {mayCreate && (
        <Block title="New enrolment token" id="new-token">
          <NewToken />
        </Block>
      )}
      <Block title="Enrolment tokens" id="tokens">
        <Answer of={query} what="The tokens">
          {(page) =>
            page.items.length === 0 ? (
              <Empty title="No token was made yet">A node needs one to join.</Empty>
            ) : (
              <TokenTable items={page.items} mayRevoke={mayRevoke} />
            )
          }
        </Answer>
      </Block>
    </>
  );
}

function TokenTable({ items, mayRevoke }: { readonly items: readonly Token[]; readonly mayRevoke: boolean }) {
  return (
    <Table aria-label="Enrolment tokens" variant="compact" gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <Th>For</Th>
          <Th>State</Th>
          <Th>Uses left</Th>
          <Th>Ends</Th>
          <Th>Made by</Th>
          <Th>Made</Th>
          <Th screenReaderText="Actions" />
        </Tr>
      </Thead>
      <Tbody>
        {items.map((token) => (
          <Tr key={token.id}>
            <Td dataLabel="For" className="cas-break">
              {token.nodeName === null ? `group ${token.group}` : `node ${token.nodeName}`}
            </Td>
            <Td dataLabel="State">
              <StateLabel state={token.state} />
            </Td>
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
            <Td dataLabel="Actions">
              {mayRevoke && token.state === 'good' && <RevokeToken token={token} />}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function RevokeToken({ token }: { readonly token: Token }) {
  return (
    <Confirm
      label="Revoke"
      about={token.id}
      isDanger
      title="Revoke this token?"
      keep="Keep it"
      failed="It was not revoked."
      act={() => revokeToken(token.id)}
      stale={['tokens']}
    >
      <p>
        No node joins with it any more; it could still be used {token.usesLeft}{' '}
        {token.usesLeft === 1 ? 'time' : 'times'}. Nodes that joined with it stay.
      </p>
    </Confirm>
  );
}
