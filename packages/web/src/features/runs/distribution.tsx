import { Alert, type AlertProps } from '@patternfly/react-core/dist/esm/components/Alert';
import type { Distribution } from '../../api/types.js';
import { Instant } from '../../ui/instant.js';
import { TextLink } from '../../ui/link.js';
import { distributionWords, lackWords } from './distribution-words.js';

const VARIANTS: Readonly<Record<Distribution['state'], NonNullable<AlertProps['variant']>>> = {
  everywhere: 'success',
  waiting: 'info',
  behind: 'warning',
  alone: 'info',
  unknown: 'info',
};

/** Where the revision that a run committed has come, and which nodes lack it. */
export function DistributionLine({ of }: { readonly of: Distribution }) {
  return (
    <Alert isInline variant={VARIANTS[of.state]} title={distributionWords(of)} component="h2">
      {of.state === 'waiting' && (
        <p>
          The others pull it by themselves. Waited for until <Instant at={of.until} />.
        </p>
      )}
      {of.behind.length > 0 && (
        <ul>
          {of.behind.map((one) => (
            <li key={one.node.id}>
              <TextLink to={`/nodes/${one.node.id}`}>{one.node.name}</TextLink> {lackWords(one)} (since{' '}
              <Instant at={one.since} />)
            </li>
          ))}
          {of.moreBehind > 0 && <li>and {of.moreBehind} more</li>}
        </ul>
      )}
    </Alert>
  );
}
