import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { useMutation } from '@tanstack/react-query';
import { previewTarget, tryTarget } from '../../api/calls.js';
import type { TargetInput } from '../../api/types.js';
import { ProblemAlert } from '../../ui/answer.js';
import { TestOutcome } from './test-outcome.js';

type Shown = Pick<TargetInput, 'kind' | 'settings' | 'secrets'> & { readonly id?: string };

/** What a target would be sent, and whether it takes a test, before anything is saved. */
export function TryOut({ input }: { readonly input: Shown }) {
  const preview = useMutation({ mutationFn: previewTarget });
  const test = useMutation({ mutationFn: tryTarget });
  const { kind, settings } = input;
  return (
    <div className="cas-stack">
      <div className="cas-row">
        <Button
          variant="secondary"
          isLoading={preview.isPending}
          isDisabled={preview.isPending}
          onClick={() => preview.mutate({ kind, settings })}
        >
          Show what would be sent
        </Button>
        <Button
          variant="secondary"
          isLoading={test.isPending}
          isDisabled={test.isPending}
          onClick={() => test.mutate(input)}
        >
          Send a test
        </Button>
      </div>
      <div aria-live="polite" className="cas-stack">
        {test.data && <TestOutcome result={test.data} />}
        <ProblemAlert problem={test.error} title="The test could not be sent." />
        <ProblemAlert problem={preview.error} title="It could not be shown." />
        {preview.data && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by the keyboard
          <section className="cas-pre cas-preview" tabIndex={0} aria-label="An example of what would be sent">
            <pre>{preview.data.text || 'Of an alert like the example nothing is sent.'}</pre>
          </section>
        )}
      </div>
    </div>
  );
}
