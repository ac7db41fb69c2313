import { Button, type ButtonProps } from '@patternfly/react-core/dist/esm/components/Button';
import { Form } from '@patternfly/react-core/dist/esm/components/Form';
import { Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core/dist/esm/components/Modal';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { ProblemAlert } from './answer.js';

interface Props {
  /** The button's word. */
  readonly label: string;
  /** What it acts on, where several such buttons stand: `Disable olga`. */
  readonly about?: string;
  readonly variant?: NonNullable<ButtonProps['variant']>;
  readonly isDanger?: boolean;
  /** The question. */
  readonly title: string;
  /** What happens, in words, and what is asked for besides. */
  readonly children: ReactNode;
  /** The word of the button that does it; the first word again when left out. */
  readonly verb?: string;
  readonly keep?: string;
  readonly failed: string;
  /** The id of the field that is typed into first. */
  readonly focus?: string;
  readonly act: () => Promise<unknown>;
  /** Answers that are old afterwards. */
  readonly stale: readonly string[];
  /** Awaited before anything is asked for again: whoever leaves the page of what is gone does not ask for it. */
  readonly onDone?: () => unknown;
}

/** A button that asks before it acts, and names what will happen. */
export function Confirm({
  label,
  about,
  variant = 'link',
  isDanger = false,
  title,
  children,
  verb = label,
  keep = 'Cancel',
  failed,
  focus,
  act,
  stale,
  onDone,
}: Props) {
  const client = useQueryClient();
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const acting = useMutation({
    mutationFn: act,
    onSuccess: async () => {
      setOpen(false);
      await onDone?.();
      await Promise.all(stale.map((key) => client.invalidateQueries({ queryKey: [key] })));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    acting.mutate();
  };
  const open = () => {
    acting.reset();
    setOpen(true);
  };
  return (
    <>
      <Button
        variant={variant}
        isDanger={isDanger}
        onClick={open}
        {...(about === undefined ? {} : { 'aria-label': `${label}: ${about}` })}
      >
        {label}
      </Button>
      <Modal
        variant="small"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        aria-labelledby={`${id}-title`}
        {...(focus === undefined ? {} : { elementToFocus: `#${CSS.escape(focus)}` })}
      >
        <ModalHeader title={title} labelId={`${id}-title`} />
        <ModalBody>
          <Form id={`${id}-form`} onSubmit={submit} autoComplete="off">
            {children}
            <ProblemAlert problem={acting.error} title={failed} />
          </Form>
        </ModalBody>
        <ModalFooter>
          <Button
            type="submit"
            form={`${id}-form`}
            variant={isDanger ? 'danger' : 'primary'}
            isLoading={acting.isPending}
            isDisabled={acting.isPending}
          >
            {verb}
          </Button>
          <Button variant="link" onClick={() => setOpen(false)}>
            {keep}
          </Button>
        </ModalFooter>
      </Modal>
    </>
  );
}
