import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Card, CardBody } from '@patternfly/react-core/dist/esm/components/Card';
import { Content } from '@patternfly/react-core/dist/esm/components/Content';
import { Form, FormGroup } from '@patternfly/react-core/dist/esm/components/Form';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { Title } from '@patternfly/react-core/dist/esm/components/Title';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { signIn } from '../../api/calls.js';
import { Mark } from '../../ui/mark.js';

/** Ordinary fields with ordinary names, so that a password manager fills them. */
export function SignInPage() {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const attempt = useMutation({
    mutationFn: () => signIn(name, password),
    onSuccess: ({ user }) => {
      // Nothing that the last person saw is left for the next one.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
      client.setQueryData(['session'], user);
    },
    onError: () => setPassword(''),
  });
  useEffect(() => {
    document.title = 'Sign in · Castellan';
  }, []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    attempt.mutate();
  };
  return (
    <main className="cas-sign-in">
      <Card className="cas-sign-in-card">
        <CardBody>
          <div className="cas-sign-in-head">
            <Mark size={44} />
            <div>
              <Title headingLevel="h1" size="2xl">
                Castellan
              </Title>
              <Content component="small">Keys, certificates, permissions and TLS of a Momentum fleet</Content>
            </div>
          </div>
          <Form onSubmit={submit}>
            {attempt.error && (
              <Alert isInline variant="danger" title="Not signed in" component="h2">
                {attempt.error.message}
              </Alert>
            )}
            <FormGroup label="Name" fieldId="name" isRequired>
              <TextInput
                id="name"
                name="username"
                autoComplete="username"
                isRequired
                value={name}
                onChange={(_, value) => setName(value)}
              />
            </FormGroup>
            <FormGroup label="Password" fieldId="password" isRequired>
              <TextInput
                id="password"
                name="password"
                type="password"
                autoComplete="current-password"
                isRequired
                value={password}
                onChange={(_, value) => setPassword(value)}
              />
            </FormGroup>
            <Button
              type="submit"
              variant="primary"
              isBlock
              isLoading={attempt.isPending}
              isDisabled={attempt.isPending}
            >
              Sign in
            </Button>
          </Form>
        </CardBody>
      </Card>
    </main>
  );
}
