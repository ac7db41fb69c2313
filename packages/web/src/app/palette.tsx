import { Modal, ModalBody, ModalHeader } from '@patternfly/react-core/dist/esm/components/Modal';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { nodesQuery } from '../api/lists.js';
import { controlsQuery } from '../api/queries.js';
import { typedSearch } from '../ui/search-words.js';
import { ENTRIES_MAX, type Entry, entriesFor } from './palette-entries.js';

/** A pause this long in typing asks the server. */
const TYPING_MS = 200;

interface Props {
  readonly pages: readonly { readonly to: string; readonly name: string }[];
  readonly onClose: () => void;
}

/** Goes anywhere by name: pages, nodes, findings by their id, controls. */
export function Palette({ pages, onClose }: Props) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [chosen, choose] = useState(0);
  const entries = useEntries(typed, pages);
  const at = Math.min(chosen, Math.max(0, entries.length - 1));
  const go = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    void navigate({ to: entry.to, search: (entry.search ?? {}) as never });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      choose((at + step + entries.length) % Math.max(1, entries.length));
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      go(entries[at]);
    }
  };
  return (
    <Modal variant="small" position="top" isOpen onClose={onClose} aria-labelledby="palette-title">
      <ModalHeader title="Go to" labelId="palette-title" />
      <ModalBody>
        <TextInput
          id="palette-input"
          role="combobox"
          aria-label="A page, a node, a finding's id or a control"
          placeholder="A page, a node, a finding's id or a control"
          aria-expanded={entries.length > 0}
          aria-controls="palette-entries"
          aria-autocomplete="list"
          {...(entries[at] ? { 'aria-activedescendant': `palette-${at}` } : {})}
          autoComplete="off"
          autoFocus
          value={typed}
          onChange={(_, text) => {
            setTyped(text);
            choose(0);
          }}
          onKeyDown={onKeyDown}
        />
        <div role="listbox" id="palette-entries" aria-label="Where to" className="cas-palette">
          {entries.map((entry, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox has the keyboard
            <div
              key={entry.id}
              id={`palette-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              className="cas-palette-entry"
              onClick={() => go(entry)}
            >
              <span className="cas-quiet">{entry.kind}</span>
              <span className="cas-break">
                {entry.name} {entry.more && <span className="cas-quiet">{entry.more}</span>}
              </span>
            </div>
          ))}
        </div>
        <p role="status" className="cas-quiet">
          {entries.length === 0 ? 'Nothing of that name.' : ''}
        </p>
      </ModalBody>
    </Modal>
  );
}

function useEntries(typed: string, pages: Props['pages']): readonly Entry[] {
  const asked = useSettled(typed.trim());
  const nodes = useQuery({ ...nodesQuery({ q: typedSearch(asked), sort: 'name' }), enabled: asked !== '' });
  const controls = useQuery(controlsQuery);
  return entriesFor(typed, {
    pages,
    nodes: asked === '' ? [] : (nodes.data?.items.slice(0, ENTRIES_MAX) ?? []),
    controls: controls.data ?? [],
  });
}

function useSettled(typed: string): string {
  const [settled, settle] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => settle(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return settled;
}
