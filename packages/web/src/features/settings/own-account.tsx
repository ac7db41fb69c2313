import { Checkbox } from '@patternfly/react-core/dist/esm/components/Checkbox';
import { FormGroup } from '@patternfly/react-core/dist/esm/components/Form';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { useState } from 'react';
import { changeOwnPassword } from '../../api/calls.js';
import { Confirm } from '../../ui/confirm.js';
import { Block } from '../../ui/page.js';
import { areShortcutsOn, switchShortcuts } from '../../ui/shortcuts.js';
import { PASSWORD_HELP, PasswordField } from './password-field.js';
import { Sessions } from './sessions.js';

export function OwnAccount({ name }: { readonly name: string }) {
  return (
    <>
      <Block title="Your sessions" id="own-sessions" actions={<OwnPassword name={name} />}>
        <Sessions userId={null} />
      </Block>
      <Block title="Keyboard" id="own-keyboard">
        <Shortcuts />
      </Block>
    </>
  );
}

function Shortcuts() {
  const [isOn, setOn] = useState(areShortcutsOn);
  return (
    <Checkbox
      id="shortcuts"
      label="Single keys act on the console"
      description="The key ? lists them. Kept in this browser; speech input may need them off."
      isChecked={isOn}
      onChange={(_, checked) => {
        switchShortcuts(checked);
        setOn(checked);
      }}
    />
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
