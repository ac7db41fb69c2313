import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { PROTOCOL_RENEWAL } from '@castellan/shared/protocol/messages';
import * as x509 from '@peculiar/x509';
import { expect, onTestFinished, test } from 'vitest';
import { nodeClock } from '../adapters/node-clock.js';
import type { IdentityKeeper } from './identity-keeper.js';
import { Renewal, type RenewalDeps } from './renewal.js';

/** A renewal that is due at once, over a link that speaks this. Time runs fast. */
async function begun(protocol: number | null, over: Partial<RenewalDeps> = {}) {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    { name: 'CN=nod-1', keys, signingAlgorithm: algorithm },
    webcrypto as Parameters<typeof x509.X509CertificateGenerator.createSelfSigned>[1],
  );
  const certificatePem = certificate.toString('pem');
  const seen = { requests: 0, reconnects: 0, problems: [] as (string | null)[], logged: 0 };
  const inUse = { nodeId: 'nod-1', name: 'mta1', keyPem: '', certificatePem, authorityPem: certificatePem };
  const stop = new AbortController();
  const trust = { settle: () => undefined, isUntold: false, issuing: null };
  const keeper = { inUse, hasCandidate: false, refusal: null, trust, settle: () => undefined };
  const renewal = new Renewal({
    keeper: keeper as unknown as IdentityKeeper,
    link: {
      protocol,
      request: () => {
        seen.requests += 1;
        return true;
      },
      reconnect: () => {
        seen.reconnects += 1;
      },
    },
    url: 'wss://127.0.0.1:1/agent',
    clock: {
      now: nodeClock.now,
      sleep: (_ms: number, signal?: AbortSignal) => nodeClock.sleep(1, signal),
    },
    serverClock: { now: () => Date.parse('2199-01-01T00:00:00Z') },
    random: { unit: () => 0, id: () => 'req-1' },
    log: {
      error: () => undefined,
      info: () => undefined,
      debug: () => undefined,
      warn: () => {
        seen.logged += 1;
      },
    },
    idle: async () => undefined,
    problem: (detail) => void seen.problems.push(detail),
    ...over,
  });
  const running = renewal.run(stop.signal);
  onTestFinished(async () => {
    stop.abort(new Error('the test ends'));
    await running;
  });
  return seen;
}

async function until(look: () => boolean): Promise<void> {
  while (!look()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('a server of an older version is asked nothing that it does not know, and it is said', async () => {
  const seen = await begun(PROTOCOL_RENEWAL - 1);
  await until(() => seen.problems.length > 0);
  expect(seen.problems[0]).toContain('renews no certificates');
  expect([seen.requests, seen.reconnects]).toEqual([0, 0]);
});

test('an answer that does not come is waited for so long, and asked for again later', async () => {
  const seen = await begun(PROTOCOL_RENEWAL);
  await until(() => seen.problems.length > 0);
  expect(seen.problems[0]).toContain('did not answer');
  expect([seen.requests, seen.reconnects, seen.logged]).toEqual([1, 0, 1]);
});
