import { Modal, ModalBody, ModalHeader } from '@patternfly/react-core/dist/esm/components/Modal';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { areShortcutsOn } from '../ui/shortcuts.js';
import { actionOf, BUSY_SELECTOR, KEY_HELP, type KeyAction, type Waiting } from './keys.js';
import { Palette } from './palette.js';
import { moveRow, openRow, selectRow } from './rows.js';

interface Props {
  /** The id of the page's main part. */
  readonly main: string;
  readonly pages: readonly { readonly to: string; readonly name: string }[];
}

/** The console by keyboard. Nothing happens while somebody types, or with the keys switched off. */
export function Keyboard({ main, pages }: Props) {
  const navigate = useNavigate();
  const [shown, show] = useState<'help' | 'palette' | null>(null);
  const waiting = useRef<Waiting | null>(null);
  useEffect(() => {
    const act = (action: KeyAction): boolean => {
      const page = document.getElementById(main);
      switch (action.kind) {
        case 'help':
        case 'palette':
          show(action.kind);
          return true;
        case 'go':
          void navigate({ to: action.to, search: {} as never });
          return true;
        case 'search':
          return focusSearch(page);
        case 'next':
        case 'previous':
          if (page) moveRow(page, action.kind === 'next' ? 1 : -1);
          return true;
        case 'open':
          return openRow();
        case 'select':
          return selectRow();
      }
    };
    const onKeyDown = (event: KeyboardEvent) => {
      const { key, ctrlKey: ctrl, metaKey: meta, altKey: alt, target } = event;
      const isTyping = event.isComposing || (target instanceof Element && target.closest(BUSY_SELECTOR));
      // An open dialog has the keyboard, wherever the focus is.
      const isBusy = isTyping || document.querySelector('[role="dialog"]');
      if (event.defaultPrevented || isBusy || !areShortcutsOn()) {
        waiting.current = null;
        return;
      }
      const meant = actionOf({ key, ctrl, meta, alt, at: event.timeStamp }, waiting.current);
      waiting.current = meant.waiting;
      if (meant.action && act(meant.action)) event.preventDefault();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [main, navigate]);
  const close = () => show(null);
  return (
    <>
      {shown === 'help' && <Help onClose={close} />}
      {shown === 'palette' && <Palette pages={pages} onClose={close} />}
    </>
  );
}

function focusSearch(page: HTMLElement | null): boolean {
  const field = page?.querySelector<HTMLInputElement>('.cas-list-search input');
  field?.focus();
  field?.select();
  return Boolean(field);
}

function Help({ onClose }: { readonly onClose: () => void }) {
  return (
    <Modal variant="small" isOpen onClose={onClose} aria-labelledby="keys-title">
      <ModalHeader
        title="Keys"
        labelId="keys-title"
        description="They do nothing while you type. Switch them off under Settings, in this browser."
      />
      <ModalBody>
        <dl className="cas-keys">
          {KEY_HELP.map(([keys, what]) => (
            <div key={keys.join(' ')}>
              <dt>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </ModalBody>
    </Modal>
  );
}
