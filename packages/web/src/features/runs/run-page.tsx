import { Alert, type AlertProps } from '@patternfly/react-core/dist/esm/components/Alert';
import { Spinner } from '@patternfly/react-core/dist/esm/components/Spinner';
import { useQuery } from '@tanstack/react-query';
import { runQuery } from '../../api/queries.js';
import type { RunDetail, RunEvent, RunState } from '../../api/types.js';
import { Answer } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { ButtonLink, TextLink } from '../../ui/link.js';
import { Block, PageFrame } from '../../ui/page.js';
import { personName } from '../../ui/person.js';
import { StateLabel } from '../../ui/status.js';
import { duration, utc } from '../../ui/time-words.js';
import { DistributionLine } from './distribution.js';

/** What the end of a run means, in words for somebody who was just woken. */
const ENDS: Partial<
  Record<RunState, { variant: NonNullable<AlertProps['variant']>; title: string; text: string }>
> = {
  done: {
    variant: 'success',
    title: 'Done and verified',
    text: 'The node was inspected again after the change and is as it should be.',
  },
  doneInPart: {
    variant: 'warning',
    title: 'Done in part',
    text: 'What the plan named is done and verified. Something is left that a person must decide: the last line says what.',
  },
  refused: { variant: 'warning', title: 'The node refused', text: 'Nothing was touched.' },
  stale: {
    variant: 'warning',
    title: 'The plan no longer fits',
    text: 'Something changed on the node after the plan was made. Nothing was touched. Ask for a new plan.',
  },
  expired: {
    variant: 'warning',
    title: 'The node never took it',
    text: 'It was not connected in time. Nothing was touched.',
  },
  rolledBack: {
    variant: 'warning',
    title: 'Rolled back',
    text: 'The change did not do what it should. Everything is as it was before.',
  },
  lost: {
    variant: 'danger',
    title: 'Nothing more was heard of it',
    text: 'It was begun on the node, and its end never came. A person must look at this node now; what the node says later still counts.',
  },
  rollbackFailed: {
    variant: 'danger',
    title: 'Putting back failed',
    text: 'A person must look at this node now. The last lines below say what stands where.',
  },
};

export function RunPage({ id, mayPlan }: { readonly id: string; readonly mayPlan: boolean }) {
  const query = useQuery(runQuery(id));
  const run = query.data;
  return (
    <PageFrame
      title={run ? `${run.remediation} on ${run.node.name}` : 'Run'}
      above={{ to: '/runs', name: 'Runs' }}
      labels={run && <StateLabel state={run.state} />}
      actions={
        mayPlan &&
        run &&
        isUndoable(run) && (
          <ButtonLink
            variant="secondary"
            to="/plans/new"
            search={{ node: run.node.id, remediation: 'undo', run: run.id }}
          >
            Ask how to undo it
          </ButtonLink>
        )
      }
    >
      <Answer of={query} what="The run">
        {(detail) => <RunBody run={detail} />}
      </Answer>
    </PageFrame>
  );
}

/** Whether there is something of it that a plan could put back; the node knows whether it still can. */
function isUndoable({ state, remediation }: RunDetail): boolean {
  return (state === 'done' || state === 'doneInPart') && remediation !== 'undo';
}

function RunBody({ run }: { readonly run: RunDetail }) {
  const end = ENDS[run.state];
  const why = run.state === 'refused' || run.state === 'stale' ? run.events.at(-1)?.line : undefined;
  return (
    <>
      <p>
        Approved by {personName(run.approvedBy)} <Instant at={run.approvedAt} /> ·{' '}
        <TextLink to={`/plans/${run.planId}`}>the plan</TextLink> ·{' '}
        <TextLink to={`/nodes/${run.node.id}`}>{run.node.name}</TextLink>
      </p>
      <div aria-live="polite">
        {end ? (
          <Alert isInline variant={end.variant} title={end.title} component="h2">
            {end.text}
            {why && <p className="cas-break">{why}</p>}
            {run.error && <div className="cas-mono cas-break">{run.error}</div>}
            {run.finishedAt && (
              <div className="cas-quiet">
                It took {duration(Date.parse(run.finishedAt) - Date.parse(run.approvedAt))}.
              </div>
            )}
          </Alert>
        ) : (
          <p className="cas-row">
            <Spinner size="md" aria-label="Under way" /> Under way. You may leave this page; the node goes on
            by itself.
          </p>
        )}
      </div>
      {run.configuration && (
        <div aria-live="polite">
          <DistributionLine of={run.configuration} />
        </div>
      )}
      <Block title="Step by step" id="steps">
        {run.events.length === 0 ? (
          <p className="cas-quiet">The node has not reported a step yet.</p>
        ) : (
          <Steps events={run.events} />
        )}
      </Block>
    </>
  );
}

function Steps({ events }: { readonly events: readonly RunEvent[] }) {
  return (
    <ol className="cas-steps">
      {events.map((event) => (
        <li key={event.index} className={event.error ? 'cas-step-bad' : undefined}>
          <time dateTime={event.at} className="cas-mono cas-quiet" title={utc(Date.parse(event.at))}>
            {event.at.slice(11, 19)} UTC
          </time>
          <span className="cas-step-state">
            <StateLabel state={event.state} />
          </span>
          <span className="cas-step-line cas-break">
            {event.line}
            {event.error && <code className="cas-mono"> {event.error}</code>}
          </span>
        </li>
      ))}
    </ol>
  );
}
