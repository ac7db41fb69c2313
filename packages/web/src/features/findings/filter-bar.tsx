import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { SearchInput } from '@patternfly/react-core/dist/esm/components/SearchInput';
import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core/dist/esm/components/ToggleGroup';
import { Toolbar, ToolbarContent, ToolbarItem } from '@patternfly/react-core/dist/esm/components/Toolbar';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { nodesQuery } from '../../api/queries.js';
import { SEVERITIES } from '../../api/types.js';
import { severityWord } from '../../ui/severity.js';
import { type FilterChange, type FindingFilter, isNarrowed } from './filter.js';

/** A pause this long in typing asks the server; every letter would ask too often. */
const TYPING_MS = 250;
const STATES = [
  ['open', 'Open'],
  ['resolved', 'Resolved'],
  ['all', 'All'],
] as const;

interface Props {
  readonly filter: FindingFilter;
  readonly onChange: (change: FilterChange) => void;
  readonly onClear: () => void;
}

export function FilterBar({ filter, onChange, onClear }: Props) {
  const nodes = useQuery(nodesQuery);
  const current = filter.state ?? 'open';
  return (
    <Toolbar className="cas-toolbar" inset={{ default: 'insetNone' }}>
      <ToolbarContent rowWrap={{ default: 'wrap' }}>
        <ToolbarItem className="cas-grow">
          <TextFilter value={filter.q ?? ''} onChange={(q) => onChange({ q })} />
        </ToolbarItem>
        <ToolbarItem>
          <ToggleGroup aria-label="State">
            {STATES.map(([state, word]) => (
              <ToggleGroupItem
                key={state}
                buttonId={`state-${state}`}
                text={word}
                isSelected={current === state}
                onChange={() => onChange({ state })}
              />
            ))}
          </ToggleGroup>
        </ToolbarItem>
        <ToolbarItem>
          <Choice
            label="Severity"
            value={filter.severity ?? ''}
            all="Any severity"
            options={SEVERITIES.map((s) => [s, severityWord(s)] as const)}
            onChange={(severity) => onChange({ severity })}
          />
        </ToolbarItem>
        <ToolbarItem>
          <Choice
            label="Node"
            value={filter.node ?? ''}
            all="Any node"
            options={(nodes.data?.items ?? []).map((node) => [node.id, node.name] as const)}
            onChange={(node) => onChange({ node })}
          />
        </ToolbarItem>
        {filter.control && (
          <ToolbarItem>
            <Button
              variant="secondary"
              onClick={() => onChange({ control: '' })}
              aria-label={`Show other controls than ${filter.control} too`}
            >
              {filter.control} ×
            </Button>
          </ToolbarItem>
        )}
        {isNarrowed(filter) && (
          <ToolbarItem>
            <Button variant="link" onClick={onClear}>
              Clear filters
            </Button>
          </ToolbarItem>
        )}
      </ToolbarContent>
    </Toolbar>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly all: string;
  readonly options: readonly (readonly [value: string, word: string])[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, all, options, onChange }: ChoiceProps) {
  const isKnown = value === '' || options.some(([option]) => option === value);
  return (
    <FormSelect aria-label={label} value={value} onChange={(_, chosen) => onChange(chosen)}>
      <FormSelectOption value="" label={all} />
      {!isKnown && <FormSelectOption value={value} label={value} />}
      {options.map(([option, word]) => (
        <FormSelectOption key={option} value={option} label={word} />
      ))}
    </FormSelect>
  );
}

function TextFilter({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  // Back and forward change the address: the field follows.
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <SearchInput
      aria-label="Search in findings"
      placeholder="Search title, summary, subject"
      value={typed}
      onChange={(_, text) => setTyped(text)}
      onClear={() => {
        setTyped('');
        onChange('');
      }}
    />
  );
}
