import { expect, test } from 'vitest';
import { startReceiver } from '../../testing/receiver.js';
import { ANSWER_TEXT_BYTES_MAX } from '../ports/http-out.js';
import { httpOut } from './http-out.js';
import { systemClock } from './system.js';

const out = httpOut({ allowPrivate: true, clock: systemClock });
const post = (url: string, signal?: AbortSignal) =>
  out.post({ url, headers: {}, body: '{}', timeoutMs: 10_000, ...(signal ? { signal } : {}) });

test.each([
  ['nothing', '', 0],
  ['a word', 'ok', 2],
  ['exactly as much as is kept', 'x'.repeat(ANSWER_TEXT_BYTES_MAX), ANSWER_TEXT_BYTES_MAX],
  ['far more', 'x'.repeat(5_000_000), ANSWER_TEXT_BYTES_MAX],
])('of an answer with %s the beginning is kept', async (_, text, bytes) => {
  const receiver = await startReceiver();
  receiver.answer((response) => response.writeHead(200).end(text));
  const answer = await post(receiver.url);
  expect(answer).toMatchObject({ kind: 'answered', status: 200 });
  expect(answer.kind === 'answered' && answer.text.length).toBe(bytes);
});

test('an answer that never ends is given up with its signal', async () => {
  const receiver = await startReceiver();
  const abort = new AbortController();
  receiver.answer((response) => {
    response.writeHead(200).write('o');
    setTimeout(() => abort.abort(), 100);
  });
  expect(await post(receiver.url, abort.signal)).toMatchObject({ kind: 'broken', isAmbiguous: true });
});
