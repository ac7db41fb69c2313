import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';

interface Result {
  readonly ok: boolean;
  readonly ms: number;
  readonly detail: string;
}

/** How one test of a target went. */
export function TestOutcome({ result }: { readonly result: Result }) {
  const { ok, ms, detail } = result;
  return (
    <Alert
      isInline
      isPlain
      component="p"
      variant={ok ? 'success' : 'danger'}
      title={ok ? `The test arrived: ${detail} in ${ms} ms` : `The test did not arrive: ${detail}`}
    />
  );
}
