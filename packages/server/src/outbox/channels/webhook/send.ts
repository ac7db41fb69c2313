import { Webhook } from 'standardwebhooks';
import { type Outcome, outcomeOfStatus, retryAfterMs } from '../../../domain/delivery/schedule.js';
import type { Clock } from '../../../ports/clock.js';
import type { HttpOut } from '../../../ports/http-out.js';
import type { Vault } from '../../../ports/vault.js';

export const ATTEMPT_MS_MAX = 15_000;

export interface WebhookDeps {
  readonly clock: Clock;
  readonly vault: Vault;
  readonly httpOut: HttpOut;
  /** Ends attempts that are under way when the server stops. */
  readonly signal?: AbortSignal;
}

export interface WebhookMessage {
  /** The same for every attempt: the receiver knows a repeat by it. */
  readonly id: string;
  readonly target: { readonly id: string; readonly url: string; readonly secretSealed: string };
  readonly body: string;
}

/** One attempt, signed as Standard Webhooks says, with the timestamp of this attempt. */
export async function sendWebhook(deps: WebhookDeps, message: WebhookMessage): Promise<Outcome> {
  const { id, target, body } = message;
  const at = new Date(deps.clock.now());
  const secret = Buffer.from(deps.vault.open(target.secretSealed, `target:${target.id}`)).toString('utf8');
  const answer = await deps.httpOut.post({
    url: target.url,
    body,
    timeoutMs: ATTEMPT_MS_MAX,
    ...(deps.signal ? { signal: deps.signal } : {}),
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Castellan',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, at, body),
    },
  });
  switch (answer.kind) {
    case 'answered':
      return outcomeOfStatus(answer.status, answer.ms, retryAfterMs(answer.retryAfter, deps.clock.now()));
    case 'refused':
      // Nothing was sent. The name may lead elsewhere soon, or the address be allowed.
      return failure(answer.detail, answer.ms, false);
    case 'broken':
      return failure(answer.detail, answer.ms, answer.isAmbiguous);
  }
}

function failure(detail: string, ms: number, isAmbiguous: boolean): Outcome {
  return { kind: 'failed', status: null, ms, detail, retryAfterMs: null, isFinal: false, isAmbiguous };
}
