import { Label } from '@patternfly/react-core/dist/esm/components/Label';
import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core/dist/esm/components/ToggleGroup';
import { ToolbarItem } from '@patternfly/react-core/dist/esm/components/Toolbar';
import BellIcon from '@patternfly/react-icons/dist/esm/icons/bell-icon';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useQuery } from '@tanstack/react-query';
import { alertsQuery, csvAddress, type ListChange, type ListSearch } from '../../api/lists.js';
import type { AlertLine } from '../../api/types.js';
import { Answer, Empty } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { TextLink } from '../../ui/link.js';
import { FacetChoice, ListBar, ListFrame, NoneMatches, SortHead, useRows } from '../../ui/list.js';
import { PageFrame } from '../../ui/page.js';
import { personName } from '../../ui/person.js';
import { SeverityLabel, type SeverityName, severityWord } from '../../ui/severity.js';
import { StateLabel } from '../../ui/status.js';
import { AcknowledgeAlert } from './acknowledge-alert.js';
import { countsOf, placeOf } from './alert-words.js';

/** What alerts are narrowed to, as the address says it. */
export const ALERT_FILTERS = ['state', 'severity', 'control', 'group', 'kind'] as const;

const STATES = [
  ['active', 'Active'],
  ['ended', 'Ended'],
  ['all', 'All'],
] as const;

interface Props {
  readonly search: ListSearch<(typeof ALERT_FILTERS)[number]>;
  readonly onChange: (change: ListChange) => void;
  readonly onClear: () => void;
  readonly mayAct: boolean;
}

export function AlertsPage({ search, onChange, onClear, mayAct }: Props) {
  const query = useQuery(alertsQuery(search));
  const { state = 'active', severity, control, group, kind, q } = search;
  const isNarrowed = Boolean(severity ?? control ?? group ?? kind ?? q);
  const facets = query.data?.facets;
  return (
    <PageFrame
      title="Alerts"
      lead="What on-call hears of: what fails on many nodes for one cause is one alert. Those that nobody has come first, the worst of them on top."
    >
      <ListBar
        view={search}
        search="in alerts"
        csv={csvAddress('alerts', search)}
        onChange={onChange}
        onClear={isNarrowed ? onClear : undefined}
      >
        <ToolbarItem>
          <ToggleGroup aria-label="Which alerts">
            {STATES.map(([value, word]) => (
              <ToggleGroupItem
                key={value}
                buttonId={`alerts-${value}`}
                text={word}
                isSelected={state === value}
                onChange={() => onChange({ state: value === 'active' ? '' : value })}
              />
            ))}
          </ToggleGroup>
        </ToolbarItem>
        <FacetChoice
          label="Severity"
          all="Any severity"
          value={severity ?? ''}
          counts={facets?.severity}
          word={(value) => severityWord(value as SeverityName)}
          onChange={(value) => onChange({ severity: value })}
        />
        <FacetChoice
          label="Control"
          all="Any control"
          value={control ?? ''}
          counts={facets?.control}
          onChange={(value) => onChange({ control: value })}
        />
        <FacetChoice
          label="Group"
          all="Any group"
          value={group ?? ''}
          counts={facets?.group}
          onChange={(value) => onChange({ group: value })}
        />
      </ListBar>
      <Answer of={query} what="The alerts" rows={6}>
        {(page) => (
          <ListFrame page={page} view={search} onPage={onChange} onRefresh={() => void query.refetch()}>
            {page.items.length > 0 ? (
              <AlertTable alerts={page.items} search={search} onChange={onChange} mayAct={mayAct} />
            ) : isNarrowed ? (
              <NoneMatches what="alert" onClear={onClear} />
            ) : (
              <Empty title={state === 'active' ? 'No alert is active' : 'No alert yet'} icon={BellIcon}>
                An alert begins with the first finding of a control in a group of nodes, and ends with the
                last.
              </Empty>
            )}
          </ListFrame>
        )}
      </Answer>
    </PageFrame>
  );
}

function AlertTable({
  alerts,
  search,
  onChange,
  mayAct,
}: Omit<Props, 'onClear'> & { readonly alerts: readonly AlertLine[] }) {
  const head = { view: search, onChange };
  const rows = useRows(alerts);
  return (
    <Table aria-label="Alerts" variant="compact" gridBreakPoint="grid-lg" className="cas-findings">
      <Thead>
        <Tr>
          <SortHead {...head} by="severity" natural="desc" isUsual>
            Severity
          </SortHead>
          <Th width={35}>Alert</Th>
          <SortHead {...head} by="findings" natural="desc">
            Findings
          </SortHead>
          <SortHead {...head} by="opened" natural="desc">
            Since
          </SortHead>
          <Th>State</Th>
          {mayAct && <Th screenReaderText="Action" />}
        </Tr>
      </Thead>
      <Tbody>
        {rows.map((alert) => (
          <Tr key={alert.id}>
            <Td>
              <SeverityLabel severity={alert.severity} />
            </Td>
            <Td>
              <TextLink to={`/alerts/${alert.id}`}>{alert.title}</TextLink>{' '}
              {alert.isStorm && <Label isCompact>Storm</Label>}
              <div className="cas-quiet">
                {alert.isStorm ? 'alerts told together' : `fails on ${placeOf(alert)}`} · {alert.control}
              </div>
            </Td>
            <Td dataLabel={alert.isStorm ? 'Alerts' : 'Findings'}>{countsOf(alert.counts)}</Td>
            <Td dataLabel="Since">
              <Instant at={alert.openedAt} />
            </Td>
            <Td dataLabel="State">
              <span className="cas-row">
                <StateLabel state={alert.state} />
              </span>
              {alert.people.length > 0 && (
                <div className="cas-quiet">{alert.people.map(personName).join(', ')}</div>
              )}
            </Td>
            {mayAct && <Td>{alert.counts.open > 0 && <AcknowledgeAlert alert={alert} isOneOfMany />}</Td>}
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
