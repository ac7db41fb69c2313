import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import type { Fleet } from '../standin/dist/demo/fleet.js';
import { agentLog, findingIs, NODE, operatorOf, pathIn, query, startFleet, typed } from './fleet.js';
import { pairOnDisk } from './served-pair.js';

const TEST_MS = 240_000;
const EXPIRED = 'MOM-CRT-006';
const PARAMS = { service: 'ecconfigd', issuer: 'server' };

let fleet: Fleet | null = null;
afterEach(async () => {
  await fleet?.stop({ keep: false });
  fleet = null;
});

/** As a client that trusts these authorities alone. */
function trusted(port: number, ca: string, servername: string): Promise<true> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca, servername }, () => {
      resolve(true);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

test("a certificate by the server's authority for services: refused until it is set up, then served by a real Apache and trusted by who trusts that authority", {
  timeout: TEST_MS,
}, async () => {
  fleet = await startFleet(['ecconfigd-certificate-expired'], { serviceDomains: ['example.com'] });
  const running = fleet;
  await findingIs(fleet, EXPIRED, 'open');
  const operator = operatorOf(fleet);
  await expect(operator.planAndApprove(NODE, 'certificate-renew', PARAMS)).rejects.toThrow(
    /server: the server has no authority for services: "castellan-server ca services make" makes one/,
  );
  const services = (...args: readonly string[]) =>
    typed('server', ['ca', 'services', ...args, '--config', running.settingsFile]);
  expect((await services('make')).code).toBe(0);
  const { stdout: root } = await services('export');

  const before = pairOnDisk(pathIn(fleet, ''));
  await operator.runIsDone(await operator.planAndApprove(NODE, 'certificate-renew', PARAMS));
  await findingIs(fleet, EXPIRED, 'resolved');
  const after = pairOnDisk(pathIn(fleet, ''));
  const authority = new X509Certificate(root);
  expect(after.isPair).toBe(true);
  expect(after.certificate.verify(authority.publicKey)).toBe(true);
  expect(after.certificate.publicKey.equals(before.certificate.publicKey)).toBe(false);
  const port = fleet.nodes[0]?.settings.ports.ecconfigd ?? 0;
  expect(await trusted(port, root, NODE)).toBe(true);
  await expect(trusted(port, before.certificate.toString(), NODE)).rejects.toThrow();
  const [status] = JSON.parse((await services('status', '--json')).stdout) as Record<string, unknown>[];
  expect(status).toMatchObject({ signing: true, certificates: 1 });
  const keys = await query<{ text: string }>(fleet, 'select plan_json as text from plans');
  expect([agentLog(fleet), ...keys.map(({ text }) => text)].join()).not.toContain('PRIVATE KEY');
});
