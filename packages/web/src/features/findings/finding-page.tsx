import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { ExpandableSection } from '@patternfly/react-core/dist/esm/components/ExpandableSection';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { alertQuery, controlQuery, findingQuery } from '../../api/queries.js';
import type { FindingDetail } from '../../api/types.js';
import { Answer } from '../../ui/answer.js';
import { Evidence } from '../../ui/evidence.js';
import { Instant } from '../../ui/instant.js';
import { ButtonLink, TextLink } from '../../ui/link.js';
import { Block, PageFrame } from '../../ui/page.js';
import { Prose } from '../../ui/prose.js';
import { SeverityLabel } from '../../ui/severity.js';
import { Sources } from '../../ui/sources.js';
import { StateLabel } from '../../ui/status.js';
import { AcknowledgeOne, TakeBack } from './acknowledge.js';
import { HeldBack } from './held-back.js';
import { NodesOf, OfWhom } from './of-group.js';
import { TakeWaiverBack, WaiveOne } from './waive.js';

const RESOLUTIONS = {
  pass: 'A fresh scan passed',
  'not-applicable': 'The control does not apply any more',
  retired: 'The node was retired',
} as const;

interface May {
  readonly acknowledge: boolean;
  readonly plan: boolean;
  readonly waive: boolean;
  readonly silence: boolean;
}

export function FindingPage({ id, may }: { readonly id: string; readonly may: May }) {
  const query = useQuery(findingQuery(id));
  const finding = query.data;
  return (
    <PageFrame
      title={finding?.summary ?? 'Finding'}
      above={{ to: '/findings', name: 'Findings' }}
      lead={finding && `${finding.control} asks: ${finding.title}.`}
      labels={
        finding && (
          <>
            <SeverityLabel severity={finding.severity} />
            <StateLabel state={finding.state} />
            {finding.stale && finding.state !== 'stale' && <StateLabel state="stale" />}
            {finding.silenceId && <StateLabel state="silenced" />}
            {finding.inhibitedBy && <StateLabel state="inhibited" />}
          </>
        )
      }
      actions={finding && <Actions finding={finding} may={may} />}
    >
      <Answer of={query} what="The finding">
        {(detail) => <FindingBody finding={detail} may={may} />}
      </Answer>
    </PageFrame>
  );
}

function Actions({ finding, may }: { readonly finding: FindingDetail; readonly may: May }) {
  if (finding.state === 'resolved') return null;
  return (
    <>
      {may.plan && finding.remediation && (
        <ButtonLink
          variant="primary"
          to="/plans/new"
          search={{
            node: finding.node.id,
            remediation: finding.remediation,
            finding: finding.id,
          }}
        >
          Ask for a plan
        </ButtonLink>
      )}
      {may.acknowledge && finding.state === 'open' && <AcknowledgeOne id={finding.id} />}
      {may.acknowledge && finding.state === 'acknowledged' && <TakeBack id={finding.id} />}
      {may.waive &&
        (finding.state === 'waived' ? <TakeWaiverBack id={finding.id} /> : <WaiveOne id={finding.id} />)}
      {may.silence && (
        <ButtonLink
          variant="secondary"
          to="/silences/new"
          search={{ node: finding.node.id, control: finding.control, subject: finding.subject }}
        >
          Silence…
        </ButtonLink>
      )}
    </>
  );
}

function FindingBody({ finding, may }: { readonly finding: FindingDetail; readonly may: May }) {
  const { verdict } = finding;
  return (
    <>
      {finding.stale && (
        <Alert isInline variant="warning" title="This may be out of date" component="p">
          {verdict.reason ?? 'The node does not report now.'} It stays open until a fresh scan passes.
        </Alert>
      )}
      {finding.resolution && (
        <Alert isInline variant="success" title={RESOLUTIONS[finding.resolution]} component="p">
          Resolved <Instant at={finding.resolvedAt} />
        </Alert>
      )}
      {finding.acknowledgement && <Held by={finding.acknowledgement} />}
      <HeldBack finding={finding} />
      <dl className="cas-facts">
        <OfWhom finding={finding} />
        {finding.alertId !== null && (
          <div>
            <dt>Alert</dt>
            <dd>
              <OfAlert id={finding.alertId} />
            </dd>
          </div>
        )}
        <div>
          <dt>What is judged</dt>
          <dd className="cas-break">{finding.subject}</dd>
        </div>
        <div>
          <dt>Opened</dt>
          <dd>
            <Instant at={finding.openedAt} />
          </dd>
        </div>
        <div>
          <dt>Last change</dt>
          <dd>
            <Instant at={finding.updatedAt} />
          </dd>
        </div>
      </dl>
      <Block title="Evidence" id="evidence">
        <Evidence violations={verdict.violations} more={verdict.moreViolations} />
      </Block>
      {finding.ofGroup && finding.state !== 'resolved' && <NodesOf ofGroup={finding.ofGroup} may={may} />}
      {!finding.remediation && !finding.ofGroup?.remediation && finding.state !== 'resolved' && (
        <Alert isInline variant="info" title="Castellan has no remediation for this" component="p">
          The control's page below says how it is fixed by hand.
        </Alert>
      )}
      <Why control={finding.control} />
      <Block title="History" id="history">
        <History finding={finding} />
      </Block>
    </>
  );
}

/** How many others on-call hears of by the same alert. */
function OfAlert({ id }: { readonly id: string }) {
  const counts = useQuery(alertQuery(id)).data?.counts;
  const total = counts ? counts.open + counts.acknowledged + counts.held : 0;
  return (
    <TextLink to={`/alerts/${id}`}>
      {total > 0 ? `1 of ${total.toLocaleString('en')} in this alert` : 'Its alert'}
    </TextLink>
  );
}

function Held({ by }: { readonly by: NonNullable<FindingDetail['acknowledgement']> }) {
  return (
    <Alert
      isInline
      variant="info"
      title={`${by.by.replace(/^user:/, '')} has it${by.note ? `: ${by.note}` : ''}`}
      component="p"
    >
      Since <Instant at={by.at} />
      {by.until ? (
        <>
          , until <Instant at={by.until} />: then it pages again if it still fails.
        </>
      ) : (
        ', until it is resolved.'
      )}
    </Alert>
  );
}

function Why({ control }: { readonly control: string }) {
  const [isOpen, setOpen] = useState(true);
  const query = useQuery(controlQuery(control));
  return (
    <section className="cas-block" aria-label={`Why it matters: ${control}`}>
      <ExpandableSection
        toggleText="Why it matters, how it is judged, how it is fixed"
        isExpanded={isOpen}
        onToggle={(_, open) => setOpen(open)}
      >
        <Answer of={query} what="The control's page" rows={2}>
          {(page) => (
            <>
              <Prose text={page.doc} />
              <Sources sources={page.sources} />
            </>
          )}
        </Answer>
      </ExpandableSection>
    </section>
  );
}

function History({ finding }: { readonly finding: FindingDetail }) {
  return (
    <ol className="cas-history" reversed>
      {[...finding.history].reverse().map((line) => (
        <li key={`${line.at} ${line.to}`}>
          <span className="cas-row">
            <StateLabel state={line.to} />
            <Instant at={line.at} />
          </span>
          <div>{line.why}</div>
        </li>
      ))}
    </ol>
  );
}
