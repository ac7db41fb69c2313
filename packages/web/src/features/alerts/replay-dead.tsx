import { FormGroup } from '@patternfly/react-core/dist/esm/components/Form';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { useId, useState } from 'react';
import { replayDead } from '../../api/calls.js';
import { Confirm } from '../../ui/confirm.js';

const HOUR_MS = 3_600_000;
const SINCE = [
  [HOUR_MS, 'The last hour'],
  [24 * HOUR_MS, 'The last day'],
  [7 * 24 * HOUR_MS, 'The last 7 days'],
  [0, 'Ever'],
] as const;

/** Sends again what was given up: to one target, or to all. */
export function ReplayDead({ target }: { readonly target?: string }) {
  const id = useId();
  const [sinceMs, setSince] = useState<number>(SINCE[1][0]);
  return (
    <Confirm
      label="Send all again"
      variant="secondary"
      title="Send again what was given up"
      verb="Send again"
      failed="It could not be sent again."
      act={() =>
        replayDead({
          ...(target === undefined ? {} : { target }),
          ...(sinceMs === 0 ? {} : { since: new Date(Date.now() - sinceMs).toISOString() }),
        })
      }
      stale={['deliveries', 'alerts', 'targets']}
    >
      <p>
        Each alert is told as it is now, once; what is not true any more is not sent. At most 500 at once, the
        newest first.
      </p>
      <FormGroup label="Given up in" fieldId={`${id}-since`}>
        <FormSelect id={`${id}-since`} value={sinceMs} onChange={(_, value) => setSince(Number(value))}>
          {SINCE.map(([ms, words]) => (
            <FormSelectOption key={ms} value={ms} label={words} />
          ))}
        </FormSelect>
      </FormGroup>
    </Confirm>
  );
}
