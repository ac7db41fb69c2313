import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { FormGroup } from '@patternfly/react-core/dist/esm/components/Form';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { acknowledge, acknowledgeMany, unacknowledge } from '../../api/calls.js';
import type { FindingFilter } from '../../api/queries.js';
import { ProblemAlert } from '../../ui/answer.js';
import { Confirm } from '../../ui/confirm.js';

const HOUR_MS = 3_600_000;
const ENDS = [
  [2 * HOUR_MS, '2 hours'],
  [8 * HOUR_MS, '8 hours'],
  [24 * HOUR_MS, '1 day'],
  [7 * 24 * HOUR_MS, '7 days'],
  [0, 'Until it is resolved'],
] as const;
const NOTE_MAX = 1024;
const STALE = ['findings'];

export interface AcknowledgeOrder {
  readonly comment: string;
  /** RFC 3339; absent: until it is resolved. */
  readonly until?: string;
}

interface DialogProps {
  readonly label: string;
  readonly title: string;
  readonly order: (order: AcknowledgeOrder) => Promise<unknown>;
}

/** Says that somebody has it, with a note and an end. */
function AcknowledgeDialog({ label, title, order }: DialogProps) {
  const id = useId();
  const [comment, setComment] = useState('');
  const [lastsMs, setLasts] = useState<number>(ENDS[2][0]);
  return (
    <Confirm
      label={label}
      variant="secondary"
      title={title}
      verb="Acknowledge"
      failed="It could not be acknowledged."
      act={() =>
        order({ comment, ...(lastsMs === 0 ? {} : { until: new Date(Date.now() + lastsMs).toISOString() }) })
      }
      stale={STALE}
    >
      <p>
        Whoever was paged hears that you have it. When the time is over and it still fails, it pages again.
      </p>
      <FormGroup label="Note" fieldId={`${id}-note`}>
        <TextInput
          id={`${id}-note`}
          value={comment}
          maxLength={NOTE_MAX}
          onChange={(_, value) => setComment(value)}
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

export function AcknowledgeOne({ id }: { readonly id: string }) {
  return (
    <AcknowledgeDialog
      label="Acknowledge"
      title="Acknowledge this finding"
      order={(order) => acknowledge(id, order)}
    />
  );
}

/** Everything that the filter shows and nobody has, whether it is on the page already or not. */
export function AcknowledgeAll({ filter }: { readonly filter: FindingFilter }) {
  const { state: _open, ...narrowing } = filter;
  return (
    <AcknowledgeDialog
      label="Acknowledge all"
      title="Acknowledge every open finding under this filter"
      order={(order) => acknowledgeMany(narrowing, order)}
    />
  );
}

export function TakeBack({ id }: { readonly id: string }) {
  const client = useQueryClient();
  const taking = useMutation({
    mutationFn: () => unacknowledge(id),
    onSettled: () => client.invalidateQueries({ queryKey: ['findings'] }),
  });
  return (
    <>
      <Button variant="secondary" isLoading={taking.isPending} onClick={() => taking.mutate()}>
        Take back the acknowledgement
      </Button>
      <ProblemAlert problem={taking.error} title="It could not be taken back." />
    </>
  );
}
