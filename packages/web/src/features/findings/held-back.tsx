import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import type { FindingDetail } from '../../api/types.js';
import { Instant } from '../../ui/instant.js';
import { TextLink } from '../../ui/link.js';
import { personName } from '../../ui/person.js';

/** Why no page is sent for a finding: a waiver, a silence, a cause that it follows from. */
export function HeldBack({ finding }: { readonly finding: FindingDetail }) {
  const { waiver, silence, inhibition } = finding;
  return (
    <>
      {waiver && (
        <Alert
          isInline
          variant="info"
          component="p"
          title={`Waived by ${personName(waiver.by)}: ${waiver.reason}`}
        >
          Until <Instant at={waiver.until} />: then it pages again if it still fails; before that only if it
          becomes worse.
        </Alert>
      )}
      {silence && (
        <Alert
          isInline
          variant="info"
          component="p"
          title={`Silenced by ${personName(silence.author)}: ${silence.reason}`}
        >
          No page until <Instant at={silence.until} />. <TextLink to="/silences">All silences</TextLink>
        </Alert>
      )}
      {inhibition && (
        <Alert
          isInline
          variant="info"
          component="p"
          title={`Follows from ${inhibition.control}: no page of its own`}
        >
          {inhibition.why} <TextLink to={`/findings/${inhibition.findingId}`}>{inhibition.summary}</TextLink>
        </Alert>
      )}
    </>
  );
}
