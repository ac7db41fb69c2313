import { Checkbox } from '@patternfly/react-core/dist/esm/components/Checkbox';
import { FormGroup, FormHelperText } from '@patternfly/react-core/dist/esm/components/Form';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { HelperText, HelperTextItem } from '@patternfly/react-core/dist/esm/components/HelperText';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import type { Param } from '../../api/types.js';
import { labelOf } from '../../ui/label-words.js';
import type { Values } from './params.js';

interface Props {
  readonly params: Readonly<Record<string, Param>>;
  readonly values: Values;
  readonly onChange: (name: string, value: string) => void;
}

export function ParamFields({ params, values, onChange }: Props) {
  return Object.entries(params).map(([name, param]) => (
    <ParamField
      key={name}
      name={name}
      param={param}
      value={values[name] ?? ''}
      onChange={(value) => onChange(name, value)}
    />
  ));
}

interface FieldProps {
  readonly name: string;
  readonly param: Param;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function ParamField({ name, param, value, onChange }: FieldProps) {
  const id = `param-${name}`;
  if (param.kind === 'boolean') {
    const isOn = (value || param.default) === 'true';
    return (
      <Checkbox
        id={id}
        label={labelOf(name)}
        description={param.text}
        isChecked={isOn}
        onChange={(_, checked) => onChange(String(checked))}
      />
    );
  }
  return (
    <FormGroup label={labelOf(name)} fieldId={id} isRequired={param.required && param.default === undefined}>
      {param.oneOf ? (
        <FormSelect
          id={id}
          value={value || (param.default ?? '')}
          onChange={(_, chosen) => onChange(chosen)}
          aria-describedby={`${id}-help`}
        >
          <FormSelectOption value="" label="Choose" />
          {param.oneOf.map((each) => (
            <FormSelectOption key={each} value={each} label={each} />
          ))}
        </FormSelect>
      ) : (
        <TextInput
          id={id}
          // A password manager must neither fill nor keep a secret of a node.
          type={param.kind === 'secret' ? 'password' : param.kind === 'number' ? 'number' : 'text'}
          autoComplete={param.kind === 'secret' ? 'new-password' : 'off'}
          value={value}
          placeholder={param.default ?? ''}
          onChange={(_, text) => onChange(text)}
          aria-describedby={`${id}-help`}
        />
      )}
      <FormHelperText>
        <HelperText id={`${id}-help`}>
          <HelperTextItem>
            {param.text}
            {param.kind === 'secret' && " Sealed here for the node's key; the server cannot read it."}
          </HelperTextItem>
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}
