import type { AlertTester } from '../../../ports/alert-tester.js';
import type { Random } from '../../../ports/random.js';
import { testBody } from './message.js';
import { sendWebhook, type WebhookDeps } from './send.js';

/** The `test` button: one attempt, by the way that pages take. */
export function webhookTester(deps: WebhookDeps & { random: Random }): AlertTester {
  return {
    async test(target) {
      const outcome = await sendWebhook(deps, {
        id: deps.random.id('msg'),
        target,
        body: testBody(target.id, deps.clock.now()),
      });
      if (outcome.kind === 'delivered')
        return { ok: true, status: outcome.status, ms: outcome.ms, detail: `HTTP ${outcome.status}` };
      return { ok: false, status: outcome.status, ms: outcome.ms, detail: outcome.detail };
    },
  };
}
