import { ExpandableSection } from '@patternfly/react-core/dist/esm/components/ExpandableSection';
import { Skeleton } from '@patternfly/react-core/dist/esm/components/Skeleton';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { type PostureSearch, postureCsv, postureQuery } from '../../api/posture.js';
import type { Posture, PosturePoint } from '../../api/types.js';
import { Answer, Empty } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { CsvLink } from '../../ui/list.js';
import { Block } from '../../ui/page.js';
import { SEVERITY_NAMES, SeverityLabel, severityWord } from '../../ui/severity.js';
import { openOn } from './chart-data.js';

const AreaChart = lazy(() => import('./area-chart.js'));

/** Open findings day by day: a chart, and the same as a table. */
export function Series({ search }: { readonly search: PostureSearch }) {
  const query = useQuery(postureQuery(search));
  return (
    <Block
      title="Open findings by severity"
      id="series"
      actions={<CsvLink href={postureCsv.series(search)} about="the days" />}
    >
      <Answer of={query} what="The days">
        {(posture) => <Days posture={posture} />}
      </Answer>
    </Block>
  );
}

function Days({ posture }: { readonly posture: Posture }) {
  const { points, from, to } = posture;
  const last = points.at(-1);
  if (!last) return <Empty title="Nothing was counted yet">The first day is counted within a minute.</Empty>;
  return (
    <>
      <Now point={last} />
      {points.length === 1 ? (
        <Empty title="This is the first day">
          There is one day so far, {last.day}. A chart begins with the second: each day is counted at 23:00
          UTC, and today as it is now.
        </Empty>
      ) : (
        <>
          <Legend />
          <Suspense fallback={<Skeleton height="280px" screenreaderText="The chart: loading" />}>
            <AreaChart points={points} from={from} to={to} />
          </Suspense>
        </>
      )}
      <Twin points={points} />
    </>
  );
}

function Now({ point }: { readonly point: PosturePoint }) {
  const share = point.judged === 0 ? null : Math.floor((100 * point.passing) / point.judged);
  return (
    <dl className="cas-facts">
      <div>
        <dt>Open now</dt>
        <dd>{openOn(point).toLocaleString('en')}</dd>
      </div>
      <div>
        <dt>Of them stale, held by somebody</dt>
        <dd>
          {point.stale.toLocaleString('en')}, {point.held.toLocaleString('en')}
        </dd>
      </div>
      <div>
        <dt>Nodes that pass</dt>
        <dd>
          {share === null
            ? 'none was judged'
            : `${point.passing.toLocaleString('en')} of ${point.judged.toLocaleString('en')} (${share} %)`}
        </dd>
      </div>
      <div>
        <dt>Counted</dt>
        <dd>
          <Instant at={point.takenAt} />
        </dd>
      </div>
    </dl>
  );
}

function Legend() {
  return (
    <ul className="cas-row cas-plain" aria-label="The chart's colours, from the top down">
      {SEVERITY_NAMES.map((severity) => (
        <li key={severity}>
          <SeverityLabel severity={severity} />
        </li>
      ))}
    </ul>
  );
}

function Twin({ points }: { readonly points: readonly PosturePoint[] }) {
  const [isOpen, setOpen] = useState(points.length === 1);
  return (
    <ExpandableSection
      toggleText="The same as a table, newest first"
      isExpanded={isOpen}
      onToggle={(_, open) => setOpen(open)}
    >
      <Table aria-label="Open findings by day" variant="compact" gridBreakPoint="grid-md">
        <Thead>
          <Tr>
            <Th>Day (UTC)</Th>
            {SEVERITY_NAMES.map((severity) => (
              <Th key={severity}>{severityWord(severity)}</Th>
            ))}
            <Th>Stale</Th>
            <Th>Held</Th>
            <Th modifier="wrap">Nodes that pass</Th>
          </Tr>
        </Thead>
        <Tbody>
          {[...points].reverse().map((point) => (
            <Tr key={point.day}>
              <Td dataLabel="Day (UTC)" className="cas-nowrap">
                {point.day}
              </Td>
              {SEVERITY_NAMES.map((severity) => (
                <Td key={severity} dataLabel={severityWord(severity)}>
                  {point[severity].toLocaleString('en')}
                </Td>
              ))}
              <Td dataLabel="Stale">{point.stale.toLocaleString('en')}</Td>
              <Td dataLabel="Held">{point.held.toLocaleString('en')}</Td>
              <Td dataLabel="Nodes that pass">
                {point.passing.toLocaleString('en')} of {point.judged.toLocaleString('en')}
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </ExpandableSection>
  );
}
