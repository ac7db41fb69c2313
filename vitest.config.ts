import { defineConfig } from 'vitest/config';
import { NoSkips } from './test/run/no-skips.js';

// Workspace packages are resolved to their sources (the "source" condition of each exports map), so that a unit test
// needs no build. Tests that start real processes use the built programs, which `npm test` makes first.
const conditions = ['source', 'module', 'node', 'development|production'];
// A run of chosen tests (-t) skips all others.
const mayNotSkip = process.env.CI === 'true' && !process.argv.includes('-t');

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/*/src/**/*.test.{ts,tsx}', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['test/run/temporary-folder.ts'],
    setupFiles: ['test/run/properties.ts'],
    reporters: mayNotSkip ? ['default', new NoSkips()] : ['default'],
    // Files share what they import: nothing here keeps state in a module, and reading all of it again for each file would be
    // a tenth of the run.
    isolate: false,
    // Two cores: more workers only make the real servers of the tests wait for each other.
    maxWorkers: 2,
    // What only a failure reaches, also on a machine that is busy with other work.
    testTimeout: 120_000,
    hookTimeout: 240_000,
    passWithNoTests: false,
    allowOnly: false,
  },
});
