import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Form, FormGroup } from '@patternfly/react-core/dist/esm/components/Form';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core/dist/esm/components/Modal';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { changeTarget, createTarget } from '../../api/calls.js';
import type { Channel, Target, TargetInput } from '../../api/types.js';
import { ProblemAlert } from '../../ui/answer.js';
import { type Field, fieldsOf, type Typed, typedOf, valuesOf } from './channel-fields.js';
import { FieldInput, LabelledField } from './field-input.js';
import { MadeSecret } from './made-secret.js';
import { TryOut } from './try-out.js';
import { type When, WhenFields } from './when-fields.js';

const FORM = 'target-form';
/** What a new target begins with, where the server has it. */
const FIRST_KIND = 'webhook';

interface Props {
  /** Null: a new one. */
  readonly target: Target | null;
  readonly targets: readonly Target[];
  readonly channels: readonly Channel[];
  readonly onClose: () => void;
}

export function TargetForm({ target, targets, channels, onClose }: Props) {
  const client = useQueryClient();
  const kinds = channels.map(({ kind }) => kind);
  const [name, setName] = useState(target?.name ?? '');
  const [kind, setKind] = useState(target?.kind ?? kinds.find((one) => one === FIRST_KIND) ?? kinds[0] ?? '');
  const channel = channels.find((one) => one.kind === kind);
  const [settings, secrets] = [fieldsOf(channel?.settings), fieldsOf(channel?.secrets)];
  const [typed, setTyped] = useState<Typed>(() => typedOf(settings, target?.settings ?? {}));
  const [typedSecrets, setTypedSecrets] = useState<Typed>({});
  const [when, setWhen] = useState<When>(() => whenOf(target));
  const choose = (chosen: string) => {
    setKind(chosen);
    setTyped(typedOf(fieldsOf(channels.find((one) => one.kind === chosen)?.settings), {}));
    setTypedSecrets({});
  };
  const input = {
    name,
    kind,
    ...when,
    ...valuesIn({ settings, secrets, typed, typedSecrets, target, channel }),
  };
  const saving = useMutation({
    mutationFn: (): Promise<Target & { secrets?: Readonly<Record<string, unknown>> }> =>
      target ? changeTarget(target.id, input) : createTarget(input),
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: ['targets'] });
      if (!saved.secrets) onClose();
    },
  });
  if (saving.data?.secrets) return <MadeSecret secrets={saving.data.secrets} onClose={onClose} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <Modal variant="medium" isOpen onClose={onClose} aria-labelledby="target-title">
      <ModalHeader title={target ? `Edit ${target.name}` : 'Add an alert target'} labelId="target-title" />
      <ModalBody>
        <Form id={FORM} onSubmit={submit} autoComplete="off">
          <FormGroup label="Name" fieldId="target-name" isRequired>
            <TextInput id="target-name" isRequired value={name} onChange={(_, text) => setName(text)} />
          </FormGroup>
          <LabelledField
            label="Kind"
            id="target-kind"
            isRequired
            help={target ? 'A target keeps its kind: for another, add one and delete this.' : ''}
          >
            <FormSelect
              id="target-kind"
              value={kind}
              isDisabled={target !== null}
              onChange={(_, chosen) => choose(chosen)}
            >
              {channels.map((one) => (
                <FormSelectOption key={one.kind} value={one.kind} label={one.title} />
              ))}
            </FormSelect>
          </LabelledField>
          {settings.map((field) => (
            <FieldInput
              key={`${kind}-${field.name}`}
              field={field}
              value={typed[field.name] ?? ''}
              onChange={(text) => setTyped({ ...typed, [field.name]: text })}
            />
          ))}
          {secrets.map((field) => (
            <FieldInput
              key={`${kind}-secret-${field.name}`}
              field={helped(field, channel, target)}
              isSecret
              isKept={target !== null}
              value={typedSecrets[field.name] ?? ''}
              onChange={(text) => setTypedSecrets({ ...typedSecrets, [field.name]: text })}
            />
          ))}
          <WhenFields
            when={when}
            others={targets.filter(({ id }) => id !== target?.id)}
            onChange={(part) => setWhen({ ...when, ...part })}
          />
          <TryOut key={kind} input={tried(input, target)} />
          <ProblemAlert problem={saving.error} title="It was not saved." />
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button
          type="submit"
          form={FORM}
          variant="primary"
          isLoading={saving.isPending}
          isDisabled={saving.isPending}
        >
          Save
        </Button>
        <Button variant="link" onClick={onClose}>
          Cancel
        </Button>
      </ModalFooter>
    </Modal>
  );
}

function whenOf(target: Target | null): When {
  return {
    enabled: target?.enabled ?? true,
    severityMin: target?.severityMin ?? 'high',
    remindAfterMs: target?.remindAfterMs ?? null,
    fallbackId: target?.fallbackId ?? null,
    isFallback: target?.isFallback ?? false,
  };
}

/** Secrets that nobody typed are left out where the server keeps them or makes them. */
function valuesIn(form: {
  readonly settings: readonly Field[];
  readonly secrets: readonly Field[];
  readonly typed: Typed;
  readonly typedSecrets: Typed;
  readonly target: Target | null;
  readonly channel: Channel | undefined;
}): Pick<TargetInput, 'settings' | 'secrets'> {
  const { settings, secrets, typed, typedSecrets, target, channel } = form;
  const isTyped = Object.values(typedSecrets).some((text) => text !== '');
  const mayLeaveOut = target !== null || channel?.makesSecrets;
  return {
    settings: valuesOf(settings, typed),
    ...(isTyped || !mayLeaveOut ? { secrets: valuesOf(secrets, typedSecrets) } : {}),
  };
}

function helped(field: Field, channel: Channel | undefined, target: Target | null): Field {
  if (target !== null || !channel?.makesSecrets) return field;
  return {
    ...field,
    isRequired: false,
    help: `${field.help}. Leave this empty and the server makes one, shown once`,
  };
}

function tried({ kind, settings, secrets }: TargetInput, target: Target | null) {
  return { kind, settings, ...(secrets ? { secrets } : {}), ...(target ? { id: target.id } : {}) };
}
