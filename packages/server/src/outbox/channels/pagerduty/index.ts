import { Text } from '@castellan/shared/model/bounds';
import { type Static, Type } from 'typebox';
import type { Outcome } from '../../../domain/delivery/schedule.js';
import { steady } from '../../../ports/clock.js';
import { ATTEMPT_MS_MAX, type Channel } from '../../channel.js';
import { outcomeOf } from '../../http-outcome.js';
import { postJson } from '../../post-json.js';
import { eventsOf } from './events.js';

const HOST = 'https://events.pagerduty.com';

const Settings = Type.Object({
  url: Type.Optional(
    Text(2048, 0, {
      title: 'Events API',
      description: `Empty: ${HOST}. For an account in the EU: https://events.eu.pagerduty.com`,
    }),
  ),
});
const Secrets = Type.Object({
  routingKey: Text(64, 1, {
    title: 'Integration key',
    description: 'From PagerDuty: the service, Integrations, Events API V2. 32 characters',
  }),
});
type Set = Static<typeof Settings>;

/** Events API v2: https://developer.pagerduty.com/docs/events-api-v2-overview */
export const channel: Channel = {
  kind: 'pagerduty',
  title: 'PagerDuty',
  settings: Settings,
  secrets: Secrets,
  problemOf({ settings, secrets }, { httpOut }) {
    const problem = httpOut.problemOf(baseOf(settings as Set));
    if (problem !== null) return `url: ${problem}`;
    return /^[A-Za-z0-9]{32}$/.test((secrets as Static<typeof Secrets>).routingKey)
      ? null
      : 'routingKey: it is 32 letters and digits';
  },
  preview: (message) =>
    eventsOf(message)
      .map(({ to, body }) => `POST ${to}\n${JSON.stringify(JSON.parse(body), null, 2)}`)
      .join('\n'),
  async send(deps, { settings, secrets, message }) {
    const { clock } = deps;
    const { routingKey } = secrets as Static<typeof Secrets>;
    const began = steady(clock);
    const spent = () => Math.round(steady(clock) - began);
    let outcome: Outcome = { kind: 'delivered', status: null, ms: 0 };
    let accepted = 0;
    for (const { to, body: event } of eventsOf(message)) {
      const body = `{"routing_key":${JSON.stringify(routingKey)},${event.slice(1)}`;
      const timeoutMs = Math.max(1, ATTEMPT_MS_MAX - spent());
      const answer = await postJson(deps, { url: `${baseOf(settings as Set)}${to}`, body, timeoutMs });
      // A 400 is about this key and these bytes, and both may be other ones at the next attempt: it is not the end.
      outcome = outcomeOf(answer, clock.now());
      if (outcome.kind === 'failed')
        return { ...outcome, ms: spent(), isAmbiguous: outcome.isAmbiguous || accepted > 0 };
      accepted += 1;
    }
    return { ...outcome, ms: spent() };
  },
};

function baseOf({ url = '' }: Set): string {
  return (url || HOST).replace(/\/+$/, '');
}
