import { defineConfig } from 'vitest/config';
import { LAYERS } from './layers.mjs';

const layer = (process.env['MUTATED_LAYER'] ?? 'lex') as keyof typeof LAYERS;

// The tests of one layer of packages/momentum: no build, no server, no folder of their own.
export default defineConfig({
  test: {
    include: LAYERS[layer].tests.map((folder) => `packages/momentum/src/${folder}/**/*.test.ts`),
    // Large inputs say nothing that the others do not, and take long for each mutant; one counts how often it tried.
    exclude: [
      '**/large.test.ts',
      '**/corpus.test.ts',
      '**/hostile.test.ts',
      '**/set-option.test.ts',
      '**/node_modules/**',
    ],
    setupFiles: ['tools/mutation/setup.ts'],
    testTimeout: 60_000,
    maxWorkers: 1,
  },
});
