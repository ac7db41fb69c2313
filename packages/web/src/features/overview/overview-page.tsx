import { Card, CardBody, CardTitle } from '@patternfly/react-core/dist/esm/components/Card';
import { useQuery } from '@tanstack/react-query';
import { nodesQuery, runsQuery } from '../../api/lists.js';
import { overviewQuery, targetsQuery } from '../../api/queries.js';
import type { FleetNode, Overview, Run, Target } from '../../api/types.js';
import { Answer, Empty } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { ButtonLink, TextLink } from '../../ui/link.js';
import { Block, PageFrame } from '../../ui/page.js';
import { personName } from '../../ui/person.js';
import { SEVERITY_NAMES, SeverityLabel } from '../../ui/severity.js';
import { StateLabel } from '../../ui/status.js';
import { ActiveAlerts } from './active-alerts.js';
import { PlansForMe } from './plans-for-me.js';

/** As many as fit on a screen without scrolling; the list pages have the rest. */
const RUNS_SHOWN = 5;

interface Props {
  readonly mayAcknowledge: boolean;
  /** The name of who is signed in, if they may approve plans. */
  readonly approver: string | null;
}

export function OverviewPage({ mayAcknowledge, approver }: Props) {
  const overview = useQuery(overviewQuery);
  const silent = useQuery(nodesQuery({ link: 'silent', sort: 'seen', order: 'asc' }));
  const runs = useQuery(runsQuery());
  const targets = useQuery(targetsQuery);
  return (
    <PageFrame
      title="Overview"
      lead="What needs a person now, worst first."
      actions={
        <ButtonLink variant="secondary" to="/posture">
          Posture over time
        </ButtonLink>
      }
    >
      <Answer of={overview} what="The counts" rows={1}>
        {(counts) => <Tiles counts={counts} />}
      </Answer>
      <ActiveAlerts nodes={overview.data?.nodes} mayAct={mayAcknowledge} />
      {approver !== null && <PlansForMe me={approver} />}
      <div className="cas-columns">
        <Block title="Recent runs" id="recent-runs">
          <Answer of={{ ...runs, data: runs.data?.items }} what="The runs">
            {(items) => <RecentRuns runs={items.slice(0, RUNS_SHOWN)} />}
          </Answer>
        </Block>
        <Block title="Is anything silent?" id="silent">
          <Answer of={silent} what="The nodes" rows={2}>
            {(page) => <Silence silent={page.items} counts={overview.data?.nodes} />}
          </Answer>
          {targets.data && <TargetTrouble targets={targets.data.items} />}
        </Block>
      </div>
    </PageFrame>
  );
}

function Tiles({ counts }: { readonly counts: Overview }) {
  return (
    <div className="cas-tiles">
      {SEVERITY_NAMES.map((severity) => (
        <Card
          key={severity}
          isCompact
          className={counts.findings.bySeverity[severity] === 0 ? 'cas-tile-none' : ''}
        >
          <CardTitle component="h2">
            <SeverityLabel severity={severity} />
          </CardTitle>
          <CardBody>
            <span className="cas-number">{counts.findings.bySeverity[severity]}</span>
            <TextLink to="/findings" search={{ severity }}>
              open {severity} findings
            </TextLink>
          </CardBody>
        </Card>
      ))}
      <Card isCompact className="cas-tile">
        <CardTitle component="h2">Nodes</CardTitle>
        <CardBody>
          <span className="cas-number">
            {counts.nodes.connected}
            <small> of {counts.nodes.total}</small>
          </span>
          <TextLink to="/nodes">connected nodes</TextLink>
        </CardBody>
      </Card>
    </div>
  );
}

function RecentRuns({ runs }: { readonly runs: readonly Run[] }) {
  if (runs.length === 0)
    return <Empty title="No run yet">A run begins when somebody approves a plan on a finding.</Empty>;
  return (
    <ul className="cas-list">
      {runs.map((run) => (
        <li key={run.id} className="cas-list-item">
          <div className="cas-list-words">
            <span className="cas-row">
              <TextLink to={`/runs/${run.id}`}>
                {run.remediation} on {run.node.name}
              </TextLink>
              <StateLabel state={run.state} />
            </span>
            <div className="cas-quiet">
              {personName(run.approvedBy)} · <Instant at={run.approvedAt} />
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}

interface SilenceProps {
  readonly silent: readonly FleetNode[];
  readonly counts: Overview['nodes'] | undefined;
}

function Silence({ silent, counts }: SilenceProps) {
  if (counts?.total === 0) {
    return (
      <Empty title="No node has joined yet">
        Make a token under <TextLink to="/settings">Settings</TextLink> and enrol the first node with it.
      </Empty>
    );
  }
  if (silent.length === 0) return <p>All nodes are connected and report.</p>;
  return (
    <ul className="cas-list">
      {silent.map((node) => (
        <li key={node.id} className="cas-list-item">
          <div className="cas-list-words">
            <TextLink to={`/nodes/${node.id}`}>{node.name}</TextLink>
            <div className="cas-quiet">
              last heard <Instant at={node.lastSeenAt} />
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}

function TargetTrouble({ targets }: { readonly targets: readonly Target[] }) {
  const failing = targets.filter((target) => target.enabled && target.health.failingSince);
  if (targets.length === 0) {
    return (
      <p>
        Nobody is paged: there is no <TextLink to="/targets">alert target</TextLink>.
      </p>
    );
  }
  if (failing.length === 0) return <p>All alert targets take deliveries.</p>;
  return (
    <ul className="cas-list">
      {failing.map((target) => (
        <li key={target.id} className="cas-list-item">
          <div className="cas-list-words">
            <TextLink to={`/targets/${target.id}`}>{target.name}</TextLink>
            <div>{target.health.lastProblem}</div>
            <div className="cas-quiet">
              alerts fail since <Instant at={target.health.failingSince} />
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}
