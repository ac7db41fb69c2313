import { useQuery } from '@tanstack/react-query';
import { acknowledgeAlert } from '../../api/calls.js';
import { worstAlertsQuery } from '../../api/queries.js';
import type { AlertLine, Overview } from '../../api/types.js';
import { AcknowledgeDialog } from '../../ui/acknowledge-dialog.js';
import { Answer } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { TextLink } from '../../ui/link.js';
import { NothingOpen } from '../../ui/nothing-open.js';
import { Block } from '../../ui/page.js';
import { personName } from '../../ui/person.js';
import { SeverityLabel } from '../../ui/severity.js';
import { StateLabel } from '../../ui/status.js';

/** As many as fit on a screen without scrolling; the list has the rest. */
const ALERTS_SHOWN = 5;

interface Props {
  readonly nodes: Overview['nodes'] | undefined;
  readonly mayAct: boolean;
}

/** What on-call has heard of and nobody has, the worst first. */
export function ActiveAlerts({ nodes, mayAct }: Props) {
  const query = useQuery(worstAlertsQuery(ALERTS_SHOWN));
  return (
    <Block title="Active alerts" id="active-alerts">
      <Answer of={query} what="The alerts">
        {({ items, total }) =>
          items.length === 0 ? (
            nodes ? (
              <NothingOpen nodes={nodes.total} connected={nodes.connected} />
            ) : null
          ) : (
            <>
              <ul className="cas-list">
                {items.map((alert) => (
                  <Item key={alert.id} alert={alert} mayAct={mayAct} />
                ))}
              </ul>
              {total !== null && total > items.length && (
                <TextLink to="/alerts">All {total.toLocaleString('en')} active alerts</TextLink>
              )}
            </>
          )
        }
      </Answer>
    </Block>
  );
}

function Item({ alert, mayAct }: { readonly alert: AlertLine; readonly mayAct: boolean }) {
  const { counts, nodes, node, group, people, title } = alert;
  const findings = counts.open + counts.acknowledged + counts.held;
  return (
    <li className="cas-list-item">
      <span className="cas-list-label">
        <SeverityLabel severity={alert.severity} />
      </span>
      <div className="cas-list-words">
        <span className="cas-row">
          <TextLink to={`/alerts/${alert.id}`}>{title}</TextLink>
          {alert.state !== 'open' && <StateLabel state={alert.state} />}
        </span>
        <div className="cas-quiet">
          fails on {node ? node.name : `${nodes.toLocaleString('en')} nodes in ${group}`} ·{' '}
          {findings.toLocaleString('en')} {findings === 1 ? 'finding' : 'findings'} · {alert.control} ·{' '}
          <Instant at={alert.openedAt} />
          {people.length > 0 &&
            ` · ${people.map(personName).join(', ')}: ${counts.open > 0 ? `${counts.acknowledged} of them` : 'has it'}`}
        </div>
      </div>
      {mayAct && counts.open > 0 && (
        <div>
          <AcknowledgeDialog
            label="Acknowledge"
            about={title}
            title="Acknowledge every open finding of this alert"
            order={(order) => acknowledgeAlert(alert.id, order)}
          />
        </div>
      )}
    </li>
  );
}
