import { FormGroup } from '@patternfly/react-core/dist/esm/components/Form';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { useId, useState } from 'react';
import { Confirm } from './confirm.js';

const HOUR_MS = 3_600_000;
const ENDS = [
  [2 * HOUR_MS, '2 hours'],
  [8 * HOUR_MS, '8 hours'],
  [24 * HOUR_MS, '1 day'],
  [7 * 24 * HOUR_MS, '7 days'],
  [0, 'Until it is resolved'],
] as const;
const NOTE_MAX = 1024;
const STALE = ['alerts', 'findings', 'overview'];

export interface AcknowledgeOrder {
  readonly comment: string;
  /** RFC 3339; absent: until it is resolved. */
  readonly until?: string;
}

interface DialogProps {
  readonly label: string;
  /** What it acts on, where several such buttons stand. */
  readonly about?: string;
  readonly title: string;
  readonly order: (order: AcknowledgeOrder) => Promise<unknown>;
}

/** Says that somebody has it, with a note and an end. */
export function AcknowledgeDialog({ label, about, title, order }: DialogProps) {
  const id = useId();
  const [comment, setComment] = useState('');
  const [lastsMs, setLasts] = useState<number>(ENDS[2][0]);
  return (
    <Confirm
      label={label}
      {...(about === undefined ? {} : { about })}
      focus={`${id}-note`}
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
