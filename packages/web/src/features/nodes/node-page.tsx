import { Alert } from '@patternfly/react-core/dist/esm/components/Alert';
import {
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
} from '@patternfly/react-core/dist/esm/components/DescriptionList';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { nodeQuery } from '../../api/queries.js';
import type { NodeDetail } from '../../api/types.js';
import { Answer } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { ButtonLink } from '../../ui/link.js';
import { Block, PageFrame } from '../../ui/page.js';
import { SeverityCounts } from '../../ui/severity.js';
import { NodeLabel, StateLabel } from '../../ui/status.js';
import { NodeActions } from './node-actions.js';
import { Verdicts } from './verdicts.js';

interface Props {
  readonly id: string;
  readonly mayChange: boolean;
  readonly maySilence: boolean;
  readonly onDeleted: () => Promise<void>;
}

export function NodePage({ id, mayChange, maySilence, onDeleted }: Props) {
  const node = useQuery(nodeQuery(id));
  return (
    <PageFrame
      title={node.data?.name ?? 'Node'}
      above={{ to: '/nodes', name: 'Nodes' }}
      labels={node.data && <NodeLabel node={node.data} />}
      actions={
        <>
          <ButtonLink variant="secondary" to="/findings" search={{ node: id }}>
            Its findings
          </ButtonLink>
          <ButtonLink variant="secondary" to="/runs" search={{ node: id }}>
            Its runs
          </ButtonLink>
          {maySilence && (
            <ButtonLink variant="secondary" to="/silences/new" search={{ node: id }}>
              Silence…
            </ButtonLink>
          )}
          {mayChange && node.data && <NodeActions node={node.data} onDeleted={onDeleted} />}
        </>
      }
    >
      <Answer of={node} what="The node">
        {(detail) => <NodeBody node={detail} />}
      </Answer>
    </PageFrame>
  );
}

function NodeBody({ node }: { readonly node: NodeDetail }) {
  return (
    <>
      <NotHere node={node} />
      <Block title="Verdicts" id="verdicts">
        <Verdicts nodeId={node.id} verdicts={node.verdicts} />
      </Block>
      <div className="cas-columns">
        <Block title="Node" id="about">
          <About node={node} />
        </Block>
        <Block title="Watchers and link" id="watchers">
          <Watchers node={node} />
        </Block>
      </div>
    </>
  );
}

function NotHere({ node }: { readonly node: NodeDetail }) {
  if (node.connected) return null;
  const heard = (
    <>
      What stands below is what it said last. It was heard <Instant at={node.lastSeenAt} />.
    </>
  );
  if (node.retiredAt !== null)
    return (
      <Alert isInline variant="info" title="This node was retired" component="p">
        Nobody waits for it since <Instant at={node.retiredAt} />. {heard}
      </Alert>
    );
  return node.revoked ? (
    <Alert isInline variant="warning" title="The certificate of this node was revoked" component="p">
      It cannot connect: enrol it again with a token made for it, or retire it. {heard}
    </Alert>
  ) : (
    <Alert isInline variant="warning" title="This node is silent" component="p">
      {heard}
    </Alert>
  );
}

function About({ node }: { readonly node: NodeDetail }) {
  const about = node.description;
  const known = <span className="cas-quiet">not known</span>;
  return (
    <Facts
      facts={[
        ['Open findings', <SeverityCounts key="open" counts={node.open} />],
        ['Group', node.group],
        ...(about?.beside ? [besideFact(about.beside)] : []),
        ['Roles', about && about.roles.length > 0 ? about.roles.join(', ') : known],
        ['Operating system', about?.os || known],
        [
          'Momentum',
          about?.momentum.version ? `${about.momentum.version} (from ${about.momentum.from})` : known,
        ],
        ['TLS library', about?.tls.library ? `${about.tls.library} ${about.tls.version ?? ''}` : known],
        ['Castellan agent', node.agentVersion ?? known],
        ['Enrolled', <Instant key="enrolled" at={node.enrolledAt} />],
        ["The agent's certificate ends", <Instant key="certificate" at={node.certificateNotAfter} />],
      ]}
    />
  );
}

/** Where events do not come, nobody may expect to hear of a change within a second. */
function besideFact({
  through,
  intervalS,
}: NonNullable<NonNullable<NodeDetail['description']>['beside']>): [string, ReactNode] {
  const how = intervalS === undefined ? '' : `: asked for changes every ${intervalS} s`;
  return ['Looked after', `from beside, through ${through}${how}`];
}

function Watchers({ node }: { readonly node: NodeDetail }) {
  const { spool } = node;
  return (
    <Facts
      facts={[
        ['Last heard', <Instant key="seen" at={node.lastSeenAt} />],
        [
          'Waiting on the node',
          spool ? `${spool.records} records, ${Math.ceil(spool.bytes / 1024)} KiB` : 'not known',
        ],
        [
          'Lost for want of room',
          spool ? (spool.droppedTotal === 0 ? 'none' : `${spool.droppedTotal} records`) : 'not known',
        ],
        ...node.watchers.map((watcher): [string, ReactNode] => [
          `Watcher ${watcher.name}${watcher.everyS === undefined ? '' : `, every ${watcher.everyS} s`}`,
          <span key={watcher.name} className="cas-row">
            {watcher.provenAt ? (
              <StateLabel state="pass" word="Proven" />
            ) : (
              <StateLabel state="indeterminate" word="Not proven" />
            )}
            <Instant at={watcher.provenAt} none="it has not seen its canary file" />
          </span>,
        ]),
      ]}
    />
  );
}

function Facts({ facts }: { readonly facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <DescriptionList isHorizontal isCompact isFluid>
      {facts.map(([term, value]) => (
        <DescriptionListGroup key={term}>
          <DescriptionListTerm>{term}</DescriptionListTerm>
          <DescriptionListDescription>{value}</DescriptionListDescription>
        </DescriptionListGroup>
      ))}
    </DescriptionList>
  );
}
