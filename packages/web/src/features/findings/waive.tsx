import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { FormGroup } from '@patternfly/react-core/dist/esm/components/Form';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { unwaive, waive, waiveMany } from '../../api/calls.js';
import type { FindingFilter } from '../../api/queries.js';
import { ProblemAlert } from '../../ui/answer.js';
import { Confirm } from '../../ui/confirm.js';

const DAY_MS = 86_400_000;
const ENDS = [
  [30 * DAY_MS, '30 days'],
  [90 * DAY_MS, '90 days'],
  [180 * DAY_MS, '180 days'],
  [365 * DAY_MS, '1 year'],
] as const;
const REASON_MAX = 1024;
const STALE = ['findings', 'silences'];

interface WaiveOrder {
  readonly reason: string;
  readonly until: string;
}

interface DialogProps {
  readonly label: string;
  readonly title: string;
  readonly order: (order: WaiveOrder) => Promise<unknown>;
}

/** Accepts it, with a reason and an end. */
function WaiveDialog({ label, title, order }: DialogProps) {
  const id = useId();
  const [reason, setReason] = useState('');
  const [lastsMs, setLasts] = useState<number>(ENDS[0][0]);
  return (
    <Confirm
      label={label}
      variant="secondary"
      title={title}
      verb="Waive"
      failed="It could not be waived."
      act={() => order({ reason, until: new Date(Date.now() + lastsMs).toISOString() })}
      stale={STALE}
    >
      <p>It is accepted as it is: no page is sent for it, unless it becomes worse, until the time is over.</p>
      <FormGroup label="Why" fieldId={`${id}-reason`} isRequired>
        <TextInput
          id={`${id}-reason`}
          isRequired
          value={reason}
          maxLength={REASON_MAX}
          onChange={(_, value) => setReason(value)}
        />
      </FormGroup>
      <FormGroup label="For" fieldId={`${id}-end`}>
        <FormSelect id={`${id}-end`} value={lastsMs} onChange={(_, value) => setLasts(Number(value))}>
          {ENDS.map(([ms, words]) => (
            <FormSelectOption key={ms} value={ms} label={words} />
          ))}
        </FormSelect>
      </FormGroup>
    </Confirm>
  );
}

export function WaiveOne({ id }: { readonly id: string }) {
  return <WaiveDialog label="Waive" title="Waive this finding" order={(order) => waive(id, order)} />;
}

/** Everything open that the filter shows, whether it is on the page already or not. */
export function WaiveAll({ filter }: { readonly filter: FindingFilter }) {
  const { state: _open, ...narrowing } = filter;
  return (
    <WaiveDialog
      label="Waive all"
      title="Waive every open finding under this filter"
      order={(order) => waiveMany(narrowing, order)}
    />
  );
}

export function TakeWaiverBack({ id }: { readonly id: string }) {
  const client = useQueryClient();
  const taking = useMutation({
    mutationFn: () => unwaive(id),
    onSettled: () => client.invalidateQueries({ queryKey: ['findings'] }),
  });
  return (
    <>
      <Button variant="secondary" isLoading={taking.isPending} onClick={() => taking.mutate()}>
        Take back the waiver
      </Button>
      <ProblemAlert problem={taking.error} title="It could not be taken back." />
    </>
  );
}
