import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { ActionGroup, Form, FormGroup } from '@patternfly/react-core/dist/esm/components/Form';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useMemo, useState } from 'react';
import { createSilence } from '../../api/calls.js';
import { silencePreviewQuery } from '../../api/queries.js';
import type { SilencePreview } from '../../api/types.js';
import { ProblemAlert } from '../../ui/answer.js';
import { PageFrame } from '../../ui/page.js';
import { utc, zoned } from '../../ui/time-words.js';
import { type Match, MatchFields } from './match-fields.js';
import { ownZone, scheduleOf, type When } from './schedule.js';
import { WhenFields } from './when-fields.js';

const REASON_MAX = 1024;
const STALE = ['silences', 'findings'] as const;

interface Props {
  /** What the page was asked for with: a finding's, a node's, a list's. */
  readonly match: Match;
  readonly onMade: () => void;
}

export function NewSilencePage(props: Props) {
  return (
    <PageFrame
      title="New silence"
      above={{ to: '/silences', name: 'Silences' }}
      lead="No page is sent for what matches all of this. Findings still open and resolve; when the silence ends, what is still open pages."
    >
      <SilenceForm {...props} />
    </PageFrame>
  );
}

function SilenceForm({ match: first, onMade }: Props) {
  const client = useQueryClient();
  const [match, setMatch] = useState(first);
  const [reason, setReason] = useState('');
  const [when, setWhen] = useState<When>(() => ({
    choice: '2h',
    until: '',
    window: { start: '', minutes: 120, repeats: 'weekly', lastDay: '', zone: ownZone() },
  }));
  const asked = useMemo(() => orderOf(match, when), [match, when]);
  const making = useMutation({
    // The length counts from now, not from when it was chosen.
    mutationFn: () => createSilence({ ...(orderOf(match, when) ?? { matchers: {} }), reason }),
    onSuccess: async () => {
      await Promise.all(STALE.map((key) => client.invalidateQueries({ queryKey: [key] })));
      onMade();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    making.mutate();
  };
  return (
    <Form onSubmit={submit} autoComplete="off" className="cas-narrow">
      <MatchFields match={match} onChange={setMatch} />
      <WhenFields when={when} onChange={setWhen} />
      <FormGroup label="Why" fieldId="silence-reason" isRequired>
        <TextInput
          id="silence-reason"
          isRequired
          maxLength={REASON_MAX}
          value={reason}
          onChange={(_, text) => setReason(text)}
        />
      </FormGroup>
      <Preview asked={asked} />
      <ProblemAlert problem={making.error} title="No silence was made." />
      <ActionGroup>
        <Button
          type="submit"
          variant="primary"
          isLoading={making.isPending}
          isDisabled={making.isPending || asked === null || reason.trim() === ''}
        >
          Silence
        </Button>
      </ActionGroup>
    </Form>
  );
}

/** Null: nothing to match is given, or no end. */
function orderOf(match: Match, when: When): SilencePreview | null {
  const matchers = Object.fromEntries(Object.entries(match).filter(([, value]) => value !== ''));
  const schedule = scheduleOf(when, Date.now());
  return schedule === null || Object.keys(matchers).length === 0 ? null : { matchers, ...schedule };
}

function Preview({ asked }: { readonly asked: SilencePreview | null }) {
  const preview = useQuery({
    ...silencePreviewQuery(asked ?? { matchers: {} }),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
  });
  if (asked === null)
    return (
      <Alert isInline variant="info" component="p" title="Say what is to be silenced, and until when">
        A silence of everything is not made.
      </Alert>
    );
  if (preview.error) return <ProblemAlert problem={preview.error} title="This would not be a silence." />;
  const { findings = 0, open = 0, next = [] } = preview.data ?? {};
  if (!preview.data) return null;
  const count = findings.toLocaleString('en');
  // Of the answer: the field may hold half a name by now.
  const { zone } = preview.data;
  return (
    <Alert
      isInline
      variant={open > 0 ? 'warning' : 'info'}
      component="p"
      title={`Matches ${count} ${findings === 1 ? 'finding' : 'findings'}, ${open.toLocaleString('en')} open now`}
    >
      <span aria-live="polite">
        Resolved ones count too; what opens later is held as well.{' '}
        {next.length > 1 ? 'The next times:' : 'It holds:'}
      </span>
      <ul className="cas-plain-list">
        {next.map(({ from, until }) => (
          <li key={from}>
            {zoned(Date.parse(from), zone)} to {zoned(Date.parse(until), zone)} {zone}{' '}
            <span className="cas-quiet">({utc(Date.parse(from))})</span>
          </li>
        ))}
      </ul>
    </Alert>
  );
}
