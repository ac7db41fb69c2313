import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeClock } from '../../packages/agent/src/adapters/node-clock.js';
import { nodeNet } from '../../packages/agent/src/adapters/node-net.js';
import { probeListener } from '../../packages/agent/src/knowledge/wire/probe-listener.js';
import type { ProbeResult } from '../../packages/agent/src/ports/net.js';
import { DAY_MS, selfSigned } from '../standin/src/lay/certificates.js';
import { ESMTP_PAIR } from '../standin/src/lay/texts/services.js';
import { describeReal } from './parts.js';
import { RealNode, served } from './real-node.js';

const APPLY_MS = 120_000;
const PROBE_MS = 5000;
const CONSOLE = '/opt/msys/ecelerity/bin/ec_console';
const CONTROLS = ['MOM-TLS-001', 'MOM-TLS-002', 'MOM-TLS-003'];

describeReal('tls-protocols, and STARTTLS of a real SMTP server', () => {
  let node: RealNode;
  const running = async (...scope: string[]) =>
    (await node.program(CONSOLE, ['/tmp/2025', 'config', 'eval', ...scope, 'tls_protocols'])).stdout.trim();
  const probe = (): Promise<ProbeResult> =>
    nodeNet({ forbidden: null }).probeTls({
      host: '127.0.0.1',
      port: node.settings.ports.esmtp,
      preamble: 'smtp',
      timeoutMs: PROBE_MS,
    });

  beforeAll(async () => {
    node = await RealNode.lay(['tls-protocols']);
    await node.start();
  });
  afterAll(() => node?.remove());

  test('the running Momentum has SSLv2 and SSLv3 off in every scope, after validation and a reload', {
    timeout: APPLY_MS,
  }, async () => {
    expect([await running(), await running('Binding', 'bulk')]).toEqual([
      'tls_protocols = "+ALL"',
      'tls_protocols = "+ALL"',
    ]);
    const before = await node.statuses();
    expect(CONTROLS.map((control) => before[control])).toEqual(CONTROLS.map(() => 'fail'));

    const applied = await node.apply('tls-protocols');
    expect([applied.code, applied.stderr]).toEqual([0, expect.stringContaining('done and verified')]);
    expect(applied.stderr).toMatch(
      /validate_config did what it should[\s\S]*config reload did what it should/,
    );

    const wanted = 'tls_protocols = "+ALL:-SSLv2:-SSLv3"';
    expect([await running(), await running('Binding', 'bulk')]).toEqual([wanted, wanted]);
    const after = await node.statuses();
    expect(CONTROLS.map((control) => after[control])).toEqual(CONTROLS.map(() => 'pass'));
    expect(applied.stderr).toMatch(/SSLv2, SSLv3 are refused on the wire/);
  });

  test.each([
    ['esmtp', 'smtp', 'smtp'],
    ['msyspg', 'postgresql', 'postgres'],
    ['ecconfigd', 'none', undefined],
  ] as const)('what %s offers is told by raw hello', async (service, preamble, starttls) => {
    const seen = await probeListener(
      { net: nodeNet({ forbidden: null }), clock: nodeClock, signal: new AbortController().signal },
      { host: '127.0.0.1', port: node.settings.ports[service], preamble },
    );
    if (!('versions' in seen)) throw new Error(JSON.stringify(seen));
    const offered = seen.versions.filter(({ answer }) => answer === 'offered').map(({ version }) => version);
    expect(offered).toEqual(expect.arrayContaining(['TLSv1.2', 'TLSv1.3']));
    // Whatever Debian's OpenSSL has been built with, it has neither of these.
    expect(seen.versions.slice(0, 2).map(({ answer }) => answer)).toEqual(['not-offered', 'not-offered']);
    expect(seen.chain[0]?.fingerprint).toBe(
      hex((await served(node.settings.ports[service], starttls)).fingerprint256),
    );
    // Postfix passes over what stands behind STARTTLS.
    expect(seen.injection?.kind).toBe(preamble === 'smtp' ? 'ignored' : undefined);
  });

  test("the agent's SMTP probe sees what OpenSSL sees: the certificate that the configuration names", async () => {
    const onDisk = node.certificate(`${ESMTP_PAIR}.crt`).fingerprint256;
    expect((await served(node.settings.ports.esmtp, 'smtp')).fingerprint256).toBe(onDisk);
    expect(await probe()).toMatchObject({ kind: 'served', fingerprint: hex(onDisk) });
  });

  test('it sees the next certificate after the reload', async () => {
    const now = Date.now();
    const pair = selfSigned({
      hostname: 'mta1.example.com',
      notBefore: new Date(now),
      notAfter: new Date(now + 30 * DAY_MS),
    });
    node.write(`${ESMTP_PAIR}.key`, pair.keyPem);
    node.write(`${ESMTP_PAIR}.crt`, pair.certificatePem);
    const wanted = hex(node.certificate(`${ESMTP_PAIR}.crt`).fingerprint256);
    expect(await node.program(CONSOLE, ['/tmp/2025', 'config', 'reload'])).toMatchObject({ code: 0 });
    // Postfix lets processes of before end when they are idle.
    await expect.poll(probe, { timeout: 20_000 }).toMatchObject({ kind: 'served', fingerprint: wanted });
  });

  test('a listener without STARTTLS is told from one that is not there', { timeout: APPLY_MS }, async () => {
    const conf = '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf';
    node.write(conf, node.text(conf).replace(' "STARTTLS"', ''));
    await node.program(CONSOLE, ['/tmp/2025', 'config', 'reload']);
    await expect.poll(probe, { timeout: 20_000 }).toMatchObject({ kind: 'no-tls' });
    await node.program('/etc/init.d/ecelerity', ['stop']);
    await expect.poll(probe, { timeout: 20_000 }).toMatchObject({ kind: 'closed' });
  });
});

function hex(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}
