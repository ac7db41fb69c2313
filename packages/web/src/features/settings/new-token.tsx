import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { ClipboardCopy } from '@patternfly/react-core/dist/esm/components/ClipboardCopy';
import { Form, FormGroup } from '@patternfly/react-core/dist/esm/components/Form';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { createToken } from '../../api/calls.js';
import { ProblemAlert } from '../../ui/answer.js';

const LIFETIMES = [
  [3_600, '1 hour'],
  [86_400, '1 day'],
  [604_800, '7 days'],
] as const;

export function NewToken() {
  const client = useQueryClient();
  const [group, setGroup] = useState('default');
  const [ttlSeconds, setTtl] = useState<number>(LIFETIMES[0][0]);
  const [uses, setUses] = useState(1);
  const making = useMutation({
    mutationFn: () => createToken({ group, ttlSeconds, uses }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    making.mutate();
  };
  return (
    <>
      <Form onSubmit={submit} className="cas-inline-form">
        <FormGroup label="Group of nodes" fieldId="token-group" isRequired>
          <TextInput id="token-group" isRequired value={group} onChange={(_, value) => setGroup(value)} />
        </FormGroup>
        <FormGroup label="Valid for" fieldId="token-ttl">
          <FormSelect id="token-ttl" value={ttlSeconds} onChange={(_, value) => setTtl(Number(value))}>
            {LIFETIMES.map(([seconds, words]) => (
              <FormSelectOption key={seconds} value={seconds} label={words} />
            ))}
          </FormSelect>
        </FormGroup>
        <FormGroup label="Nodes that may use it" fieldId="token-uses" isRequired>
          <TextInput
            id="token-uses"
            type="number"
            min={1}
            max={1000}
            isRequired
            value={uses}
            onChange={(_, value) => setUses(Number(value))}
          />
        </FormGroup>
        <Button type="submit" variant="primary" isLoading={making.isPending} isDisabled={making.isPending}>
          Make a token
        </Button>
      </Form>
      <ProblemAlert problem={making.error} title="No token was made." />
      <div aria-live="polite">
        {making.data && (
          <Alert isInline variant="success" title="This token is shown once. Copy it now." component="h3">
            <ClipboardCopy
              isReadOnly
              hoverTip="Copy"
              clickTip="Copied"
              textAriaLabel="Enrolment token"
              toggleAriaLabel="Show it whole"
            >
              {making.data.token}
            </ClipboardCopy>
            <p>
              On the node, put it into a file that only root can read, then:{' '}
              <code className="cas-mono cas-break">
                castellan-agent enroll --server https://{location.hostname}:PORT --token-file FILE
              </code>{' '}
              with the port that the server gives its agents.
            </p>
          </Alert>
        )}
      </div>
    </>
  );
}
