import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { ClipboardCopy } from '@patternfly/react-core/dist/esm/components/ClipboardCopy';
import { Form, FormGroup, FormHelperText } from '@patternfly/react-core/dist/esm/components/Form';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { HelperText, HelperTextItem } from '@patternfly/react-core/dist/esm/components/HelperText';
import { Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core/dist/esm/components/Modal';
import { Switch } from '@patternfly/react-core/dist/esm/components/Switch';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { changeTarget, createTarget } from '../../api/calls.js';
import { SEVERITIES, type Target, type TargetInput } from '../../api/types.js';
import { ProblemAlert } from '../../ui/answer.js';
import { severityWord } from '../../ui/severity.js';

const FORM = 'target-form';

export function TargetForm({
  target,
  onClose,
}: {
  readonly target: Target | null;
  readonly onClose: () => void;
}) {
  const client = useQueryClient();
  const [input, setInput] = useState<TargetInput>({
    name: target?.name ?? '',
    url: target?.url ?? '',
    enabled: target?.enabled ?? true,
    severityMin: target?.severityMin ?? 'high',
  });
  const [secret, setSecret] = useState('');
  const change = (part: Partial<TargetInput>) => setInput({ ...input, ...part });
  const saving = useMutation({
    mutationFn: (): Promise<Target & { secret?: string }> => {
      const whole = secret === '' ? input : { ...input, secret };
      return target ? changeTarget(target.id, whole) : createTarget(whole);
    },
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: ['targets'] });
      if (!('secret' in saved)) onClose();
    },
  });
  if (saving.data?.secret) return <MadeSecret secret={saving.data.secret} onClose={onClose} />;
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
            <TextInput
              id="target-name"
              isRequired
              value={input.name}
              onChange={(_, name) => change({ name })}
            />
          </FormGroup>
          <Field
            label="Address"
            id="target-url"
            isRequired
            help="HTTPS, reachable from the server. Each delivery is signed (Standard Webhooks)."
          >
            <TextInput
              id="target-url"
              type="url"
              isRequired
              value={input.url}
              placeholder="https://pager.example.com/hook"
              onChange={(_, url) => change({ url })}
            />
          </Field>
          <Field
            label="Signing secret"
            id="target-secret"
            isRequired={false}
            help={
              target
                ? 'One is kept; it is never shown. Leave this empty to keep it.'
                : 'The receiver checks signatures with it: whsec_ and base64. Leave this empty and the server makes one, shown once.'
            }
          >
            <TextInput
              id="target-secret"
              type="password"
              autoComplete="new-password"
              value={secret}
              onChange={(_, value) => setSecret(value)}
            />
          </Field>
          <FormGroup label="Minimum severity" fieldId="target-severity">
            <FormSelect
              id="target-severity"
              value={input.severityMin}
              onChange={(_, chosen) =>
                change({ severityMin: SEVERITIES.find((s) => s === chosen) ?? 'high' })
              }
            >
              {SEVERITIES.map((severity) => (
                <FormSelectOption key={severity} value={severity} label={severityWord(severity)} />
              ))}
            </FormSelect>
          </FormGroup>
          <Switch
            id="target-enabled"
            label="Alerts are sent"
            isChecked={input.enabled}
            onChange={(_, enabled) => change({ enabled })}
          />
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

function MadeSecret({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  return (
    <Modal variant="medium" isOpen onClose={onClose} aria-labelledby="secret-title">
      <ModalHeader title="The target's signing secret" labelId="secret-title" />
      <ModalBody className="cas-stack">
        <p>It is shown once. Give it to the receiver, which checks every delivery's signature with it.</p>
        <ClipboardCopy isReadOnly hoverTip="Copy" clickTip="Copied" textAriaLabel="Signing secret">
          {secret}
        </ClipboardCopy>
      </ModalBody>
      <ModalFooter>
        <Button variant="primary" onClick={onClose}>
          I have copied it
        </Button>
      </ModalFooter>
    </Modal>
  );
}

interface FieldProps {
  readonly label: string;
  readonly id: string;
  readonly isRequired: boolean;
  readonly help: string;
  readonly children: ReactNode;
}

function Field({ label, id, isRequired, help, children }: FieldProps) {
  return (
    <FormGroup label={label} fieldId={id} isRequired={isRequired}>
      {children}
      <FormHelperText>
        <HelperText>
          <HelperTextItem>{help}</HelperTextItem>
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}
