import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Form, FormGroup } from '@patternfly/react-core/dist/esm/components/Form';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core/dist/esm/components/Modal';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { acknowledge, acknowledgeMany, unacknowledge } from '../../api/calls.js';
import type { FindingFilter } from '../../api/queries.js';
import { ProblemAlert } from '../../ui/answer.js';

const HOUR_MS = 3_600_000;
const ENDS = [
  [2 * HOUR_MS, '2 hours'],
  [8 * HOUR_MS, '8 hours'],
  [24 * HOUR_MS, '1 day'],
  [7 * 24 * HOUR_MS, '7 days'],
  [0, 'Until it is resolved'],
] as const;
const NOTE_MAX = 1024;

export interface AcknowledgeOrder {
  readonly comment: string;
  /** RFC 3339; absent: until it is resolved. */
  readonly until?: string;
}

interface DialogProps {
  readonly button: string;
  readonly title: string;
  readonly text: string;
  readonly order: (order: AcknowledgeOrder) => Promise<unknown>;
}

/** Says that somebody has it, with a note and an end. */
function AcknowledgeDialog({ button, title, text, order }: DialogProps): ReactNode {
  const client = useQueryClient();
  const label = useId();
  const [isOpen, setOpen] = useState(false);
  const [comment, setComment] = useState('');
  const [lastsMs, setLasts] = useState<number>(ENDS[2][0]);
  const giving = useMutation({
    mutationFn: () =>
      order({ comment, ...(lastsMs === 0 ? {} : { until: new Date(Date.now() + lastsMs).toISOString() }) }),
    onSuccess: () => setOpen(false),
    onSettled: () => client.invalidateQueries({ queryKey: ['findings'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    giving.mutate();
  };
  return (
    <>
      <Button variant="secondary" onClick={() => setOpen(true)}>
        {button}
      </Button>
      <Modal variant="small" isOpen={isOpen} onClose={() => setOpen(false)} aria-labelledby={label}>
        <ModalHeader title={title} labelId={label} />
        <ModalBody className="cas-stack">
          <p>{text}</p>
          <Form id={`${label}-form`} onSubmit={submit}>
            <FormGroup label="Note" fieldId={`${label}-note`}>
              <TextInput
                id={`${label}-note`}
                value={comment}
                maxLength={NOTE_MAX}
                onChange={(_, value) => setComment(value)}
              />
            </FormGroup>
            <FormGroup label="For" fieldId={`${label}-end`}>
              <FormSelect
                id={`${label}-end`}
                value={lastsMs}
                onChange={(_, value) => setLasts(Number(value))}
              >
                {ENDS.map(([ms, words]) => (
                  <FormSelectOption key={ms} value={ms} label={words} />
                ))}
              </FormSelect>
            </FormGroup>
          </Form>
          <ProblemAlert problem={giving.error} title="It could not be acknowledged." />
        </ModalBody>
        <ModalFooter>
          <Button type="submit" form={`${label}-form`} variant="primary" isLoading={giving.isPending}>
            Acknowledge
          </Button>
          <Button variant="link" onClick={() => setOpen(false)}>
            Cancel
          </Button>
        </ModalFooter>
      </Modal>
    </>
  );
}

const TEXT =
  'Whoever was paged hears that you have it. When the time is over and it still fails, it pages again.';

export function AcknowledgeOne({ id }: { readonly id: string }) {
  return (
    <AcknowledgeDialog
      button="Acknowledge"
      title="Acknowledge this finding"
      text={TEXT}
      order={(order) => acknowledge(id, order)}
    />
  );
}

/** Everything that the filter shows and nobody has, whether it is on the page already or not. */
export function AcknowledgeAll({ filter }: { readonly filter: FindingFilter }) {
  const { state: _open, ...narrowing } = filter;
  return (
    <AcknowledgeDialog
      button="Acknowledge all"
      title="Acknowledge every open finding under this filter"
      text={TEXT}
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
