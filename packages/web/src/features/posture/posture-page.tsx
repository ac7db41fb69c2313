import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core/dist/esm/components/ToggleGroup';
import { Toolbar, ToolbarContent, ToolbarItem } from '@patternfly/react-core/dist/esm/components/Toolbar';
import { useQuery } from '@tanstack/react-query';
import { type PostureSearch, postureMatrixQuery, SPANS, spanOf } from '../../api/posture.js';
import { PageFrame } from '../../ui/page.js';
import { Changes } from './changes.js';
import { Matrix } from './matrix.js';
import { Series } from './series.js';

interface Props {
  readonly search: PostureSearch;
  readonly onChange: (search: PostureSearch) => void;
}

export function PosturePage({ search, onChange }: Props) {
  const { group, control } = search;
  const of = [control, group === undefined ? 'the fleet' : `the group ${group}`].filter(Boolean).join(' in ');
  return (
    <PageFrame title="Posture" lead={`How ${of} stands, day by day: what is open, and how many nodes pass.`}>
      <Choices search={search} onChange={onChange} />
      <Series search={search} />
      {group === undefined && control === undefined && <Changes />}
      <Matrix search={search} onChange={onChange} />
    </PageFrame>
  );
}

function Choices({ search, onChange }: Props) {
  // Of the whole fleet, whatever is chosen: it names the groups and controls that can be.
  const all = useQuery(postureMatrixQuery());
  const { group = '', control = '' } = search;
  const span = spanOf(search);
  const change = (next: { readonly [K in keyof PostureSearch]?: string }) => {
    const { cursor: _cursor, ...rest } = { ...search, ...next };
    onChange(Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== '')));
  };
  return (
    <Toolbar className="cas-toolbar" inset={{ default: 'insetNone' }}>
      <ToolbarContent rowWrap={{ default: 'wrap' }}>
        <ToolbarItem>
          <ToggleGroup aria-label="Days">
            {SPANS.map((days) => (
              <ToggleGroupItem
                key={days}
                buttonId={`days-${days}`}
                text={`${days} days`}
                isSelected={span === days}
                onChange={() => change({ days })}
              />
            ))}
          </ToggleGroup>
        </ToolbarItem>
        <Choice
          label="Group"
          all="The whole fleet"
          value={group}
          options={(all.data?.columns ?? []).map(({ id }) => [id, id])}
          onChange={(chosen) => change({ group: chosen })}
        />
        <Choice
          label="Control"
          all="Every control"
          value={control}
          options={(all.data?.controls ?? []).map(({ id, title }) => [id, `${id} ${title}`])}
          onChange={(chosen) => change({ control: chosen })}
        />
      </ToolbarContent>
    </Toolbar>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly all: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, words: string])[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, all, value, options, onChange }: ChoiceProps) {
  const isKnown = value === '' || options.some(([known]) => known === value);
  return (
    <ToolbarItem className="cas-choice">
      <FormSelect aria-label={label} value={value} onChange={(_, chosen) => onChange(chosen)}>
        <FormSelectOption value="" label={all} />
        {!isKnown && <FormSelectOption value={value} label={value} />}
        {options.map(([known, words]) => (
          <FormSelectOption key={known} value={known} label={words} />
        ))}
      </FormSelect>
    </ToolbarItem>
  );
}
