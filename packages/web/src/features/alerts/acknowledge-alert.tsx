import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { acknowledgeAlert, unacknowledgeAlert } from '../../api/calls.js';
import type { AlertLine } from '../../api/types.js';
import { AcknowledgeDialog } from '../../ui/acknowledge-dialog.js';
import { ProblemAlert } from '../../ui/answer.js';

/** Somebody has all of it that nobody has. `isOneOfMany`: other such buttons stand beside it. */
export function AcknowledgeAlert({
  alert,
  isOneOfMany = false,
}: {
  readonly alert: Pick<AlertLine, 'id' | 'title'>;
  readonly isOneOfMany?: boolean;
}) {
  return (
    <AcknowledgeDialog
      label="Acknowledge"
      {...(isOneOfMany ? { about: alert.title } : {})}
      title="Acknowledge every open finding of this alert"
      order={(order) => acknowledgeAlert(alert.id, order)}
    />
  );
}

export function TakeAlertBack({ id }: { readonly id: string }) {
  const client = useQueryClient();
  const taking = useMutation({
    mutationFn: () => unacknowledgeAlert(id),
    onSettled: () =>
      Promise.all(
        ['alerts', 'findings', 'overview'].map((key) => client.invalidateQueries({ queryKey: [key] })),
      ),
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
