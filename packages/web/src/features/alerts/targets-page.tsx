import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { Card, CardBody, CardFooter, CardTitle } from '@patternfly/react-core/dist/esm/components/Card';
import { Label } from '@patternfly/react-core/dist/esm/components/Label';
import BellIcon from '@patternfly/react-icons/dist/esm/icons/bell-icon';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { testTarget } from '../../api/calls.js';
import { channelsQuery, targetsQuery } from '../../api/queries.js';
import type { Channel, Target } from '../../api/types.js';
import { Answer, Empty, ProblemAlert } from '../../ui/answer.js';
import { Instant } from '../../ui/instant.js';
import { ButtonLink, TextLink } from '../../ui/link.js';
import { PageFrame } from '../../ui/page.js';
import { SeverityLabel } from '../../ui/severity.js';
import { StateLabel } from '../../ui/status.js';
import { whereOf } from './channel-fields.js';
import { DeleteTarget } from './delete-target.js';
import { TargetForm } from './target-form.js';
import { TestOutcome } from './test-outcome.js';

interface Rights {
  readonly mayTest: boolean;
  readonly mayWrite: boolean;
}

export function TargetsPage(rights: Rights) {
  const query = useQuery(targetsQuery);
  const channels = useQuery(channelsQuery).data?.items ?? [];
  const [edited, setEdited] = useState<Target | 'new' | null>(null);
  const add = rights.mayWrite && (
    <Button variant="primary" isDisabled={channels.length === 0} onClick={() => setEdited('new')}>
      Add a target
    </Button>
  );
  return (
    <PageFrame
      title="Targets"
      lead="Where on-call is notified of alerts."
      actions={
        <>
          {add}
          <ButtonLink variant="secondary" to="/deliveries">
            All deliveries
          </ButtonLink>
        </>
      }
    >
      <Answer of={query} what="The targets">
        {(page) =>
          page.items.length === 0 ? (
            <Empty title="Nobody is told" icon={BellIcon} actions={add}>
              There is no alert target. Findings open and close here, and no pager rings.
            </Empty>
          ) : (
            <div className="cas-cards">
              {page.items.map((target) => (
                <TargetCard
                  key={target.id}
                  target={target}
                  channels={channels}
                  rights={rights}
                  onEdit={() => setEdited(target)}
                />
              ))}
            </div>
          )
        }
      </Answer>
      {edited && (
        <TargetForm
          target={edited === 'new' ? null : edited}
          targets={query.data?.items ?? []}
          channels={channels}
          onClose={() => setEdited(null)}
        />
      )}
    </PageFrame>
  );
}

function TargetCard({
  target,
  channels,
  rights,
  onEdit,
}: {
  readonly target: Target;
  readonly channels: readonly Channel[];
  readonly rights: Rights;
  readonly onEdit: () => void;
}) {
  const test = useMutation({ mutationFn: () => testTarget(target.id) });
  return (
    <Card>
      <CardTitle component="h2" className="cas-change-title">
        <TextLink to={`/targets/${target.id}`}>{target.name}</TextLink>
        <Health target={target} />
      </CardTitle>
      <CardBody className="cas-stack">
        <div>
          {channels.find(({ kind }) => kind === target.kind)?.title ?? target.kind}
          {whereOf(target.settings) !== '' && (
            <>
              {' '}
              <code className="cas-mono cas-break">{whereOf(target.settings)}</code>
            </>
          )}
        </div>
        <span className="cas-row">
          Minimum severity <SeverityLabel severity={target.severityMin} />
          {target.isFallback && <Label isCompact>Only when others fail</Label>}
        </span>
        {target.health.failingSince ? (
          <div>
            Fails since <Instant at={target.health.failingSince} />
            <div className="cas-break">{target.health.lastProblem}</div>
          </div>
        ) : (
          <div>
            Last delivery <Instant at={target.health.lastSuccessAt} none="none yet" />
          </div>
        )}
        {target.health.dead > 0 && (
          <TextLink to={`/targets/${target.id}`} search={{ state: 'dead' }}>
            {target.health.dead} {target.health.dead === 1 ? 'delivery was' : 'deliveries were'} given up
          </TextLink>
        )}
        <div aria-live="polite">
          {test.data && <TestOutcome result={test.data} />}
          <ProblemAlert problem={test.error} title="The test could not be sent." />
        </div>
      </CardBody>
      <CardFooter className="cas-row">
        {rights.mayTest && (
          <Button
            variant="secondary"
            isLoading={test.isPending}
            isDisabled={test.isPending}
            onClick={() => test.mutate()}
          >
            Send a test
          </Button>
        )}
        <ButtonLink variant="secondary" to={`/targets/${target.id}`}>
          Deliveries
        </ButtonLink>
        {rights.mayWrite && (
          <>
            <Button variant="link" onClick={onEdit} aria-label={`Edit ${target.name}`}>
              Edit
            </Button>
            <DeleteTarget target={target} />
          </>
        )}
      </CardFooter>
    </Card>
  );
}

function Health({ target }: { readonly target: Target }) {
  switch (target.health.state) {
    case 'disabled':
      return <Label isCompact>Off</Label>;
    case 'failing':
      return <StateLabel state="failed" word="Failing" />;
    case 'healthy':
      return <StateLabel state="delivered" word="Works" />;
    case 'unknown':
      return <StateLabel state="dropped" word="Not used yet" />;
  }
}
