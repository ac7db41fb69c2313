import { expect, test } from 'vitest';
import { nextOf } from './next.js';

const AT = Date.parse('2026-11-28T10:15:00Z');

test.each([
  [
    'growth',
    nextOf({ kind: 'wait', at: AT, reason: 'grew' }, null),
    'its growth is told at 2026-11-28 10:15:00 UTC',
    AT,
  ],
  [
    'an end that is not believed yet',
    nextOf({ kind: 'wait', at: AT, reason: 'resolved' }, null),
    'its end is told when it has stayed away until 2026-11-28 10:15:00 UTC',
    AT,
  ],
  [
    'nothing',
    nextOf({ kind: 'nothing', why: 'somebody has it' }, null),
    'nothing more: somebody has it',
    null,
  ],
  ['what is due', nextOf({ kind: 'notify', reason: 'opened' }, null), 'it is about to be told', null],
  [
    'a message that was not tried yet',
    nextOf({ kind: 'nothing', why: 'it is held back' }, { attempts: 0, nextAt: AT }),
    'a message is on its way',
    null,
  ],
  [
    'a message that did not arrive',
    nextOf({ kind: 'notify', reason: 'opened' }, { attempts: 2, nextAt: AT }),
    'a message did not arrive, and is sent again at 2026-11-28 10:15:00 UTC',
    AT,
  ],
])('%s', (_name, next, words, at) => {
  expect(next).toEqual({ at, words });
});
