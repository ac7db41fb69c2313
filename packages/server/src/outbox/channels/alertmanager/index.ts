import { Text } from '@castellan/shared/model/bounds';
import { type Static, Type } from 'typebox';
import type { Outcome } from '../../../domain/delivery/schedule.js';
import {
  AuthorizationSecrets,
  authorizationOf,
  authorizationProblem,
  userSetting,
} from '../../authorization.js';
import type { Channel } from '../../channel.js';
import { outcomeOf } from '../../http-outcome.js';
import { postJson } from '../../post-json.js';
import { alertsOf } from './alerts.js';

export const MEMBERS_MAX = 8;

const Settings = Type.Object({
  urls: Type.Array(Text(2048, 1), {
    minItems: 1,
    maxItems: MEMBERS_MAX,
    title: 'Members',
    description:
      'The address of every member of the cluster, never of a load balancer: members do not tell each other of alerts. With the path prefix, without /api',
  }),
  user: userSetting,
});
type Set = Static<typeof Settings>;

/** https://prometheus.io/docs/alerting/latest/alerts_api/ */
export const channel: Channel = {
  kind: 'alertmanager',
  title: 'Prometheus Alertmanager',
  settings: Settings,
  secrets: AuthorizationSecrets,
  problemOf({ settings, secrets }, { httpOut }) {
    const { urls, user } = settings as Set;
    if (new Set(urls).size < urls.length) return 'urls: a member is named twice';
    for (const url of urls) {
      const problem = httpOut.problemOf(url);
      if (problem !== null) return `urls: ${problem}`;
    }
    return authorizationProblem(user, secrets);
  },
  preview: (message) => JSON.stringify(alertsOf(message), null, 2),
  async send(deps, { settings, secrets, message }) {
    const { urls, user } = settings as Set;
    const body = JSON.stringify(alertsOf(message));
    const headers = authorizationOf(user, secrets);
    const outcomes = await Promise.all(
      urls.map(async (url) => {
        const address = `${url.replace(/\/+$/, '')}/api/v2/alerts`;
        return outcomeOf(await postJson(deps, { url: address, body, headers }), deps.clock.now());
      }),
    );
    return together(outcomes);
  },
};

/** Delivered when every member has it: the one that has not would say nothing if the others went away. */
function together(outcomes: readonly Outcome[]): Outcome {
  const ms = Math.max(...outcomes.map((outcome) => outcome.ms));
  const failed = outcomes.flatMap((outcome, n) => (outcome.kind === 'failed' ? [{ outcome, n }] : []));
  const [first] = failed;
  if (first === undefined) return { kind: 'delivered', status: outcomes[0]?.status ?? null, ms };
  const isOnly = outcomes.length === 1;
  return {
    ...first.outcome,
    ms,
    detail: isOnly
      ? first.outcome.detail
      : `member ${first.n + 1} of ${outcomes.length}: ${first.outcome.detail}`,
    // One member that is gone for good is no reason to say nothing to the others.
    isFinal: failed.length === outcomes.length && failed.every(({ outcome }) => outcome.isFinal),
    isAmbiguous: failed.length < outcomes.length || failed.some(({ outcome }) => outcome.isAmbiguous),
  };
}
