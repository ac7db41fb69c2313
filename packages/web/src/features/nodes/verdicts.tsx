import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core/dist/esm/components/ToggleGroup';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useState } from 'react';
import type { Status, Verdict } from '../../api/types.js';
import { Empty } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { TextLink } from '../../ui/link.js';
import { bySeverity, SeverityLabel } from '../../ui/severity.js';
import { StateLabel } from '../../ui/status.js';

/** What a person must see first: what fails, then what is not known, then what is well. */
const ORDER: readonly Status[] = ['fail', 'errored', 'indeterminate', 'pass', 'not-applicable'];
const CHOICES = [
  { name: 'Needs attention', statuses: ['fail', 'errored', 'indeterminate'] },
  { name: 'Passes', statuses: ['pass'] },
  { name: 'Does not apply', statuses: ['not-applicable'] },
  { name: 'All', statuses: ORDER },
] as const satisfies readonly { name: string; statuses: readonly Status[] }[];

type Choice = (typeof CHOICES)[number];

export function Verdicts({
  nodeId,
  verdicts,
}: {
  readonly nodeId: string;
  readonly verdicts: readonly Verdict[];
}) {
  const [choice, setChoice] = useState<Choice>(CHOICES[0]);
  const of = (each: Choice) =>
    verdicts.filter((verdict) => (each.statuses as readonly Status[]).includes(verdict.status));
  const shown = [...of(choice)].sort(worstFirst);
  if (verdicts.length === 0)
    return <Empty title="No verdict yet">The node has joined but has not finished its first scan.</Empty>;
  return (
    <>
      <ToggleGroup aria-label="Which verdicts are shown">
        {CHOICES.map((each) => (
          <ToggleGroupItem
            key={each.name}
            buttonId={`verdicts-${each.name}`}
            text={`${each.name} (${of(each).length})`}
            isSelected={each === choice}
            onChange={() => setChoice(each)}
          />
        ))}
      </ToggleGroup>
      {shown.length === 0 ? (
        <Empty title="None of these">
          {choice === CHOICES[0] ? 'Every control passes or does not apply.' : 'No verdict is of this kind.'}
        </Empty>
      ) : (
        <VerdictTable nodeId={nodeId} verdicts={shown} />
      )}
    </>
  );
}

function VerdictTable({
  nodeId,
  verdicts,
}: {
  readonly nodeId: string;
  readonly verdicts: readonly Verdict[];
}) {
  return (
    <Table aria-label="Verdicts by control" variant="compact" gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <Th>Verdict</Th>
          <Th>Control</Th>
          <Th>Severity</Th>
          <Th>Since</Th>
        </Tr>
      </Thead>
      <Tbody>
        {verdicts.map((verdict) => (
          <Tr key={`${verdict.control} ${verdict.subject}`}>
            <Td dataLabel="Verdict">
              <StateLabel state={verdict.status} />
            </Td>
            <Td dataLabel="Control">
              {verdict.status === 'fail' ? (
                <TextLink to="/findings" search={{ node: nodeId, control: verdict.control }}>
                  {verdict.summary}
                </TextLink>
              ) : (
                (verdict.reason ?? verdict.summary)
              )}
              <div className="cas-quiet">
                {verdict.control} {verdict.title} · {verdict.subject}
              </div>
            </Td>
            <Td dataLabel="Severity">
              <SeverityLabel severity={verdict.severity} />
            </Td>
            <Td dataLabel="Since">
              <Instant at={verdict.since} none="not known" />
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function worstFirst(a: Verdict, b: Verdict): number {
  return (
    ORDER.indexOf(a.status) - ORDER.indexOf(b.status) ||
    bySeverity(a.severity, b.severity) ||
    a.control.localeCompare(b.control) ||
    a.subject.localeCompare(b.subject)
  );
}
