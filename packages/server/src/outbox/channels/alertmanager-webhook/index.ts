import { Text } from '@castellan/shared/model/bounds';
import { type Static, Type } from 'typebox';
import {
  AuthorizationSecrets,
  authorizationOf,
  authorizationProblem,
  userSetting,
} from '../../authorization.js';
import type { Channel } from '../../channel.js';
import { outcomeOf } from '../../http-outcome.js';
import { postJson } from '../../post-json.js';
import { bodyOf } from './body.js';

const Settings = Type.Object({
  url: Text(2048, 1, {
    title: 'URL',
    description: 'Of anything that takes the webhook of an Alertmanager (version 4)',
  }),
  user: userSetting,
});
type Set = Static<typeof Settings>;

export const channel: Channel = {
  kind: 'alertmanager-webhook',
  title: "Webhook in Alertmanager's format",
  settings: Settings,
  secrets: AuthorizationSecrets,
  problemOf({ settings, secrets }, { httpOut }) {
    const { url, user } = settings as Set;
    const problem = httpOut.problemOf(url);
    return problem === null ? authorizationProblem(user, secrets) : `url: ${problem}`;
  },
  preview: (message) => JSON.stringify(JSON.parse(bodyOf(message)), null, 2),
  async send(deps, { settings, secrets, message }) {
    const { url, user } = settings as Set;
    const headers = authorizationOf(user, secrets);
    return outcomeOf(await postJson(deps, { url, body: bodyOf(message), headers }), deps.clock.now());
  },
};
