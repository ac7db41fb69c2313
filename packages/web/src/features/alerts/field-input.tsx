import { FormGroup, FormHelperText } from '@patternfly/react-core/dist/esm/components/Form';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { HelperText, HelperTextItem } from '@patternfly/react-core/dist/esm/components/HelperText';
import { TextArea } from '@patternfly/react-core/dist/esm/components/TextArea';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import type { ReactNode } from 'react';
import type { Field } from './channel-fields.js';

interface Props {
  readonly field: Field;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Never shown, and never offered from what a browser remembers. */
  readonly isSecret?: boolean;
  /** A secret that is kept when nothing is typed. */
  readonly isKept?: boolean;
}

export function FieldInput({ field, value, onChange, isSecret = false, isKept = false }: Props) {
  const { name, title, input } = field;
  const id = `target-field-${name}`;
  const isRequired = field.isRequired && !isKept;
  const kept = isKept ? 'What is set is never shown. Leave this empty to keep it.' : '';
  const list = input.kind === 'list' ? 'One a line.' : '';
  const help = [field.help, list, kept]
    .filter((text) => text !== '')
    .map((text) => (text.endsWith('.') ? text : `${text}.`))
    .join(' ');
  return (
    <LabelledField label={title} id={id} isRequired={isRequired} help={help}>
      {inputOf({ field, id, isRequired, value, onChange, isSecret })}
    </LabelledField>
  );
}

function inputOf(props: Omit<Props, 'isKept'> & { readonly id: string; readonly isRequired: boolean }) {
  const { field, id, isRequired, value, onChange, isSecret = false } = props;
  const { input } = field;
  if (input.kind === 'choice')
    return (
      <FormSelect id={id} value={value} onChange={(_, chosen) => onChange(chosen)}>
        {input.choices.map((choice) => (
          <FormSelectOption key={choice} value={choice} label={choice} />
        ))}
      </FormSelect>
    );
  if (input.kind === 'list' || input.kind === 'long')
    return (
      <TextArea
        id={id}
        isRequired={isRequired}
        value={value}
        resizeOrientation="vertical"
        onChange={(_, typed) => onChange(typed)}
      />
    );
  return (
    <TextInput
      id={id}
      type={isSecret ? 'password' : 'text'}
      inputMode={input.kind === 'number' ? 'numeric' : 'text'}
      autoComplete={isSecret ? 'new-password' : 'off'}
      isRequired={isRequired}
      value={value}
      onChange={(_, typed) => onChange(typed)}
    />
  );
}

interface LabelledProps {
  readonly label: string;
  readonly id: string;
  readonly isRequired?: boolean;
  readonly help: string;
  readonly children: ReactNode;
}

export function LabelledField({ label, id, isRequired = false, help, children }: LabelledProps) {
  return (
    <FormGroup label={label} fieldId={id} isRequired={isRequired}>
      {children}
      {help !== '' && (
        <FormHelperText>
          <HelperText>
            <HelperTextItem>{help}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      )}
    </FormGroup>
  );
}
