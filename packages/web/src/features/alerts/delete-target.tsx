import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core/dist/esm/components/Modal';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { deleteTarget } from '../../api/calls.js';
import type { Target } from '../../api/types.js';
import { ProblemAlert } from '../../ui/answer.js';

export function DeleteTarget({ target }: { readonly target: Target }) {
  const client = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const deletion = useMutation({
    mutationFn: () => deleteTarget(target.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ['targets'] }),
  });
  return (
    <>
      <Button variant="link" isDanger onClick={() => setOpen(true)} aria-label={`Delete ${target.name}`}>
        Delete
      </Button>
      <Modal
        variant="small"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        aria-labelledby={`delete-${target.id}`}
      >
        <ModalHeader title={`Delete ${target.name}?`} labelId={`delete-${target.id}`} />
        <ModalBody className="cas-stack">
          <p>Nothing more is sent there, and what waits to be sent is dropped.</p>
          <ProblemAlert problem={deletion.error} title="It was not deleted." />
        </ModalBody>
        <ModalFooter>
          <Button variant="danger" isLoading={deletion.isPending} onClick={() => deletion.mutate()}>
            Delete
          </Button>
          <Button variant="link" onClick={() => setOpen(false)}>
            Keep it
          </Button>
        </ModalFooter>
      </Modal>
    </>
  );
}
