import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Reason } from '../../packages/server/src/domain/alert/alert.js';
import { channel } from '../../packages/server/src/outbox/channels/alertmanager/index.js';
import {
  alertMessage,
  HOSTILE_MESSAGE,
  sendBy,
  TEST_MESSAGE,
} from '../../packages/server/testing/messages.js';
import { eventually } from '../../packages/server/testing/server.js';
import { freePorts } from '../standin/src/lay/free-ports.js';
import { describeReal } from './parts.js';

interface ShownAlert {
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
  readonly endsAt: string;
  readonly status: { readonly state: string };
}

describeReal('two members of an Alertmanager', () => {
  const started: ChildProcess[] = [];
  let folder: string;
  let members: string[];
  let receiver: string;
  let hooks: { status: string; severity: string }[];
  let endReceiver: () => void;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'castellan-alertmanager-'));
    ({ url: receiver, hooks, end: endReceiver } = await hookReceiver());
    writeFileSync(
      join(folder, 'alertmanager.yml'),
      [
        'route: { receiver: pager, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }',
        `receivers: [{ name: pager, webhook_configs: [{ url: "${receiver}", send_resolved: true }] }]`,
      ].join('\n'),
    );
    const [a = 0, b = 0, c = 0, d = 0] = await freePorts(4);
    members = [a, b].map((port) => `http://127.0.0.1:${port}/am`);
    for (const [n, [port, cluster, peer]] of [
      [a, c, d],
      [b, d, c],
    ].entries()) {
      const child = spawn(
        'prometheus-alertmanager',
        [
          `--config.file=${join(folder, 'alertmanager.yml')}`,
          `--storage.path=${join(folder, `data${n}`)}`,
          `--web.listen-address=127.0.0.1:${port}`,
          '--web.external-url=http://127.0.0.1/am',
          `--cluster.listen-address=127.0.0.1:${cluster}`,
          `--cluster.peer=127.0.0.1:${peer}`,
          '--cluster.settle-timeout=5s',
        ],
        { stdio: 'ignore' },
      );
      started.push(child);
    }
    for (const member of members)
      await eventually(async () => (await fetch(`${member}/-/ready`).catch(() => null))?.ok, 'it is ready');
  });
  afterAll(() => {
    for (const child of started) child.kill('SIGKILL');
    endReceiver();
    rmSync(folder, { recursive: true, force: true });
  });

  const say = async (reason: Reason, severity: 'high' | 'critical' = 'high') => {
    const at = Date.now();
    const message = alertMessage(reason, {
      at,
      alert: { severity, openedAt: at - 60_000, endedAt: reason === 'resolved' ? at : null },
    });
    expect(await sendBy(channel, { settings: { urls: members }, message })).toMatchObject({
      kind: 'delivered',
      status: 200,
    });
  };
  const active = async (member: string): Promise<ShownAlert[]> =>
    (await (await fetch(`${member}/api/v2/alerts`)).json()) as ShownAlert[];
  const shown = async () =>
    (await Promise.all(members.map(active))).map((alerts) =>
      alerts.map(({ labels, status }) => `${labels['severity']} ${status.state}`),
    );

  test('show one alert, however often it is said, at the severity that it has, and none when it is over', async () => {
    await say('opened');
    await eventually(
      async () => JSON.stringify(await shown()) === '[["high active"],["high active"]]',
      'both show it',
    );
    const [first] = await active(members[0] ?? '');
    expect(first?.labels).toEqual({
      alertname: 'MOM-TLS-001',
      castellan_alert: 'alr_example',
      group: 'production',
      severity: 'high',
    });
    expect(first?.annotations).toMatchObject({
      summary: '[high] SSLv3 is off: 2 nodes in production',
      findings: '2',
      nodes: '2',
    });
    expect(first?.annotations['description']).toContain('ecelerity.conf:42');

    await say('reminder');
    const [second, ...others] = await active(members[0] ?? '');
    expect(others).toEqual([]);
    expect(Date.parse(second?.endsAt ?? '')).toBeGreaterThan(Date.parse(first?.endsAt ?? ''));

    await say('worse', 'critical');
    await eventually(
      async () => JSON.stringify(await shown()) === '[["critical active"],["critical active"]]',
      'both show that it is worse',
    );
    await eventually(
      () => hooks.some(({ status, severity }) => status === 'firing' && severity === 'critical'),
      'their pager rings again',
    );
    await say('resolved', 'critical');
    await eventually(async () => JSON.stringify(await shown()) === '[[],[]]', 'both show none');
    // Their own pager rings for each severity that it had, and for no other.
    const told = await eventually(
      () => hooks.some(({ status, severity }) => status === 'resolved' && severity === 'critical') && hooks,
      'their pager has the end',
    );
    const rung = told.filter(({ status }) => status === 'firing').map(({ severity }) => severity);
    expect(new Set(rung)).toEqual(new Set(['high', 'critical']));
  });

  test('take a test, which ends by itself, and any name of a file', async () => {
    const settings = { urls: members };
    const test = { ...TEST_MESSAGE, at: Date.now() };
    expect(await sendBy(channel, { settings, message: test })).toMatchObject({ kind: 'delivered' });
    const hostile = { ...HOSTILE_MESSAGE, at: Date.now() };
    expect(await sendBy(channel, { settings, message: hostile })).toMatchObject({ kind: 'delivered' });
  });

  test('one that is away: the other has it, and it is tried again', async () => {
    const away = await freePorts(1);
    const urls = [...members, `http://127.0.0.1:${away[0]}`];
    expect(await sendBy(channel, { settings: { urls }, message: alertMessage('opened') })).toMatchObject({
      kind: 'failed',
      isFinal: false,
      isAmbiguous: true,
      detail: expect.stringMatching(/^member 3 of 3: /),
    });
  });
}, ['prometheus-alertmanager']);

/** The pager that the members notify. It lives as long as they do. */
async function hookReceiver() {
  const hooks: { status: string; severity: string }[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += String(chunk);
    });
    request.on('end', () => {
      const { alerts } = JSON.parse(text) as {
        alerts: { status: string; labels: Record<string, string> }[];
      };
      for (const { status, labels } of alerts)
        if (labels['castellan_alert'] === 'alr_example')
          hooks.push({ status, severity: labels['severity'] ?? '' });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const end = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, hooks, end };
}
