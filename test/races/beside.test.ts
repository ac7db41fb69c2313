import { afterAll, beforeAll, test } from 'vitest';
import { changeSession, portsOf } from '../beside/changing.js';
import { Sshd } from '../beside/sshd.js';
import { describeReal } from '../real/parts.js';
import type { Arena, Means } from './arena.js';
import { Races, ROW_MS, SWAPS } from './race.js';
import { ROWS } from './rows.js';

const LOGIN = 'far-root';
/** Each question takes its way to the node: the attacker has the longer time between two of them. */
const TRIES_A_ROUND = 5;

describeReal(`the service's user exchanges names ${SWAPS} times a row, and the agent comes from beside`, () => {
  let sshd: Sshd;
  let races: Races;
  beforeAll(async () => {
    races = new Races();
    sshd = await new Sshd().start([{ name: LOGIN, shell: '/bin/sh', uid: 0 }]);
  });
  afterAll(() => {
    races.end();
    sshd.stop();
  });

  async function means(arena: Arena): Promise<Means> {
    const session = await changeSession(sshd, LOGIN);
    const { ports, store, lock } = await portsOf(sshd, session, LOGIN, arena);
    return { files: ports.files, writer: ports.writer, state: store, lock, close: () => session.close() };
  }

  test.each(ROWS.map((row) => ({ ...row, row })))('$name, $trap', { timeout: ROW_MS }, ({ row }) =>
    races.expectHeld(row, means, TRIES_A_ROUND),
  );
}, ['openssh-server', 'openssh-client']);
