import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { Switch } from '@patternfly/react-core/dist/esm/components/Switch';
import { SEVERITIES, type Target, type TargetInput } from '../../api/types.js';
import { severityWord } from '../../ui/severity.js';
import { LabelledField } from './field-input.js';

const HOUR_MS = 3_600_000;
const REMINDERS = [
  ['never', null],
  ['1 h', HOUR_MS],
  ['4 h', 4 * HOUR_MS],
  ['24 h', 24 * HOUR_MS],
] as const;

export type When = Pick<
  TargetInput,
  'enabled' | 'severityMin' | 'remindAfterMs' | 'fallbackId' | 'isFallback'
>;

interface Props {
  readonly when: When;
  readonly others: readonly Target[];
  readonly onChange: (part: Partial<When>) => void;
}

/** When a target of any kind is told of an alert. */
export function WhenFields({ when, others, onChange }: Props) {
  const { enabled, severityMin, remindAfterMs = null, fallbackId = null, isFallback = false } = when;
  const isOther = REMINDERS.every(([, ms]) => ms !== remindAfterMs);
  return (
    <>
      <LabelledField label="Minimum severity" id="target-severity" help="What is milder is not sent here.">
        <FormSelect
          id="target-severity"
          value={severityMin}
          onChange={(_, chosen) => onChange({ severityMin: SEVERITIES.find((s) => s === chosen) ?? 'high' })}
        >
          {SEVERITIES.map((severity) => (
            <FormSelectOption key={severity} value={severity} label={severityWord(severity)} />
          ))}
        </FormSelect>
      </LabelledField>
      <LabelledField
        label="Remind after"
        id="target-remind"
        help="What is still open, and nobody has, is sent again."
      >
        <FormSelect
          id="target-remind"
          value={String(remindAfterMs)}
          onChange={(_, chosen) => onChange({ remindAfterMs: chosen === 'null' ? null : Number(chosen) })}
        >
          {REMINDERS.map(([label, ms]) => (
            <FormSelectOption key={label} value={String(ms)} label={label} />
          ))}
          {isOther && (
            <FormSelectOption
              value={String(remindAfterMs)}
              label={`${Math.round((remindAfterMs ?? 0) / 60_000)} min`}
            />
          )}
        </FormSelect>
      </LabelledField>
      <LabelledField
        label="Fallback target"
        id="target-fallback"
        help="Is sent what is critical and failed here three times."
      >
        <FormSelect
          id="target-fallback"
          value={fallbackId ?? ''}
          onChange={(_, chosen) => onChange({ fallbackId: chosen === '' ? null : chosen })}
        >
          <FormSelectOption value="" label="none" />
          {others.map(({ id, name }) => (
            <FormSelectOption key={id} value={id} label={name} />
          ))}
        </FormSelect>
      </LabelledField>
      <Switch
        id="target-is-fallback"
        label="Only when others fail"
        isChecked={isFallback}
        onChange={(_, isOnly) => onChange({ isFallback: isOnly })}
      />
      <Switch
        id="target-enabled"
        label="Alerts are sent"
        isChecked={enabled ?? true}
        onChange={(_, isOn) => onChange({ enabled: isOn })}
      />
    </>
  );
}
