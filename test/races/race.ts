import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Arena, ECUSER, type Means, PLACE } from './arena.js';
import { attackerIn, Swapper } from './attacker.js';
import { type Came, leaks, type Row } from './rows.js';

/** `npm run test:races` asks for 10,000. */
export const SWAPS = Number(process.env['RACE_SWAPS'] ?? 150);
const TRIES_MIN = Math.max(5, SWAPS / 100);
const TRIES_A_ROUND = 20;
export const ROW_MS = 600_000;

/** The attacker, and what came of each row. */
export class Races {
  readonly #folder = mkdtempSync(join(tmpdir(), 'castellan-attacker-'));
  readonly #attacker = attackerIn(this.#folder);
  readonly #table: string[] = [];

  /** What may never be otherwise. `meansOf`: how the agent gets to the arena; absent: it is on the node. */
  async expectHeld(
    row: Row,
    meansOf?: (arena: Arena) => Promise<Means>,
    triesARound = TRIES_A_ROUND,
  ): Promise<void> {
    const arena = new Arena();
    if (meansOf) arena.means = await meansOf(arena);
    try {
      const { swaps, came } = await race(this.#attacker.command, row, arena, triesARound);
      const count = (what: Came) => came.filter((one) => one === what).length;
      const counts = [swaps, came.length, count('done'), count('refused'), count('lie'), count('leak')];
      this.#table.push([row.name, row.trap, ...counts].join(' | '));
      expect([swaps >= SWAPS, count('lie'), count('leak'), leaks(arena)]).toEqual([true, 0, 0, []]);
    } finally {
      await arena.means.close();
      arena.remove();
    }
  }

  end(): void {
    rmSync(this.#folder, { recursive: true });
    process.stdout.write(
      `attacker in ${this.#attacker.isNative ? 'C' : 'Node'}\nrow | trap | swaps | tries | done | refused | lies | leaks\n${this.#table.join('\n')}\n`,
    );
  }
}

async function race(command: readonly string[], row: Row, arena: Arena, triesARound: number) {
  const came: Came[] = [];
  let swaps = 0;
  while (swaps < SWAPS || came.length < TRIES_MIN) {
    lay(arena, row);
    const before = arena.rootsFiles();
    const [a, b] = row.names.map((path) => arena.at(path));
    const swapper = await Swapper.start(command, ECUSER, a ?? '', b ?? '');
    for (let count = 0; count < triesARound; count += 1) came.push(await row.act(arena, came.length));
    swaps += await swapper.end();
    expect(arena.rootsFiles()).toBe(before);
  }
  return { swaps, came };
}

function lay(arena: Arena, row: Row): void {
  const [target, trap] = row.names;
  if (row.trap === 'folder link') {
    arena.trap('folder link', trap);
    rmSync(arena.at(target), { recursive: true, force: true });
    arena.put(`${PLACE}/folder/secret`, 'the service’s own', ECUSER, 0o640);
    arena.own(`${PLACE}/folder`);
    return;
  }
  rmSync(arena.at(target), { recursive: true, force: true });
  arena.trap(row.trap, trap);
  arena.put(target, 'the service’s own', ECUSER, 0o640);
}
