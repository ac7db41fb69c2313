import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { FormGroup } from '@patternfly/react-core/dist/esm/components/Form';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import BellSlashIcon from '@patternfly/react-icons/dist/esm/icons/bell-slash-icon';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table/dist/esm/components/Table';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { endSilence, extendSilence } from '../../api/calls.js';
import { silencesQuery } from '../../api/queries.js';
import type { Silence } from '../../api/types.js';
import { Answer, Empty } from '../../ui/answer.js';
import { Confirm } from '../../ui/confirm.js';
import { Instant } from '../../ui/instant.js';
import { ButtonLink, TextLink } from '../../ui/link.js';
import { Block, PageFrame } from '../../ui/page.js';
import { personName } from '../../ui/person.js';
import { StateLabel } from '../../ui/status.js';
import { warningOf } from './schedule.js';

const HOUR_MS = 3_600_000;
const LONGER = [
  [2 * HOUR_MS, '2 hours'],
  [8 * HOUR_MS, '8 hours'],
  [24 * HOUR_MS, '1 day'],
  [7 * 24 * HOUR_MS, '7 days'],
  [28 * 24 * HOUR_MS, '28 days'],
] as const;
const STALE = ['silences', 'findings'];

export function SilencesPage({ mayAct }: { readonly mayAct: boolean }) {
  const query = useQuery(silencesQuery);
  const add = mayAct && (
    <ButtonLink variant="primary" to="/silences/new">
      New silence
    </ButtonLink>
  );
  return (
    <PageFrame
      title="Silences"
      lead="For what a silence holds no page is sent. The findings are in the lists as ever."
      actions={add}
    >
      <Answer of={query} what="The silences">
        {({ items }) => <All items={items} mayAct={mayAct} />}
      </Answer>
    </PageFrame>
  );
}

function All({ items, mayAct }: { readonly items: readonly Silence[]; readonly mayAct: boolean }) {
  const current = items.filter(({ state }) => state !== 'over');
  const over = items.filter(({ state }) => state === 'over');
  return (
    <>
      <Block title="Active and to come" id="current">
        {current.length === 0 ? (
          <Empty title="Nothing is silenced" icon={BellSlashIcon}>
            Every open finding that is bad enough pages.
          </Empty>
        ) : (
          <SilenceTable label="Active and to come" items={current} mayAct={mayAct} />
        )}
      </Block>
      {over.length > 0 && (
        <Block title="Over, in the last 90 days" id="over">
          <SilenceTable label="Over" items={over} mayAct={false} />
        </Block>
      )}
    </>
  );
}

interface TableProps {
  readonly label: string;
  readonly items: readonly Silence[];
  readonly mayAct: boolean;
}

function SilenceTable({ label, items, mayAct }: TableProps) {
  return (
    <Table aria-label={label} variant="compact" gridBreakPoint="grid-lg">
      <Thead>
        <Tr>
          <Th>What</Th>
          <Th>Why</Th>
          <Th>State</Th>
          <Th>Until</Th>
          <Th>Holds</Th>
          {mayAct && <Th screenReaderText="Actions" />}
        </Tr>
      </Thead>
      <Tbody>
        {items.map((silence) => (
          <Tr key={silence.id}>
            <Td dataLabel="What" className="cas-break">
              <What silence={silence} />
            </Td>
            <Td dataLabel="Why" className="cas-break">
              {silence.reason}
              <div className="cas-quiet">{personName(silence.author)}</div>
            </Td>
            <Td dataLabel="State">
              <State silence={silence} />
            </Td>
            <Td dataLabel="Until">
              <Until silence={silence} />
            </Td>
            <Td dataLabel="Holds">
              {silence.holds.findings.toLocaleString('en')}
              {silence.holds.findings > 0 && (
                <span className="cas-quiet"> · {silence.holds.open.toLocaleString('en')} open</span>
              )}
            </Td>
            {mayAct && (
              <Td dataLabel="Actions">
                <span className="cas-row">
                  <Extend silence={silence} />
                  <End silence={silence} />
                </span>
              </Td>
            )}
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function State({ silence }: { readonly silence: Silence }) {
  if (silence.state === 'pending') return <StateLabel state="pending" word="To come" />;
  return <StateLabel state={silence.state} />;
}

function What({ silence }: { readonly silence: Silence }) {
  const { node, ...others } = silence.matchers;
  return (
    <>
      {node !== undefined && (
        <div>
          node <TextLink to={`/nodes/${node}`}>{silence.nodeName ?? node}</TextLink>
        </div>
      )}
      {Object.entries(others).map(([name, value]) => (
        <div key={name}>
          {name} {value}
        </div>
      ))}
    </>
  );
}

function Until({ silence }: { readonly silence: Silence }) {
  const { state, weekly, zone, activeFrom, activeUntil, endsAt, endedAt, endedBy } = silence;
  const warning = warningOf(silence, Date.now());
  return (
    <div className="cas-stack">
      {state === 'pending' && (
        <span>
          from <Instant at={activeFrom} />
        </span>
      )}
      <span>
        {state === 'pending' && 'until '}
        <Instant at={state === 'over' ? endsAt : activeUntil} />
      </span>
      {weekly && (
        <span className="cas-quiet">
          each week, {weekly.start.slice(11)} {zone}, {weekly.minutes} min; the series ends{' '}
          <Instant at={endsAt} />
        </span>
      )}
      {endedAt && <span className="cas-quiet">ended early by {personName(endedBy ?? '')}</span>}
      {warning && <Alert isInline isPlain variant="warning" component="p" title={warning} />}
    </div>
  );
}

function Extend({ silence }: { readonly silence: Silence }) {
  const id = useId();
  const [longerMs, setLonger] = useState<number>(LONGER[0][0]);
  return (
    <Confirm
      label="Extend"
      about={silence.reason}
      title="Let this silence end later"
      failed="It was not extended."
      act={() => extendSilence(silence.id, new Date(Date.parse(silence.endsAt) + longerMs).toISOString())}
      stale={STALE}
    >
      <p>
        It ends <Instant at={silence.endsAt} />. Nothing pages in between.
      </p>
      <FormGroup label="Later by" fieldId={`${id}-longer`}>
        <FormSelect id={`${id}-longer`} value={longerMs} onChange={(_, ms) => setLonger(Number(ms))}>
          {LONGER.map(([ms, words]) => (
            <FormSelectOption key={ms} value={ms} label={words} />
          ))}
        </FormSelect>
      </FormGroup>
    </Confirm>
  );
}

function End({ silence }: { readonly silence: Silence }) {
  const { open } = silence.holds;
  return (
    <Confirm
      label="End now"
      about={silence.reason}
      isDanger
      title="End this silence now?"
      keep="Keep it"
      failed="It was not ended."
      act={() => endSilence(silence.id)}
      stale={STALE}
    >
      <p>
        {open === 0
          ? 'It holds nothing that would page.'
          : `It holds ${open} open ${open === 1 ? 'finding' : 'findings'}: what no other silence holds pages at once.`}
      </p>
    </Confirm>
  );
}
