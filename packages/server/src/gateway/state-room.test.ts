import { expect, test } from 'vitest';
import { connectedAgent, state, transition, verdict } from '../../testing/agent.js';
import { enrolNew, eventually, startTestServer } from '../../testing/server.js';
import { StateRoom } from './state-room.js';

test('at the bound everybody keeps what they have; beyond it who has the most lets go', () => {
  const gone: string[] = [];
  const room = new StateRoom(100);
  const [a, b, c] = [{}, {}, {}];
  room.hold(a, 20, () => gone.push('a'));
  room.hold(b, 50, () => gone.push('b'));
  room.hold(c, 30, () => gone.push('c'));
  expect([gone, room.bytes]).toEqual([[], 100]);
  room.hold(a, 21, () => gone.push('a'));
  expect([gone, room.bytes]).toEqual([['b'], 51]);
  room.hold(c, 0, () => gone.push('c'));
  room.free(a);
  room.free(b);
  expect(room.bytes).toBe(0);
});

test('states that never become whole are let go with their connection, and another node is served', async () => {
  const server = await startTestServer();
  const [one, other] = [await enrolNew(server, 'a.example.com'), await enrolNew(server, 'b.example.com')];
  const large = Array.from({ length: 40 }, (_, n) =>
    verdict({
      subject: `listener ${n}`,
      violations: Array.from({ length: 5 }, () => ({ at: {}, found: 'x'.repeat(4_000) })),
    }),
  );
  const first = { ...(state(large) as object), parts: 100 };
  const flood = await connectedAgent(one);
  for (let part = 1; part <= 60 && flood.socket.readyState === flood.socket.OPEN; part += 1)
    flood.send(JSON.stringify({ ...first, part }));
  const agent = await connectedAgent(other);
  agent.send(transition(1));
  expect(await agent.take('ack')).toMatchObject({ upTo: 1 });
  // Its own bound ends it: a state has an end.
  await eventually(() => flood.socket.readyState === flood.socket.CLOSED, 'the end of the flood');
});
