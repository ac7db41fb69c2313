import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectedAgent, enrol, type TestAgent, transition } from '../../testing/agent.js';
import { castellanServer, spawnServer, writeSettings } from '../../testing/process.js';
import { webhookOf } from '../../testing/receiver.js';
import { eventually, PASSWORD, temporaryFolder } from '../../testing/server.js';
import { openStore } from '../store/store.js';

const RECORDS = 400;

test.each([1, 60, 200])(
  'a server killed after it has acknowledged %i records or more loses none of them and takes none twice',
  async (enough) => {
    const folder = temporaryFolder();
    const settings = writeSettings(folder);
    const database = join(folder, 'data/castellan.db');
    castellanServer(['user', 'create', 'admin', '--role', 'admin', '--config', settings], {
      input: `${PASSWORD}\n`,
    });
    const token = castellanServer(['token', 'create', '--group', 'mta', '--config', settings]);

    const first = await spawnServer(settings);
    await makeTarget(first.peopleUrl);
    const { enrolled } = await enrol(first, token);
    const agent = await connectedAgent(enrolled);
    for (let seq = 1; seq <= RECORDS; seq += 1) agent.send(transition(seq, { subject: `listener ${seq}` }));
    await eventually(() => acknowledged(agent) >= enough, 'enough acknowledgements');
    await first.end('SIGKILL');
    await agent.closed;
    const acked = acknowledged(agent);

    const between = await openStore(database);
    const kept = await between.read.verdicts.receivedUpTo(enrolled.nodeId, 'boot-1');
    expect(kept).toBeGreaterThanOrEqual(acked);
    expect(await between.read.verdicts.ofNode(enrolled.nodeId)).toHaveLength(kept);
    await between.close();

    const second = await spawnServer(settings);
    const url = `${second.agentsUrl.replace('https', 'wss')}/agent`;
    const again = await connectedAgent({ ...enrolled, url });
    for (let seq = acked + 1; seq <= RECORDS; seq += 1)
      again.send(transition(seq, { subject: `listener ${seq}` }));
    await eventually(() => acknowledged(again) === RECORDS, 'every acknowledgement');
    expect(await second.end('SIGTERM')).toBe(0);

    const after = await openStore(database);
    const findings = (await after.read.findings.activeOfNode(enrolled.nodeId)).filter(
      (finding) => !finding.control.startsWith('CAS-'),
    );
    expect([findings.length, new Set(findings.map((f) => f.subject)).size]).toEqual([RECORDS, RECORDS]);
    // One cause is one alert, and one message of it is on its way, whatever was killed meanwhile.
    expect(new Set(findings.map(({ alertId }) => alertId)).size).toBe(1);
    const [target] = await after.read.targets.all();
    const sent = await after.read.deliveries.ofTarget(target?.id ?? '', 10);
    expect(sent.map(({ state, alertId }) => [state, alertId])).toEqual([['pending', findings[0]?.alertId]]);
    const histories = await Promise.all(findings.map((f) => after.read.findings.history(f.id)));
    expect(
      histories.every(
        (lines) => lines.filter((line) => line.to === 'open' && line.from === null).length === 1,
      ),
    ).toBe(true);
    await after.close();
  },
  90_000,
);

function acknowledged(agent: TestAgent): number {
  return Math.max(0, ...agent.inbox.map((message) => (message.type === 'ack' ? message.upTo : 0)));
}

/** A receiver that is not there: deliveries stay, so that their number can be told. */
async function makeTarget(peopleUrl: string): Promise<void> {
  const headers = { 'content-type': 'application/json', 'x-castellan-csrf': '1' };
  const session = await fetch(`${peopleUrl}/api/v1/session`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ name: 'admin', password: PASSWORD }),
  });
  const cookie = (session.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const made = await fetch(`${peopleUrl}/api/v1/targets`, {
    method: 'POST',
    headers: { ...headers, cookie },
    body: JSON.stringify(webhookOf('http://127.0.0.1:9/hook')),
  });
  expect(made.status).toBe(201);
}
