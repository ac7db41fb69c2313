import { Text } from '@castellan/shared/model/bounds';
import { Webhook } from 'standardwebhooks';
import { type Static, Type } from 'typebox';
import type { Channel } from '../../channel.js';
import { outcomeOf } from '../../http-outcome.js';
import { postJson } from '../../post-json.js';
import { bodyOf } from './body.js';

const Settings = Type.Object({
  url: Text(2048, 1, { title: 'URL', description: 'Where messages are posted to' }),
});
const Secrets = Type.Object({
  secret: Text(128, 1, {
    title: 'Signing secret',
    description: '"whsec_" and base64 of 24 to 64 bytes. The receiver checks the signature with it',
  }),
});

/** Standard Webhooks 1.0.0: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export const channel: Channel = {
  kind: 'webhook',
  title: 'Webhook',
  settings: Settings,
  secrets: Secrets,
  problemOf({ settings, secrets }, { httpOut }) {
    const problem = httpOut.problemOf((settings as Static<typeof Settings>).url);
    if (problem !== null) return `url: ${problem}`;
    const { secret } = secrets as Static<typeof Secrets>;
    const isSecret = /^whsec_[A-Za-z0-9+/]+={0,2}$/.test(secret);
    const bytes = isSecret ? Buffer.from(secret.slice(6), 'base64').length : 0;
    return bytes < 24 || bytes > 64 ? 'secret: it is "whsec_" and base64 of 24 to 64 bytes' : null;
  },
  newSecrets: (random) => ({ secret: `whsec_${Buffer.from(random.bytes(32)).toString('base64')}` }),
  preview: (message) => JSON.stringify(JSON.parse(bodyOf(message)), null, 2),
  async send(deps, { id, settings, secrets, message }) {
    const at = new Date(deps.clock.now());
    const body = bodyOf(message);
    const answer = await postJson(deps, {
      url: (settings as Static<typeof Settings>).url,
      body,
      headers: {
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook((secrets as Static<typeof Secrets>).secret).sign(id, at, body),
      },
    });
    return outcomeOf(answer, deps.clock.now());
  },
};
