import { FormGroup } from '@patternfly/react-core/dist/esm/components/Form';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { useState } from 'react';
import { changeOwnPassword } from '../../api/calls.js';
import { Confirm } from '../../ui/confirm.js';
import { Block } from '../../ui/page.js';
import { PASSWORD_HELP, PasswordField } from './password-field.js';
import { Sessions } from './sessions.js';

export function OwnAccount({ name }: { readonly name: string }) {
  return (
    <Block title="Your sessions" id="own-sessions" actions={<OwnPassword name={name} />}>
      <Sessions userId={null} />
    </Block>
  );
}

function OwnPassword({ name }: { readonly name: string }) {
  const [old, setOld] = useState('');
  const [password, setPassword] = useState('');
  const forget = () => {
    setOld('');
    setPassword('');
  };
  return (
    <Confirm
      label="Change your password"
      variant="secondary"
      title={`A new password for ${name}`}
      verb="Change it"
      failed="It was not changed."
      act={() => changeOwnPassword(old, password)}
      stale={['sessions', 'users']}
      onDone={forget}
    >
      <p>Your other sessions end; this one goes on. {PASSWORD_HELP}</p>
      <FormGroup label="Old password" fieldId="old-password" isRequired>
        <TextInput
          id="old-password"
          type="password"
          autoComplete="current-password"
          isRequired
          value={old}
          onChange={(_, value) => setOld(value)}
        />
      </FormGroup>
      <PasswordField id="own-password" value={password} onChange={setPassword} />
    </Confirm>
  );
}
