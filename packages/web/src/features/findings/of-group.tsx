import type { FindingDetail } from '../../api/types.js';
import { ButtonLink, TextLink } from '../../ui/link.js';
import { Block } from '../../ui/page.js';

/** The node that a finding is of, or the group whose nodes it is about. */
export function OfWhom({ finding: { node, ofGroup, subject } }: { readonly finding: FindingDetail }) {
  const group = node.name.replace(/^Group /, '');
  return (
    <div>
      <dt>{ofGroup ? 'Group' : 'Node'}</dt>
      <dd>
        {ofGroup ? (
          <TextLink to="/nodes" search={{ group }}>
            {group}
          </TextLink>
        ) : (
          <TextLink to={`/nodes/${node.id}`}>{node.name}</TextLink>
        )}
        {ofGroup && subject !== group && <span className="cas-quiet"> and whoever shares it</span>}
      </dd>
    </div>
  );
}

/** The nodes that a finding about a group names, each with the way to its plan where there is a remediation. */
export function NodesOf({
  ofGroup: { nodes, remediation },
  may,
}: {
  readonly ofGroup: NonNullable<FindingDetail['ofGroup']>;
  readonly may: { readonly plan: boolean };
}) {
  if (nodes.length === 0) return null;
  return (
    <Block title="Nodes" id="nodes">
      <ul>
        {nodes.map(({ id, name }) => (
          <li key={id} className="cas-row">
            <TextLink to={`/nodes/${id}`}>{name}</TextLink>
            {remediation !== null && may.plan && (
              <ButtonLink variant="secondary" to="/plans/new" search={{ node: id, remediation }}>
                Ask for a plan
              </ButtonLink>
            )}
          </li>
        ))}
      </ul>
    </Block>
  );
}
