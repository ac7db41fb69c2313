import { afterAll, beforeAll, describe, test } from 'vitest';
import { Races, ROW_MS, SWAPS } from './race.js';
import { LOCAL_ROWS, ROWS } from './rows.js';

// Only root has something to lose.
describe.skipIf(process.getuid?.() !== 0)(`the service's user exchanges names ${SWAPS} times a row`, () => {
  let races: Races;
  beforeAll(() => {
    races = new Races();
  });
  afterAll(() => races.end());

  test.each([...ROWS, ...LOCAL_ROWS].map((row) => ({ ...row, row })))(
    '$name, $trap',
    { timeout: ROW_MS },
    ({ row }) => races.expectHeld(row),
  );
});
