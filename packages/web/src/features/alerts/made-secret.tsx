import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { ClipboardCopy } from '@patternfly/react-core/dist/esm/components/ClipboardCopy';
import { Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core/dist/esm/components/Modal';

interface Props {
  readonly secrets: Readonly<Record<string, unknown>>;
  readonly onClose: () => void;
}

/** Secrets that the server made for a new target. */
export function MadeSecret({ secrets, onClose }: Props) {
  return (
    <Modal variant="medium" isOpen onClose={onClose} aria-labelledby="secret-title">
      <ModalHeader title="The target's signing secret" labelId="secret-title" />
      <ModalBody className="cas-stack">
        <p>It is shown once. Give it to the receiver, which checks every delivery's signature with it.</p>
        {Object.entries(secrets).map(([name, secret]) => (
          <ClipboardCopy
            key={name}
            isReadOnly
            hoverTip="Copy"
            clickTip="Copied"
            textAriaLabel="Signing secret"
          >
            {String(secret)}
          </ClipboardCopy>
        ))}
      </ModalBody>
      <ModalFooter>
        <Button variant="primary" onClick={onClose}>
          I have copied it
        </Button>
      </ModalFooter>
    </Modal>
  );
}
