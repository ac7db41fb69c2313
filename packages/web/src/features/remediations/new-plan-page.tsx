import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import {
  ActionGroup,
  Form,
  FormGroup,
  FormHelperText,
} from '@patternfly/react-core/dist/esm/components/Form';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { HelperText, HelperTextItem } from '@patternfly/react-core/dist/esm/components/HelperText';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { askForPlan } from '../../api/calls.js';
import { nodesQuery } from '../../api/lists.js';
import { findingQuery, nodeQuery, remediationsQuery } from '../../api/queries.js';
import { canSeal, seal } from '../../api/seal.js';
import type { FindingDetail, FleetNode, Remediation } from '../../api/types.js';
import { Answer, ProblemAlert } from '../../ui/answer.js';
import { PageFrame } from '../../ui/page.js';
import { typedSearch } from '../../ui/search-words.js';
import { ParamFields } from './param-fields.js';
import { missing, needsSecret, toSend, type Values, withoutSecrets } from './params.js';

interface Chosen {
  readonly node?: string;
  readonly remediation?: string;
  /** The finding that it is for: what it says of itself fills the form. */
  readonly finding?: string;
  /** The run that is to be undone. */
  readonly run?: string;
}
interface Props {
  readonly chosen: Chosen;
  readonly onChoose: (change: Chosen) => void;
  readonly onAsked: (planId: string) => void;
}

export function NewPlanPage(props: Props) {
  const [q, setQ] = useState('');
  const nodes = useQuery(nodesQuery(q === '' ? {} : { q: typedSearch(q) }));
  const node = useQuery({ ...nodeQuery(props.chosen.node ?? ''), enabled: Boolean(props.chosen.node) });
  const finding = useQuery({
    ...findingQuery(props.chosen.finding ?? ''),
    enabled: Boolean(props.chosen.finding),
  });
  const remediations = useQuery(remediationsQuery);
  // A finding that cannot be read fills nothing; the form works without.
  const isFilled = !props.chosen.finding || finding.data !== undefined || finding.error !== null;
  const data =
    nodes.data && remediations.data && isFilled
      ? {
          nodes: withChosen(nodes.data.items, node.data),
          remediations: remediations.data,
          filled: paramsFor(props.chosen, finding.data),
        }
      : undefined;
  const asked = {
    data,
    error: nodes.error ?? remediations.error,
    refetch: () => Promise.all([nodes.refetch(), remediations.refetch()]),
  };
  return (
    <PageFrame
      title="Ask for a plan"
      above={{ to: '/remediations', name: 'Remediations' }}
      lead="The node works out what it would change and shows it. Nothing is written."
    >
      <Answer of={asked} what="The form">
        {(known) => (
          <PlanForm
            {...props}
            {...known}
            find={nodes.data?.next || q ? <FindNode value={q} onChange={setQ} /> : null}
          />
        )}
      </Answer>
    </PageFrame>
  );
}

/** What the finding says that its remediation is to be asked with; another remediation has other parameters. */
function paramsFor({ node, remediation, run }: Chosen, finding: FindingDetail | undefined): Values {
  if (remediation === 'undo' && run) return { run };
  const isOf = finding?.node.id === node && finding?.remediation === remediation;
  return (isOf && finding?.verdict.params) || {};
}

/** The chosen node too, when the search shows others. */
function withChosen(nodes: readonly FleetNode[], chosen: FleetNode | undefined): readonly FleetNode[] {
  return !chosen || nodes.some(({ id }) => id === chosen.id) ? nodes : [chosen, ...nodes];
}

/** Of a fleet that a list to choose from cannot hold. */
function FindNode({ value, onChange }: { readonly value: string; readonly onChange: (q: string) => void }) {
  return (
    <FormGroup label="Find a node" fieldId="find-node">
      <TextInput id="find-node" value={value} onChange={(_, text) => onChange(text)} />
    </FormGroup>
  );
}

function PlanForm({
  find,
  chosen,
  onChoose,
  onAsked,
  nodes,
  remediations,
  filled,
}: Props & {
  readonly filled: Values;
  readonly nodes: readonly FleetNode[];
  readonly remediations: readonly Remediation[];
  readonly find: ReactNode;
}) {
  const [values, setValues] = useState<Values>(filled);
  const node = nodes.find((each) => each.id === chosen.node);
  const remediation = remediations.find((each) => each.slug === chosen.remediation);
  const params = remediation?.params ?? {};
  const cannotSeal = needsSecret(params) && !canSeal();
  const lacking = missing(params, values);
  const request = useMutation({
    mutationFn: async () => {
      if (!node || !remediation) throw new Error('Choose a node and a remediation.');
      const sent = await toSend(remediation.params, values, (secret) => seal(secret, node.publicJwk));
      return askForPlan(node.id, remediation.slug, sent);
    },
    onSuccess: ({ id }) => {
      setValues({});
      onAsked(id);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    request.mutate();
  };
  return (
    <Form onSubmit={submit} isWidthLimited autoComplete="off">
      {find}
      <FormGroup label="Node" fieldId="node" isRequired>
        <FormSelect id="node" value={chosen.node ?? ''} onChange={(_, value) => onChoose({ node: value })}>
          <FormSelectOption value="" label="Choose a node" isDisabled />
          {nodes.map((each) => (
            <FormSelectOption
              key={each.id}
              value={each.id}
              label={each.connected ? each.name : `${each.name} (silent: no plan until it is back)`}
            />
          ))}
        </FormSelect>
      </FormGroup>
      <FormGroup label="Remediation" fieldId="remediation" isRequired>
        <FormSelect
          id="remediation"
          value={chosen.remediation ?? ''}
          onChange={(_, value) => onChoose({ remediation: value, finding: '' })}
        >
          <FormSelectOption value="" label="Choose a remediation" isDisabled />
          {remediations.map((each) => (
            <FormSelectOption key={each.slug} value={each.slug} label={each.title} />
          ))}
        </FormSelect>
        {remediation && (
          <FormHelperText>
            <HelperText>
              <HelperTextItem>Risk: {remediation.risk}</HelperTextItem>
            </HelperText>
          </FormHelperText>
        )}
      </FormGroup>
      {cannotSeal ? (
        <Alert isInline variant="danger" title="A secret cannot be sealed on this page" component="p">
          This browser offers no cryptography here (crypto.subtle is missing), because the console was not
          opened over HTTPS or on localhost. Open the console over HTTPS, or run "castellan-agent apply{' '}
          {remediation?.slug}" on the node. Nothing is sent.
        </Alert>
      ) : (
        <ParamFields
          params={canSeal() ? params : withoutSecrets(params)}
          values={values}
          onChange={(name, value) => setValues({ ...values, [name]: value })}
        />
      )}
      <ProblemAlert problem={request.error} title="The plan was not asked for." />
      <ActionGroup>
        <Button
          type="submit"
          isLoading={request.isPending}
          isDisabled={!node || !remediation || cannotSeal || lacking.length > 0 || request.isPending}
        >
          Ask for a plan
        </Button>
      </ActionGroup>
    </Form>
  );
}
