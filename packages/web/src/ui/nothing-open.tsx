import ServerIcon from '@patternfly/react-icons/dist/esm/icons/server-icon';
import ShieldIcon from '@patternfly/react-icons/dist/esm/icons/shield-alt-icon';
import { Empty } from './answer.js';
import { ButtonLink } from './link.js';

/** No open finding: because all is well, or because nobody looks. The two must never read alike. */
export function NothingOpen({ nodes, connected }: { readonly nodes: number; readonly connected: number }) {
  if (nodes === 0) {
    return (
      <Empty
        title="Nothing is watched yet"
        icon={ServerIcon}
        actions={
          <ButtonLink variant="primary" to="/settings">
            Make a token
          </ButtonLink>
        }
      >
        No node has joined, so there is nothing that could be found.
      </Empty>
    );
  }
  if (connected < nodes) {
    return (
      <Empty title="Nothing is known to be open" icon={ShieldIcon}>
        {nodes - connected} of {nodes} nodes are silent: what is wrong there cannot be seen from here.
      </Empty>
    );
  }
  return (
    <Empty title="Nothing is open" icon={ShieldIcon}>
      Every control that could be judged passes on all {nodes} nodes.
    </Empty>
  );
}
