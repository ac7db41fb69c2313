import { afterAll, beforeAll, expect, test } from 'vitest';
import { DoubleNode } from '../faults/double-node.js';
import { carryOut, faultyExecutor } from '../faults/faulty-executor.js';
import { placeOf, ROWS, type Row } from '../faults/remediation-rows.js';
import { describeReal } from '../real/parts.js';
import { besideExecutor, changeSession, cutSsh, portsOf } from './changing.js';
import { Sshd } from './sshd.js';

/** `npm run test:kills`: behind every piece that ssh sends, of every row; `npm test`: some, of one. */
const isWhole = process.env['CASTELLAN_KILLS'] === 'whole';
const CUTS = 4;
const LOGIN = 'far-root';
const NEVER = 1e12;

const named = (row: Row) => ({ ...row, name: `${row.slug}${row.where ?? ''}` });
const rows = ROWS.filter(({ slug, isVersioned }) => isWhole || (slug === 'tls-protocols' && !isVersioned));

describeReal('a link that is cut leaves the node as before or as after, once somebody came after it', () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await new Sshd().start([{ name: LOGIN, shell: '/bin/sh', uid: 0 }]);
  });
  afterAll(() => sshd.stop());

  /** Lays a node, has the link cut in the middle of a run, and looks after the next session. */
  async function cutAt(row: Row, direction: 'up' | 'down', after: number, isTakenUpHere = false) {
    const node = await DoubleNode.lay(row.isVersioned, row.more);
    const before = node.snapshot();
    const { ssh, pieces } = cutSsh(sshd, direction, after);
    const said = { isCut: true };
    try {
      const session = await changeSession(sshd, LOGIN, { ssh });
      const cut = await carryOut(
        besideExecutor(node, await portsOf(sshd, session, LOGIN, node)),
        row.slug,
        row.params,
      );
      said.isCut = session.isOver || cut.events.length === 0;
      await session.close();
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^CAS_BESIDE_/) });
    }
    const next = isTakenUpHere ? null : await changeSession(sshd, LOGIN);
    const executor = next
      ? besideExecutor(node, await portsOf(sshd, next, LOGIN, node))
      : faultyExecutor(node);
    await expect
      .poll(() => executor.isOtherAtIt?.(), { timeout: 30_000, message: 'the lock of the lost session' })
      .toBe(false);
    await executor.recover(() => undefined);
    const place = placeOf(row, node, before);
    const told = executor.lastWords?.().at(-1)?.state ?? 'none';
    await next?.close();
    node.remove();
    return { ...said, place, told, pieces: pieces() };
  }

  test.each(
    rows.flatMap((row) => (['up', 'down'] as const).map((direction) => ({ ...named(row), direction }))),
  )('$name, $direction', { timeout: isWhole ? 3 * 3600_000 : 240_000 }, async ({ direction, ...row }) => {
    const whole = await cutAt(row, direction, NEVER);
    expect(whole).toMatchObject({ place: 'after', told: 'done' });
    const first = whole.pieces.findIndex((at) => at > 40_000 || direction === 'down');
    const all = whole.pieces.slice(first);
    const stride = isWhole ? 1 : Math.ceil(all.length / CUTS);
    const places = new Set<string>();
    for (let index = all.length - 1; index >= 0; index -= stride) {
      // In the middle of a piece, and where it ends, by turns.
      const after = (all[index] ?? 0) - (index % 2) * 7;
      const { place, told } = await cutAt(row, direction, after);
      expect([after, place]).toEqual([after, expect.stringMatching(/^(before|after)$/)]);
      expect([after, told]).toEqual([
        after,
        expect.stringMatching(place === 'after' ? /^done$/ : /^(rolledBack|none)$/),
      ]);
      places.add(place);
    }
    expect([...places]).toContain('before');
  });
}, ['openssh-server', 'openssh-client']);
