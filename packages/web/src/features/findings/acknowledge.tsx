import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { acknowledge, acknowledgeMany, unacknowledge } from '../../api/calls.js';
import type { FindingFilter } from '../../api/queries.js';
import { AcknowledgeDialog } from '../../ui/acknowledge-dialog.js';
import { ProblemAlert } from '../../ui/answer.js';

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
