import { FormGroup } from '@patternfly/react-core/dist/esm/components/Form';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { CHOICES, type Choice, ownZone, type When } from './schedule.js';

interface Props {
  readonly when: When;
  readonly onChange: (when: When) => void;
}

/** For how long, or when: the usual lengths, a day and a time, or a window that may recur. */
export function WhenFields({ when, onChange }: Props) {
  return (
    <>
      <FormGroup label="For" fieldId="silence-for">
        <FormSelect
          id="silence-for"
          value={when.choice}
          onChange={(_, choice) => onChange({ ...when, choice: choice as Choice })}
        >
          {CHOICES.map(([choice, words]) => (
            <FormSelectOption key={choice} value={choice} label={words} />
          ))}
        </FormSelect>
      </FormGroup>
      {when.choice === 'free' && (
        <FormGroup label={`Until (${ownZone()})`} fieldId="silence-until" isRequired>
          <TextInput
            id="silence-until"
            type="datetime-local"
            isRequired
            value={when.until}
            onChange={(_, until) => onChange({ ...when, until })}
          />
        </FormGroup>
      )}
      {when.choice === 'window' && <WindowFields when={when} onChange={onChange} />}
    </>
  );
}

function WindowFields({ when, onChange }: Props) {
  const { window } = when;
  const set = (change: Partial<When['window']>) => onChange({ ...when, window: { ...window, ...change } });
  return (
    <>
      <FormGroup label="Starts, by the clock of the zone" fieldId="window-start" isRequired>
        <TextInput
          id="window-start"
          type="datetime-local"
          isRequired
          value={window.start}
          onChange={(_, start) => set({ start: start.slice(0, 16) })}
        />
      </FormGroup>
      <FormGroup label="Zone" fieldId="window-zone" isRequired>
        <TextInput
          id="window-zone"
          isRequired
          maxLength={64}
          value={window.zone}
          onChange={(_, zone) => set({ zone })}
        />
      </FormGroup>
      <FormGroup label="Minutes" fieldId="window-minutes" isRequired>
        <TextInput
          id="window-minutes"
          type="number"
          min={1}
          max={4320}
          isRequired
          value={window.minutes}
          onChange={(_, minutes) => set({ minutes: Number(minutes) })}
        />
      </FormGroup>
      <FormGroup label="Repeats" fieldId="window-repeats">
        <FormSelect
          id="window-repeats"
          value={window.repeats}
          onChange={(_, repeats) => set({ repeats: repeats as 'never' | 'weekly' })}
        >
          <FormSelectOption value="weekly" label="Each week" />
          <FormSelectOption value="never" label="Never" />
        </FormSelect>
      </FormGroup>
      {window.repeats === 'weekly' && (
        <FormGroup label="Last day of the series" fieldId="window-last" isRequired>
          <TextInput
            id="window-last"
            type="date"
            isRequired
            value={window.lastDay}
            onChange={(_, lastDay) => set({ lastDay })}
          />
        </FormGroup>
      )}
    </>
  );
}
