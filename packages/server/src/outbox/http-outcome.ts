import { failure, type Outcome, outcomeOfStatus, retryAfterMs } from '../domain/delivery/schedule.js';
import type { HttpAnswer } from '../ports/http-out.js';

/** How an attempt over HTTP ended whose receiver says by its status how it went. */
export function outcomeOf(answer: HttpAnswer, now: number): Outcome {
  switch (answer.kind) {
    case 'answered':
      return outcomeOfStatus(answer.status, answer.ms, retryAfterMs(answer.retryAfter, now));
    case 'refused':
      // Nothing was sent. The name may lead elsewhere soon, or the address be allowed.
      return failure(answer.detail, answer.ms, false);
    case 'broken':
      return failure(answer.detail, answer.ms, answer.isAmbiguous);
  }
}
