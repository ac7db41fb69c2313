import { describe } from 'vitest';
import { SWAPS, testRaces } from './race.js';

// Only root has something to lose.
describe.skipIf(process.getuid?.() !== 0)(`the service's user exchanges names ${SWAPS} times a row`, () => {
  testRaces();
});
