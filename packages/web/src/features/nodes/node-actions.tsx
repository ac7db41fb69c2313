import { FormGroup } from '@patternfly/react-core/dist/esm/components/Form';
import { TextInput } from '@patternfly/react-core/dist/esm/components/TextInput';
import { useState } from 'react';
import { deleteNode, moveNode, renameNode, retireNode } from '../../api/calls.js';
import type { NodeDetail } from '../../api/types.js';
import { Confirm } from '../../ui/confirm.js';

const STALE = ['nodes', 'overview', 'findings'];

interface Props {
  readonly node: NodeDetail;
  readonly onDeleted: () => Promise<void>;
}

export function NodeActions({ node, onDeleted }: Props) {
  if (node.retiredAt !== null)
    return (
      <Confirm
        label="Delete"
        variant="secondary"
        isDanger
        title={`Delete ${node.name}?`}
        keep="Keep it"
        failed="It was not deleted."
        act={() => deleteNode(node.id)}
        stale={STALE}
        onDone={onDeleted}
      >
        <p>
          What it said last is removed, and its name is free for another node. The history of its findings and
          runs stays, under its name. This cannot be undone.
        </p>
      </Confirm>
    );
  return (
    <>
      <Rename node={node} />
      <Move node={node} />
      <Confirm
        label="Retire"
        variant="secondary"
        isDanger
        title={`Retire ${node.name}?`}
        keep="Keep it"
        failed="It was not retired."
        act={() => retireNode(node.id)}
        stale={STALE}
      >
        <p>
          Its certificate is revoked and its agent disconnected. Its open findings end with the reason “the
          node was retired”, and on-call is told that they are over. Nobody waits for it any more. This cannot
          be undone: the machine joins again as a new node, after this one was deleted.
        </p>
      </Confirm>
    </>
  );
}

function Rename({ node }: { readonly node: NodeDetail }) {
  const [name, setName] = useState(node.name);
  return (
    <Confirm
      label="Rename"
      variant="secondary"
      title={`Rename ${node.name}`}
      failed="It was not renamed."
      act={() => renameNode(node.id, name)}
      stale={STALE}
    >
      <p>Its findings, runs and key stay. Tokens that were made to replace it end.</p>
      <FormGroup label="New name" fieldId="node-name" isRequired>
        <TextInput id="node-name" isRequired value={name} onChange={(_, value) => setName(value)} />
      </FormGroup>
    </Confirm>
  );
}

function Move({ node }: { readonly node: NodeDetail }) {
  const [group, setGroup] = useState(node.group);
  return (
    <Confirm
      label="Move"
      variant="secondary"
      title={`Move ${node.name} to another group`}
      failed="It was not moved."
      act={() => moveNode(node.id, group)}
      stale={STALE}
    >
      <p>It is in the group {node.group} now. What holds for the new group holds for it at once.</p>
      <FormGroup label="New group" fieldId="node-group" isRequired>
        <TextInput id="node-group" isRequired value={group} onChange={(_, value) => setGroup(value)} />
      </FormGroup>
    </Confirm>
  );
}
