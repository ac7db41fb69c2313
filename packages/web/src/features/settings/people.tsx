import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { FormGroup } from '@patternfly/react-core/dist/esm/components/Form';
import { Modal, ModalBody, ModalHeader } from '@patternfly/react-core/dist/esm/components/Modal';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { createUser } from '../../api/calls.js';
import { usersQuery } from '../../api/queries.js';
import type { Account, Role } from '../../api/types.js';
import { Answer } from '../../ui/answer.js';
import { Confirm } from '../../ui/confirm.js';
import { Instant } from '../../ui/instant.js';
import { Block } from '../../ui/page.js';
import { StateLabel } from '../../ui/status.js';
import { PASSWORD_HELP, PasswordField } from './password-field.js';
import { PersonActions, RoleField } from './person-actions.js';
import { Sessions } from './sessions.js';

export function People({ self }: { readonly self: string }) {
  const query = useQuery(usersQuery);
  return (
    <Block title="People" id="people" actions={<NewPerson />}>
      <Answer of={query} what="The people">
        {({ items }) => (
          <Table aria-label="People" variant="compact" gridBreakPoint="grid-xl">
            <Thead>
              <Tr>
                <Th>Name</Th>
                <Th>Role</Th>
                <Th>State</Th>
                <Th>Sessions</Th>
                <Th>Last sign-in</Th>
                <Th>Made</Th>
                <Th screenReaderText="Actions" />
              </Tr>
            </Thead>
            <Tbody>
              {items.map((person) => (
                <PersonRow key={person.id} person={person} isSelf={person.name === self} />
              ))}
            </Tbody>
          </Table>
        )}
      </Answer>
    </Block>
  );
}

function PersonRow({ person, isSelf }: { readonly person: Account; readonly isSelf: boolean }) {
  return (
    <Tr>
      <Td dataLabel="Name" className="cas-break">
        {person.name}
      </Td>
      <Td dataLabel="Role">{person.role}</Td>
      <Td dataLabel="State">
        <StateLabel state={person.enabled ? 'enabled' : 'disabled'} />
      </Td>
      <Td dataLabel="Sessions">
        <PersonSessions person={person} />
      </Td>
      <Td dataLabel="Last sign-in">
        <Instant at={person.lastSignInAt} />
      </Td>
      <Td dataLabel="Made">
        <Instant at={person.createdAt} />
      </Td>
      <Td dataLabel="Actions">
        <PersonActions person={person} isSelf={isSelf} />
      </Td>
    </Tr>
  );
}

function PersonSessions({ person }: { readonly person: Account }) {
  const [isOpen, setOpen] = useState(false);
  const title = `person-sessions-${person.id}`;
  if (person.sessions === 0) return 'none';
  return (
    <>
      <Button
        variant="link"
        isInline
        onClick={() => setOpen(true)}
        aria-label={`${person.sessions} sessions of ${person.name}`}
      >
        {person.sessions}
      </Button>
      <Modal variant="medium" isOpen={isOpen} onClose={() => setOpen(false)} aria-labelledby={title}>
        <ModalHeader title={`Sessions of ${person.name}`} labelId={title} />
        <ModalBody>
          <Sessions userId={person.id} />
        </ModalBody>
      </Modal>
    </>
  );
}

function NewPerson() {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [password, setPassword] = useState('');
  const forget = () => {
    setName('');
    setPassword('');
  };
  return (
    <Confirm
      label="Add a person"
      variant="secondary"
      title="Add a person"
      verb="Add"
      failed="Nobody was added."
      act={() => createUser({ name, role, password })}
      stale={['users']}
      onDone={forget}
    >
      <p>Give the password to the person, who changes it under Settings. {PASSWORD_HELP}</p>
      <FormGroup label="Name of the person" fieldId="person-name" isRequired>
        <TextInput
          id="person-name"
          isRequired
          maxLength={64}
          value={name}
          onChange={(_, value) => setName(value)}
        />
      </FormGroup>
      <RoleField id="person-role" value={role} onChange={setRole} />
      <PasswordField id="person-password" value={password} onChange={setPassword} />
    </Confirm>
  );
}
