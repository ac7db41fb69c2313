import { FormGroup } from '@patternfly/react-core/dist/esm/components/Form';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { useState } from 'react';
import { endSessionsOf, setEnabled, setPassword, setRole } from '../../api/calls.js';
import { type Account, ROLES, type Role } from '../../api/types.js';
import { Confirm } from '../../ui/confirm.js';
import { PASSWORD_HELP, PasswordField } from './password-field.js';

const STALE = ['users', 'sessions', 'session'];
const ROLE_WORDS = {
  viewer: 'viewer: reads',
  operator: 'operator: plans and approves',
  admin: 'admin: manages people, tokens, targets and nodes as well',
} as const satisfies Record<Role, string>;

/** What may be done with somebody's account. One's own password is changed with the old one, elsewhere on the page. */
export function PersonActions({ person, isSelf }: { readonly person: Account; readonly isSelf: boolean }) {
  const { id, name } = person;
  return (
    <span className="cas-row">
      <ChangeRole person={person} />
      {!isSelf && <NewPassword person={person} />}
      {person.sessions > 0 && (
        <Confirm
          label="Sign out"
          about={name}
          title={`Sign ${name} out everywhere?`}
          failed="Nobody was signed out."
          act={() => endSessionsOf(id)}
          stale={STALE}
        >
          <p>
            {isSelf ? 'All your sessions end, this one too.' : `All sessions of ${name} end at once.`} Signing
            in again is possible.
          </p>
        </Confirm>
      )}
      {person.enabled ? (
        <Confirm
          label="Disable"
          about={name}
          isDanger
          title={`Disable ${name}?`}
          failed="Nobody was disabled."
          act={() => setEnabled(id, false)}
          stale={STALE}
        >
          <p>
            {name} is signed out everywhere at once and cannot sign in until enabled again. What {name} did
            stays in the audit.
          </p>
        </Confirm>
      ) : (
        <Confirm
          label="Enable"
          about={name}
          title={`Enable ${name}?`}
          failed="Nobody was enabled."
          act={() => setEnabled(id, true)}
          stale={STALE}
        >
          <p>
            {name} can sign in again, as {person.role}, with the password of before.
          </p>
        </Confirm>
      )}
    </span>
  );
}

function ChangeRole({ person }: { readonly person: Account }) {
  const [role, choose] = useState<Role>(person.role);
  return (
    <Confirm
      label="Role"
      about={person.name}
      title={`Another role for ${person.name}`}
      verb="Change it"
      failed="The role was not changed."
      act={() => setRole(person.id, role)}
      stale={STALE}
    >
      <p>It holds at once, in sessions that are open too.</p>
      <RoleField id={`role-${person.id}`} value={role} onChange={choose} />
    </Confirm>
  );
}

function NewPassword({ person }: { readonly person: Account }) {
  const [password, change] = useState('');
  return (
    <Confirm
      label="Password"
      about={person.name}
      title={`A new password for ${person.name}`}
      verb="Set it"
      failed="The password was not set."
      act={() => setPassword(person.id, password)}
      stale={STALE}
      onDone={() => change('')}
    >
      <p>
        {person.name} is signed out everywhere, and the old password is over. {PASSWORD_HELP}
      </p>
      <PasswordField id={`password-${person.id}`} value={password} onChange={change} />
    </Confirm>
  );
}

interface RoleProps {
  readonly id: string;
  readonly value: Role;
  readonly onChange: (role: Role) => void;
}

export function RoleField({ id, value, onChange }: RoleProps) {
  return (
    <FormGroup label="Role" fieldId={id}>
      <FormSelect
        id={id}
        value={value}
        onChange={(_, chosen) => onChange(ROLES.find((role) => role === chosen) ?? 'viewer')}
      >
        {ROLES.map((role) => (
          <FormSelectOption key={role} value={role} label={ROLE_WORDS[role]} />
        ))}
      </FormSelect>
    </FormGroup>
  );
}
