import { Button } from '@patternfly/react-core/dist/esm/components/Button';
import { ToolbarItem } from '@patternfly/react-core/dist/esm/components/Toolbar';
import { useQuery } from '@tanstack/react-query';
import { csvAddress, deliveriesQuery, type ListChange, type ListSearch } from '../../api/lists.js';
import { alertQuery, targetsQuery } from '../../api/queries.js';
import { Answer, Empty } from '../../ui/answer.js';
import { FacetChoice, ListBar, ListFrame, NoneMatches, SortHead } from '../../ui/list.js';
import { PageFrame } from '../../ui/page.js';
import { stateWord } from '../../ui/status.js';
import { DeliveryTable } from './delivery-table.js';
import { reasonWord } from './delivery-words.js';
import { ReplayDead } from './replay-dead.js';

/** What deliveries are narrowed to, as the address says it. */
export const DELIVERY_FILTERS = ['state', 'target', 'type', 'reason', 'alert'] as const;

interface Props {
  readonly search: ListSearch<(typeof DELIVERY_FILTERS)[number]>;
  /** The page is this target's: it is no filter that could be taken away. */
  readonly targetId?: string;
  readonly onChange: (change: ListChange) => void;
  readonly onClear: () => void;
  readonly mayReplay: boolean;
}

export function DeliveriesPage({ search, targetId, onChange, onClear, mayReplay }: Props) {
  const asked = targetId === undefined ? search : { ...search, target: targetId };
  const query = useQuery(deliveriesQuery(asked));
  const targets = useQuery(targetsQuery).data?.items ?? [];
  const nameOf = (id: string) =>
    targets.find((target) => target.id === id)?.name ?? 'a target that was removed';
  const { q, state, type, reason, alert } = search;
  const target = targetId === undefined ? search.target : undefined;
  const isNarrowed = Boolean(q ?? state ?? type ?? reason ?? alert ?? target);
  const facets = query.data?.facets;
  const isSomeDead = facets?.state?.some(({ value, count }) => value === 'dead' && count > 0);
  return (
    <PageFrame
      title={targetId === undefined ? 'Deliveries' : `Deliveries to ${nameOf(targetId)}`}
      above={{ to: '/targets', name: 'Targets' }}
      lead="What was sent, what is being sent again, and what was given up."
      actions={
        mayReplay &&
        isSomeDead && <ReplayDead {...(asked.target === undefined ? {} : { target: asked.target })} />
      }
    >
      <ListBar
        view={search}
        search="in deliveries"
        csv={csvAddress('deliveries', asked)}
        onChange={onChange}
        onClear={isNarrowed ? onClear : undefined}
      >
        <FacetChoice
          label="State"
          all="Any state"
          value={state ?? ''}
          counts={facets?.state}
          word={stateWord}
          onChange={(value) => onChange({ state: value })}
        />
        <FacetChoice
          label="Reason"
          all="Any reason"
          value={reason ?? ''}
          counts={facets?.reason}
          word={reasonWord}
          onChange={(value) => onChange({ reason: value })}
        />
        {targetId === undefined && (
          <FacetChoice
            label="Target"
            all="Any target"
            value={search.target ?? ''}
            counts={facets?.target}
            word={nameOf}
            onChange={(value) => onChange({ target: value })}
          />
        )}
        {alert && <OneAlert id={alert} onAll={() => onChange({ alert: '' })} />}
      </ListBar>
      <Answer of={query} what="The deliveries">
        {(page) => (
          <ListFrame page={page} view={search} onPage={onChange} onRefresh={() => void query.refetch()}>
            {page.items.length > 0 ? (
              <DeliveryTable
                items={page.items}
                mayReplay={mayReplay}
                isToOneTarget={targetId !== undefined}
                createdHead={
                  <SortHead view={search} onChange={onChange} by="created" natural="desc" isUsual>
                    Created
                  </SortHead>
                }
              />
            ) : isNarrowed ? (
              <NoneMatches what="delivery" onClear={onClear} />
            ) : (
              <Empty title="Nothing was sent yet" />
            )}
          </ListFrame>
        )}
      </Answer>
    </PageFrame>
  );
}

function OneAlert({ id, onAll }: { readonly id: string; readonly onAll: () => void }) {
  const title = useQuery(alertQuery(id)).data?.title ?? id;
  return (
    <ToolbarItem>
      <Button variant="secondary" onClick={onAll} aria-label={`Show other alerts than ${title} too`}>
        {title} ×
      </Button>
    </ToolbarItem>
  );
}
