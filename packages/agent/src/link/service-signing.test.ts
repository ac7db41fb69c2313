import { CSR_LENGTH_MAX, type ServiceCertificateRequest } from '@castellan/shared/protocol/messages';
import { expect, test } from 'vitest';
import { nodeClock } from '../adapters/node-clock.js';
import { nodeRandom } from '../adapters/node-random.js';
import { ServiceSigning } from './service-signing.js';

const REQUEST = { runId: 'run-1', target: '/a.crt', requestPem: 'csr', timeoutMs: 60_000 };

function linked(protocol: number | null, isSent = true) {
  const sent: ServiceCertificateRequest[] = [];
  const signing = new ServiceSigning(nodeClock, nodeRandom);
  signing.use({
    protocol,
    request: (message) => {
      sent.push(message);
      return isSent;
    },
  });
  const ask = (timeoutMs = 60_000, signal = new AbortController().signal) =>
    signing.sign({ ...REQUEST, timeoutMs, signal });
  return { signing, sent, ask };
}

test.each<[string, number | null, boolean, RegExp]>([
  ['a server that is not connected', null, true, /not connected/],
  ['a server that knows of no such certificates', 5, true, /upgrade the server/],
  ['a connection that ends as it is sent', 6, false, /ended before the request was sent/],
])('%s: refused at once', async (_what, protocol, isSent, why) => {
  expect(await linked(protocol, isSent).ask()).toEqual({
    kind: 'refused',
    detail: expect.stringMatching(why),
  });
});

test('a request at the bound is sent, and one beyond it is not: the server would end the connection', async () => {
  const { signing, sent } = linked(6, false);
  const ask = (length: number) =>
    signing.sign({
      ...REQUEST,
      requestPem: 'x'.repeat(length),
      signal: new AbortController().signal,
    });
  await ask(CSR_LENGTH_MAX);
  expect(sent).toHaveLength(1);
  expect(await ask(CSR_LENGTH_MAX + 1)).toMatchObject({
    detail: expect.stringMatching(/ask for fewer names/),
  });
  expect(sent).toHaveLength(1);
});

test('the answer with its own id counts, and no other; the next request is another', async () => {
  const { signing, sent, ask } = linked(6);
  const first = ask();
  const answer = { type: 'serviceCertificate', certificate: 'pem', error: null } as const;
  signing.answered({ ...answer, requestId: 'another', certificate: 'foreign' });
  signing.answered({ ...answer, requestId: sent[0]?.requestId ?? '' });
  expect(await first).toEqual({ kind: 'signed', certificatePem: 'pem' });
  expect(sent[0]).toMatchObject({ runId: 'run-1', target: '/a.crt', csr: 'csr' });
  const second = ask();
  const error = { code: 'CAS_SIGNING_REFUSED', detail: 'not approved' };
  signing.answered({ ...answer, requestId: sent[1]?.requestId ?? '', certificate: null, error });
  expect(await second).toEqual({ kind: 'refused', detail: 'CAS_SIGNING_REFUSED: not approved' });
});

test('one at a time, and an end for each that gets no answer: the connection, the time, the agent', async () => {
  const { signing, ask } = linked(6);
  const first = ask();
  expect(await ask()).toMatchObject({ detail: 'another certificate is being asked for' });
  signing.ended();
  expect(await first).toMatchObject({ detail: 'the connection ended before the answer came' });
  expect(await ask(1)).toMatchObject({ detail: 'no answer within 1 ms' });
  const stop = new AbortController();
  const last = ask(60_000, stop.signal);
  stop.abort();
  expect(await last).toMatchObject({ detail: 'the agent stops' });
});
