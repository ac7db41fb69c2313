import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { FormGroup } from '@patternfly/react-core/dist/esm/components/Form';
import { FormSelect, FormSelectOption } from '@patternfly/react-core/dist/esm/components/FormSelect';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { nodesQuery } from '../../api/lists.js';
import { nodeQuery } from '../../api/queries.js';
import { SEVERITIES, type Severity } from '../../api/types.js';
import { typedSearch } from '../../ui/search-words.js';
import { severityWord } from '../../ui/severity.js';

/** What is to be silenced, in the words of the page's address. The empty word stands for any. */
export type Match = Readonly<
  Partial<Record<'control' | 'node' | 'group' | 'severity' | 'subject' | 'alert', string>>
>;

interface Props {
  readonly match: Match;
  readonly onChange: (match: Match) => void;
}

const TEXTS = [
  ['control', 'Control', 32],
  ['group', 'Group of nodes', 64],
  ['subject', 'What is judged', 512],
] as const;

export function MatchFields({ match, onChange }: Props) {
  const set = (change: Match) => onChange({ ...match, ...change });
  return (
    <>
      <NodeField id={match.node ?? ''} onChange={(node) => set({ node })} />
      {TEXTS.map(([name, label, maxLength]) => (
        <FormGroup key={name} label={label} fieldId={`match-${name}`}>
          <TextInput
            id={`match-${name}`}
            placeholder="any"
            maxLength={maxLength}
            value={match[name] ?? ''}
            onChange={(_, value) => set({ [name]: value })}
          />
        </FormGroup>
      ))}
      <FormGroup label="Severity" fieldId="match-severity">
        <FormSelect
          id="match-severity"
          value={match.severity ?? ''}
          onChange={(_, severity) => set({ severity })}
        >
          <FormSelectOption value="" label="any" />
          {SEVERITIES.map((severity: Severity) => (
            <FormSelectOption key={severity} value={severity} label={severityWord(severity)} />
          ))}
        </FormSelect>
      </FormGroup>
    </>
  );
}

/** Of a fleet that a list to choose from cannot hold, those that are searched for. */
function NodeField({ id, onChange }: { readonly id: string; readonly onChange: (id: string) => void }) {
  const [q, setQ] = useState('');
  const chosen = useQuery({ ...nodeQuery(id), enabled: id !== '' });
  const nodes = useQuery({ ...nodesQuery(q === '' ? {} : { q: typedSearch(q) }), enabled: id === '' });
  if (id !== '')
    return (
      <FormGroup label="Node" fieldId="match-node">
        <span className="cas-row">
          <span id="match-node">{chosen.data?.name ?? id}</span>
          <Button variant="link" isInline onClick={() => onChange('')}>
            Any node
          </Button>
        </span>
      </FormGroup>
    );
  return (
    <FormGroup label="Node" fieldId="match-node">
      <div className="cas-stack">
        <FormSelect id="match-node" value="" onChange={(_, node) => onChange(node)}>
          <FormSelectOption value="" label="any" />
          {(nodes.data?.items ?? []).map((node) => (
            <FormSelectOption key={node.id} value={node.id} label={node.name} />
          ))}
        </FormSelect>
        {(nodes.data?.next || q !== '') && (
          <TextInput
            aria-label="Find a node"
            placeholder="Find a node"
            value={q}
            onChange={(_, text) => setQ(text)}
          />
        )}
      </div>
    </FormGroup>
  );
}
