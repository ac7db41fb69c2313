import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core/dist/esm/components/ToggleGroup';
import { ToolbarItem } from '@patternfly/react-core/dist/esm/components/Toolbar';
import { useQuery } from '@tanstack/react-query';
import { csvAddress, type ListChange, type ListPage, type ListView } from '../../api/lists.js';
import { nodeQuery } from '../../api/queries.js';
import { FacetChoice, ListBar } from '../../ui/list.js';
import { type SeverityName, severityWord } from '../../ui/severity.js';
import { type FindingFilter, isNarrowed } from './filter.js';

const STATES = [
  ['open', 'Open'],
  ['resolved', 'Resolved'],
  ['all', 'All'],
] as const;

interface Props {
  readonly search: FindingFilter & ListView;
  readonly facets: ListPage<unknown>['facets'] | undefined;
  readonly onChange: (change: ListChange) => void;
  readonly onClear: () => void;
}

export function FilterBar({ search, facets, onChange, onClear }: Props) {
  const current = search.state ?? 'open';
  return (
    <ListBar
      view={search}
      search="in findings"
      csv={csvAddress('findings', search)}
      onChange={onChange}
      onClear={isNarrowed(search) ? onClear : undefined}
    >
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
      <FacetChoice
        label="Severity"
        all="Any severity"
        value={search.severity ?? ''}
        counts={facets?.severity}
        word={(severity) => severityWord(severity as SeverityName)}
        onChange={(severity) => onChange({ severity })}
      />
      <FacetChoice
        label="Control"
        all="Any control"
        value={search.control ?? ''}
        counts={facets?.control}
        onChange={(control) => onChange({ control })}
      />
      <FacetChoice
        label="Group"
        all="Any group"
        value={search.group ?? ''}
        counts={facets?.group}
        onChange={(group) => onChange({ group })}
      />
      {search.node && <OneNode id={search.node} onAll={() => onChange({ node: '' })} />}
    </ListBar>
  );
}

function OneNode({ id, onAll }: { readonly id: string; readonly onAll: () => void }) {
  const node = useQuery(nodeQuery(id));
  const name = node.data?.name ?? id;
  return (
    <ToolbarItem>
      <Button variant="secondary" onClick={onAll} aria-label={`Show other nodes than ${name} too`}>
        {name} ×
      </Button>
    </ToolbarItem>
  );
}
