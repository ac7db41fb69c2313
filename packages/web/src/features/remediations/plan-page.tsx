import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core/dist/esm/components/Modal';
import { Spinner } from '@patternfly/react-core/dist/esm/components/Spinner';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { approvePlan } from '../../api/calls.js';
import { planQuery } from '../../api/queries.js';
import type { Plan, PlanRequest } from '../../api/types.js';
import { Answer, ProblemAlert } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { ButtonLink, TextLink } from '../../ui/link.js';
import { PageFrame } from '../../ui/page.js';
import { actorOf, personName } from '../../ui/person.js';
import { StateLabel } from '../../ui/status.js';
import { PlanView } from './plan-view.js';

interface Props {
  readonly id: string;
  /** The name of who is signed in, if they may approve plans. */
  readonly approver: string | null;
  readonly onApproved: (runId: string) => void;
}

export function PlanPage({ id, approver, onApproved }: Props) {
  const mayAct = approver !== null;
  const query = useQuery(planQuery(id));
  const request = query.data;
  const isOwn = mayAct && request?.twoPersons === true && request.requestedBy === actorOf(approver);
  return (
    <PageFrame
      title={request?.plan?.title ?? request?.remediation ?? 'Plan'}
      above={{ to: '/remediations', name: 'Remediations' }}
      labels={request && <StateLabel state={request.state} />}
      actions={
        request?.state === 'ready' &&
        request.plan &&
        mayAct &&
        !isOwn && <Approve request={request} plan={request.plan} onApproved={onApproved} />
      }
    >
      <Answer of={query} what="The plan">
        {(detail) => <PlanBody request={detail} mayAct={mayAct} isOwn={isOwn} />}
      </Answer>
    </PageFrame>
  );
}

function PlanBody({
  request,
  mayAct,
  isOwn,
}: {
  readonly request: PlanRequest;
  readonly mayAct: boolean;
  readonly isOwn: boolean;
}) {
  const again = { node: request.node.id, remediation: request.remediation };
  return (
    <>
      <p>
        For <TextLink to={`/nodes/${request.node.id}`}>{request.node.name}</TextLink>, asked for by{' '}
        {personName(request.requestedBy)} <Instant at={request.requestedAt} />
      </p>
      {request.state === 'waiting' && (
        <p className="cas-row" role="status">
          <Spinner size="md" aria-label="Waiting" /> The node is working out what it would change.
        </p>
      )}
      {request.state === 'failed' && (
        <Alert isInline variant="danger" title="The node made no plan" component="p">
          {request.error?.detail ?? 'It gave no reason.'}
          <div className="cas-quiet cas-mono">{request.error?.code}</div>
        </Alert>
      )}
      {request.state === 'expired' && (
        <Alert isInline variant="warning" title="This plan has expired" component="p">
          Too much may have changed since. Ask again.
        </Alert>
      )}
      {request.runId && (
        <Alert isInline variant="info" title="This plan was approved" component="p">
          <TextLink to={`/runs/${request.runId}`}>See the run</TextLink>
        </Alert>
      )}
      {request.state === 'ready' && !mayAct && (
        <Alert isInline variant="info" title="You can read this plan but not approve it" component="p">
          Approving needs the role operator or admin.
        </Alert>
      )}
      {request.state === 'ready' && mayAct && isOwn && (
        <Alert isInline variant="info" title="Somebody else approves this plan" component="p">
          Plans for the group of this node take two persons, and you asked for this one. Anybody else with the
          role operator or admin may approve it, until <Instant at={request.expiresAt} />.
        </Alert>
      )}
      {request.plan && <PlanView plan={request.plan} />}
      {(request.state === 'failed' || request.state === 'expired') && mayAct && (
        <div>
          <ButtonLink variant="secondary" to="/plans/new" search={again}>
            Ask again
          </ButtonLink>
        </div>
      )}
    </>
  );
}

/** Approval names the digest of what was read. The dialog repeats what matters, so that no one approves from memory. */
function Approve({
  request,
  plan,
  onApproved,
}: {
  readonly request: PlanRequest;
  readonly plan: Plan;
  readonly onApproved: (runId: string) => void;
}) {
  const client = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const approval = useMutation({
    mutationFn: () => approvePlan(request.id, plan.digest),
    onSuccess: ({ runId }) => onApproved(runId),
    onError: () => client.invalidateQueries({ queryKey: ['plans', request.id] }),
  });
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        Approve…
      </Button>
      <Modal variant="small" isOpen={isOpen} onClose={() => setOpen(false)} aria-labelledby="approve-title">
        <ModalHeader title={`Carry this out on ${request.node.name}?`} labelId="approve-title" />
        <ModalBody className="cas-stack">
          <p>
            {plan.changes.length} {plan.changes.length === 1 ? 'change' : 'changes'}. {plan.effects.join(' ')}
          </p>
          <p>
            <strong>Risk:</strong> {plan.risk}
          </p>
          <p className="cas-quiet">
            You approve exactly the plan you read, <code className="cas-mono cas-break">{plan.digest}</code>.
            If anything has changed on the node, it refuses. What cannot be verified is rolled back.
          </p>
          <ProblemAlert problem={approval.error} title="It was not approved." />
        </ModalBody>
        <ModalFooter>
          <Button
            variant="primary"
            isLoading={approval.isPending}
            isDisabled={approval.isPending}
            onClick={() => approval.mutate()}
          >
            Approve and carry out
          </Button>
          <Button variant="link" onClick={() => setOpen(false)}>
            Not now
          </Button>
        </ModalFooter>
      </Modal>
    </>
  );
}
