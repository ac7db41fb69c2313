import { defineConfig } from 'vitest/config';
import { NoSkips } from './test/run/no-skips.js';

// Workspace packages are resolved to their sources (the "source" condition of each exports map), so that a unit test
// needs no build. Tests that start real processes use the built programs, which `npm test` makes first.
const conditions = ['source', 'module', 'node', 'development|production'];
// A run of chosen tests (-t) skips all others.
const mayNotSkip = process.env.CI === 'true' && !process.argv.includes('-t');

/**
 * Each takes half a minute to two of a quiet machine, and says of long lives what shorter tests beside it say of one step:
 * `npm run test:long` runs them, `npm test` does not.
 */
const LONG = [
  'packages/momentum/src/large.test.ts',
  'packages/server/src/gateway/kill.test.ts',
  'test/beside/equality.test.ts',
  'test/beside/kills.test.ts',
  'test/beside/run-changes.test.ts',
  'test/beside/three-keys.test.ts',
  'test/e2e/clocks.test.ts',
  'test/e2e/console-keyboard.test.ts',
  'test/e2e/full-node-disk.test.ts',
  'test/e2e/full-state-disk.test.ts',
  'test/e2e/killed-pages.test.ts',
  'test/e2e/killed-remote-renewal.test.ts',
  'test/e2e/killed-renewal.test.ts',
  'test/e2e/renewals-under-load.test.ts',
  'test/e2e/server-restart.test.ts',
  'test/e2e/signed-by-server.test.ts',
  'test/peers/strangers.test.ts',
  'test/real/eccfg-commit.test.ts',
  'test/real/permissions.test.ts',
  'test/real/readers.test.ts',
  'test/real/renewal.test.ts',
];
const isLong = process.env.CASTELLAN_LONG === 'only';

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: isLong ? LONG : ['packages/*/src/**/*.test.{ts,tsx}', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', ...(isLong ? [] : LONG)],
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
