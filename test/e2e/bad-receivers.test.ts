import type { ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { afterEach, expect, test } from 'vitest';
import { connectedAgent, enrol, transition } from '../../packages/server/testing/agent.js';
import { type Page, type Receiver, startReceiver } from '../../packages/server/testing/receiver.js';
import type { Fleet } from '../standin/dist/demo/fleet.js';
import { until } from '../standin/dist/demo/wait.js';
import { newToken, startServerOnly, WAIT_MS } from './fleet.js';

const TEST_MS = 120_000;
/** Alerts of one node. */
const MORE = 30;

let fleet: Fleet | null = null;
afterEach(async () => {
  await fleet?.stop({ keep: false });
  fleet = null;
});

interface Target {
  readonly id: string;
  readonly health: { readonly state: string; readonly lastProblem: string | null; readonly dead: number };
}

interface Delivery {
  readonly id: string;
  readonly state: string;
  readonly attempts: number;
  readonly lastStatus: number | null;
}

interface Known {
  readonly name: string;
  readonly id: string;
  readonly secret: string;
  readonly receiver: Receiver;
}

type Answer = number | ((response: ServerResponse) => void);

const BAD: Readonly<Record<string, Answer>> = {
  hangs: () => undefined,
  'answers 500': 500,
  'answers garbage': (response) => response.socket?.end('\u0000\u0001 certainly not HTTP\r\n\r\n'),
  'closes the connection': (response) => response.destroy(),
  redirects: (response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
};

/** A 2xx is the receiver's word, whatever becomes of the rest of its answer. */
const taken: Answer = (response) => {
  response.writeHead(200, { 'content-length': '1000' }).write('half');
  setTimeout(() => response.destroy(), 50);
};

async function target(
  of: Fleet,
  name: string,
  { severityMin = 'low', answers }: { readonly severityMin?: string; readonly answers: readonly Answer[] },
): Promise<Known> {
  const receiver = await startReceiver();
  receiver.answer(...answers);
  const { id, secrets } = await of.rest.post<{ id: string; secrets: { secret: string } }>('/targets', {
    name,
    kind: 'webhook',
    settings: { url: receiver.url },
    severityMin,
  });
  return { name, id, secret: secrets.secret, receiver };
}

const targetsOf = async (of: Fleet): Promise<Map<string, Target>> =>
  new Map((await of.rest.get<{ items: Target[] }>('/targets')).items.map((one) => [one.id, one]));

const deliveriesOf = async (of: Fleet, { id }: Known): Promise<Delivery[]> =>
  (await of.rest.get<{ items: Delivery[] }>(`/deliveries?target=${id}&limit=200`)).items;

function isSigned({ secret }: Known, { headers, text }: Page): boolean {
  const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  new Webhook(secret).verify(text, plain);
  return true;
}

test('a receiver that hangs, fails or babbles is told as failing and tried again; others get theirs, and nodes are heard', {
  timeout: TEST_MS,
}, async () => {
  fleet = await startServerOnly();
  const server = fleet;
  const good = await target(fleet, 'good', { answers: [204] });
  const bad: Known[] = [];
  for (const [name, answer] of Object.entries(BAD))
    bad.push(await target(fleet, name, { severityMin: 'critical', answers: [answer] }));
  const recovers = await target(fleet, 'recovers', { answers: [500, 204] });
  const chatters = await target(fleet, 'breaks off after its 200', {
    severityMin: 'critical',
    answers: [taken],
  });
  const gone = await target(fleet, 'is gone', { answers: [410] });
  const { enrolled } = await enrol(fleet, await newToken(fleet));
  const agent = await connectedAgent(enrolled);
  agent.send(transition(1, { control: 'MOM-CRT-006', subject: 'ecconfigd', severity: 'critical' }));

  await until('the good one has its page', WAIT_MS, () => good.receiver.pages[0] ?? null);
  // One that hangs has the page now and does not answer: nobody else waits for it.
  const hanging = bad[0]?.receiver;
  await until('the one that hangs was called', WAIT_MS, () => hanging?.pages[0] ?? null);
  const known = await fleet.rest.get<{ id: string }[]>('/controls');
  // None that another of them inhibits, and not the one that has failed already.
  const controls = known.map(({ id }) => id).filter((id) => /^MOM-(?!TLS-00[1-4]|CRT-006)/.test(id));
  expect(controls.length).toBeGreaterThan(MORE);
  for (let seq = 2; seq <= MORE; seq += 1) {
    const control = controls[seq] ?? '';
    agent.send(transition(seq, { control }));
  }
  await until('every record is acknowledged', WAIT_MS, () =>
    agent.inbox.some((message) => message.type === 'ack' && message.upTo === MORE) ? true : null,
  );
  await until('the good one has every page', WAIT_MS, () =>
    good.receiver.pages.length >= MORE ? true : null,
  );
  expect(new Set(good.receiver.pages.map(({ headers }) => headers['webhook-id'])).size).toBe(MORE);
  expect(good.receiver.pages.every((page) => isSigned(good, page))).toBe(true);

  // Each bad one: told as failing, with what is the matter, and tried again with the same page.
  for (const one of bad) {
    await until(`the one that ${one.name} is told as failing and tried again`, WAIT_MS, async () => {
      const health = (await targetsOf(server)).get(one.id)?.health;
      const ids = one.receiver.pages.map(({ headers }) => headers['webhook-id']);
      return health?.state === 'failing' && health.lastProblem && ids.length > new Set(ids).size
        ? true
        : null;
    });
    const states = new Set((await deliveriesOf(fleet, one)).map(({ state }) => state));
    expect([one.name, ...states]).toEqual([one.name, 'pending']);
  }

  await until('the one that breaks off has its page', WAIT_MS, async () =>
    (await deliveriesOf(server, chatters)).every(({ state }) => state === 'delivered') ? true : null,
  );

  // The one that came back has each page once more than it was taken, under the same id, and is well.
  await until('the one that recovers is well', WAIT_MS, async () =>
    (await deliveriesOf(server, recovers)).every(({ state }) => state === 'delivered') ? true : null,
  );
  const ids = recovers.receiver.pages.map(({ headers }) => headers['webhook-id']);
  expect([ids.length, new Set(ids).size]).toEqual([MORE + 1, MORE]);
  expect(recovers.receiver.pages.every((page) => isSigned(recovers, page))).toBe(true);
  expect((await targetsOf(fleet)).get(recovers.id)?.health.state).toBe('healthy');
  expect((await targetsOf(fleet)).get(good.id)?.health.state).toBe('healthy');

  await replaysDeadLetters(fleet, gone);
});

/** 410 says that asking again will not help: these are dead letters, until a person has them sent again. */
async function replaysDeadLetters(of: Fleet, gone: Known): Promise<void> {
  const dead = await until('dead letters', WAIT_MS, async () => {
    const all = await deliveriesOf(of, gone);
    return all.length === MORE && all.every(({ state }) => state === 'dead') ? all : null;
  });
  expect(dead.every(({ attempts, lastStatus }) => attempts === 1 && lastStatus === 410)).toBe(true);
  expect((await targetsOf(of)).get(gone.id)?.health).toMatchObject({ state: 'failing', dead: MORE });
  gone.receiver.answer(204);
  const [letter] = dead;
  await of.rest.post(`/deliveries/${letter?.id}/replay`, {});
  await until('the replayed one is delivered', WAIT_MS, async () =>
    (await deliveriesOf(of, gone)).some(({ id, state }) => id === letter?.id && state === 'delivered')
      ? true
      : null,
  );
  expect((await targetsOf(of)).get(gone.id)?.health).toMatchObject({ state: 'healthy', dead: MORE - 1 });
}
