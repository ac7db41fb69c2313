import { useQuery } from '@tanstack/react-query';
import { plansQuery } from '../../api/lists.js';
import { Instant } from '../../ui/instant.js';
import { TextLink } from '../../ui/link.js';
import { Block } from '../../ui/page.js';
import { actorOf, personName } from '../../ui/person.js';

const PLANS_SHOWN = 5;

/** Plans that wait for an approval which this person may give; nothing when there is none. */
export function PlansForMe({ me }: { readonly me: string }) {
  const plans = useQuery(
    plansQuery({ state: 'ready', approvableBy: actorOf(me), sort: 'expires', order: 'asc' }),
  ).data;
  if (!plans || plans.items.length === 0) return null;
  return (
    <Block title="Plans waiting for me" id="plans-for-me">
      <ul className="cas-list">
        {plans.items.slice(0, PLANS_SHOWN).map((plan) => (
          <li key={plan.id} className="cas-list-item">
            <div className="cas-list-words">
              <TextLink to={`/plans/${plan.id}`}>
                {plan.remediation} on {plan.node.name}
              </TextLink>
              <div className="cas-quiet">
                {personName(plan.requestedBy)} asked · good until <Instant at={plan.expiresAt} />
              </div>
            </div>
          </li>
        ))}
      </ul>
      {plans.items.length > PLANS_SHOWN && <TextLink to="/plans">All plans that wait</TextLink>}
    </Block>
  );
}
