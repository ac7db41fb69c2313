import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useQuery } from '@tanstack/react-query';
import { findingsQuery, type ListChange, type ListView } from '../../api/lists.js';
import { alertDeliveriesQuery, alertQuery } from '../../api/queries.js';
import type { AlertDetail, Finding } from '../../api/types.js';
import { Answer, Empty } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { ButtonLink, TextLink } from '../../ui/link.js';
import { ListFrame, SortHead } from '../../ui/list.js';
import { Block, PageFrame } from '../../ui/page.js';
import { personName } from '../../ui/person.js';
import { SeverityLabel } from '../../ui/severity.js';
import { StateLabel } from '../../ui/status.js';
import { AcknowledgeAlert, TakeAlertBack } from './acknowledge-alert.js';
import { countsOf, placeOf, toldWords } from './alert-words.js';
import { DeliveryTable } from './delivery-table.js';

/** Deliveries that stand on the page; the list has the rest. */
const DELIVERIES_SHOWN = 10;

interface Props {
  readonly id: string;
  /** How its findings are looked at. */
  readonly view: ListView;
  readonly onChange: (change: ListChange) => void;
  readonly mayAct: boolean;
}

export function AlertPage({ id, view, onChange, mayAct }: Props) {
  const query = useQuery(alertQuery(id));
  const alert = query.data;
  return (
    <PageFrame
      title={alert?.title ?? 'Alert'}
      above={{ to: '/alerts', name: 'Alerts' }}
      lead={alert && <Lead alert={alert} />}
      labels={
        alert && (
          <>
            <SeverityLabel severity={alert.severity} />
            <StateLabel state={alert.state} />
          </>
        )
      }
      actions={alert && mayAct && <Actions alert={alert} />}
    >
      <Answer of={query} what="The alert">
        {(detail) => (
          <>
            <Facts alert={detail} />
            <Held alert={detail} />
            {detail.isStorm ? (
              <Block title="Alerts in this storm" id="storm">
                <StormAlerts alerts={detail.alerts} />
              </Block>
            ) : (
              <Block title="Findings" id="findings">
                <Findings id={id} isOver={detail.endedAt !== null} view={view} onChange={onChange} />
              </Block>
            )}
            <Block title="Who was told what" id="told">
              <Told told={detail.told} />
            </Block>
            <Block title="Deliveries" id="deliveries">
              <Deliveries id={id} mayReplay={mayAct} />
            </Block>
          </>
        )}
      </Answer>
    </PageFrame>
  );
}

function Lead({ alert }: { readonly alert: AlertDetail }) {
  const { isStorm, endedAt, control, openings } = alert;
  if (isStorm) return <>Many alerts at once, told to one target as one.</>;
  const again = openings > 1 ? ` It came back ${openings - 1} ${openings === 2 ? 'time' : 'times'}.` : '';
  return (
    <>
      {control} {endedAt === null ? 'fails' : 'failed'} on {placeOf(alert)}.{again}
    </>
  );
}

function Actions({ alert }: { readonly alert: AlertDetail }) {
  if (alert.endedAt !== null) return null;
  return (
    <>
      {alert.counts.open > 0 && <AcknowledgeAlert alert={alert} />}
      {alert.counts.acknowledged > 0 && <TakeAlertBack id={alert.id} />}
      {!alert.isStorm && (
        <ButtonLink variant="secondary" to="/silences/new" search={{ alert: alert.id }}>
          Silence
        </ButtonLink>
      )}
    </>
  );
}

function Facts({ alert }: { readonly alert: AlertDetail }) {
  return (
    <dl className="cas-facts">
      {!alert.isStorm && (
        <div>
          <dt>Where</dt>
          <dd>
            {alert.node ? (
              <TextLink to={`/nodes/${alert.node.id}`}>{alert.node.name}</TextLink>
            ) : (
              placeOf(alert)
            )}
          </dd>
        </div>
      )}
      <div>
        <dt>{alert.isStorm ? 'Alerts' : 'Findings'}</dt>
        <dd>{countsOf(alert.counts)}</dd>
      </div>
      <div>
        <dt>Since</dt>
        <dd>
          <Instant at={alert.openedAt} />
        </dd>
      </div>
      <div>
        <dt>{alert.endedAt === null ? 'Last change' : 'Ended'}</dt>
        <dd>
          <Instant at={alert.endedAt ?? alert.changedAt} />
        </dd>
      </div>
    </dl>
  );
}

/** Who has how much of it, and for how long. */
function Held({ alert }: { readonly alert: AlertDetail }) {
  return alert.acknowledgements.map(({ by, note, at, until, findings }) => (
    <Alert
      key={`${by} ${note} ${until}`}
      isInline
      variant="info"
      component="p"
      title={`${personName(by)} has ${findings.toLocaleString('en')} ${findings === 1 ? 'finding' : 'findings'}${note ? `: ${note}` : ''}`}
    >
      Since <Instant at={at} />
      {until ? (
        <>
          , until <Instant at={until} />: then it pages again if it still fails.
        </>
      ) : (
        ', until it is resolved.'
      )}
    </Alert>
  ));
}

function StormAlerts({ alerts }: { readonly alerts: AlertDetail['alerts'] }) {
  if (alerts.length === 0) return <p>Every alert that it told of is over.</p>;
  return (
    <ul className="cas-list">
      {alerts.map((alert) => (
        <li key={alert.id} className="cas-list-item">
          <span className="cas-list-label">
            <SeverityLabel severity={alert.severity} />
          </span>
          <div className="cas-list-words">
            <TextLink to={`/alerts/${alert.id}`}>{alert.title}</TextLink>
            <div className="cas-quiet">
              {alert.control} in {alert.group} · <Instant at={alert.openedAt} />
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}

function Findings({ id, isOver, view, onChange }: Omit<Props, 'mayAct'> & { readonly isOver: boolean }) {
  const { q: _q, ...place } = view;
  // Of an alert that goes on, what is over is its history.
  const query = useQuery(findingsQuery({ ...place, alert: id, state: isOver ? 'resolved' : 'open' }));
  return (
    <Answer of={query} what="The findings">
      {(page) => (
        <ListFrame page={page} view={view} onPage={onChange} onRefresh={() => void query.refetch()}>
          {page.items.length === 0 ? (
            <Empty title="No finding is left" />
          ) : (
            <FindingTable findings={page.items} view={view} onChange={onChange} />
          )}
        </ListFrame>
      )}
    </Answer>
  );
}

function FindingTable({
  findings,
  view,
  onChange,
}: Pick<Props, 'view' | 'onChange'> & { readonly findings: readonly Finding[] }) {
  const head = { view, onChange };
  return (
    <Table aria-label="Findings of this alert" variant="compact" gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <SortHead {...head} by="severity" natural="desc" isUsual>
            Severity
          </SortHead>
          <Th>Finding</Th>
          <SortHead {...head} by="node" natural="asc">
            Node
          </SortHead>
          <SortHead {...head} by="opened" natural="desc">
            Opened
          </SortHead>
          <Th>State</Th>
        </Tr>
      </Thead>
      <Tbody>
        {findings.map((finding) => (
          <Tr key={finding.id}>
            <Td>
              <SeverityLabel severity={finding.severity} />
            </Td>
            <Td>
              <TextLink to={`/findings/${finding.id}`}>{finding.summary}</TextLink>
              <div className="cas-quiet">{finding.subject}</div>
            </Td>
            <Td dataLabel="Node">
              <TextLink to={`/nodes/${finding.node.id}`}>{finding.node.name}</TextLink>
            </Td>
            <Td dataLabel="Opened">
              <Instant at={finding.openedAt} />
            </Td>
            <Td dataLabel="State">
              <span className="cas-row">
                <StateLabel state={finding.state} />
              </span>
              {finding.acknowledgement && (
                <div className="cas-quiet">{personName(finding.acknowledgement.by)}</div>
              )}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function Told({ told }: { readonly told: AlertDetail['told'] }) {
  if (told.length === 0)
    return (
      <p>
        Nobody: it is not bad enough for any target, or is held back, or there is no{' '}
        <TextLink to="/targets">target</TextLink>.
      </p>
    );
  return (
    <Table aria-label="Who was told what" variant="compact" gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <Th>Target</Th>
          <Th>Told last</Th>
          <Th>When</Th>
          <Th>What comes next</Th>
        </Tr>
      </Thead>
      <Tbody>
        {told.map(({ target, last, storm, next }) => (
          <Tr key={target.id}>
            <Td dataLabel="Target">
              <TextLink to={`/targets/${target.id}`}>{target.name}</TextLink>
            </Td>
            <Td dataLabel="Told last">
              {toldWords(last)}
              {storm && (
                <div className="cas-quiet">
                  with others, in the storm <TextLink to={`/alerts/${storm.id}`}>{storm.title}</TextLink>
                </div>
              )}
            </Td>
            <Td dataLabel="When">
              <Instant at={last?.at} />
            </Td>
            <Td dataLabel="What comes next">{sentence(next.words)}</Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

function Deliveries({ id, mayReplay }: { readonly id: string; readonly mayReplay: boolean }) {
  const query = useQuery(alertDeliveriesQuery(id, DELIVERIES_SHOWN));
  return (
    <Answer of={query} what="The deliveries">
      {(page) =>
        page.items.length === 0 ? (
          <p>No message of its own was sent.</p>
        ) : (
          <>
            <DeliveryTable items={page.items} mayReplay={mayReplay} isOfOneAlert />
            {page.next !== null && (
              <TextLink to="/deliveries" search={{ alert: id }}>
                All {page.total} deliveries
              </TextLink>
            )}
          </>
        )
      }
    </Answer>
  );
}
