import { FormGroup } from '@patternfly/react-core/dist/esm/components/Form';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';

export const PASSWORD_HELP = 'A password has at least 12 characters.';

interface Props {
  readonly id: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function PasswordField({ id, value, onChange }: Props) {
  return (
    <FormGroup label="New password" fieldId={id} isRequired>
      <TextInput
        id={id}
        type="password"
        autoComplete="new-password"
        minLength={12}
        isRequired
        value={value}
        onChange={(_, text) => onChange(text)}
      />
    </FormGroup>
  );
}
