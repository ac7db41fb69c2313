import { LAYERS, reportOf } from './layers.mjs';

const layer = process.env.MUTATED_LAYER ?? 'lex';

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'tools/mutation/vitest.config.ts' },
  plugins: ['@stryker-mutator/vitest-runner'],
  mutate: [`packages/momentum/src/${LAYERS[layer].mutate}`, '!**/*.test.ts'],
  coverageAnalysis: 'perTest',
  // Texts for people are inspected in the goldens; a wrong word is no wrong answer.
  mutator: { excludedMutations: ['StringLiteral'] },
  ignoreStatic: true,
  concurrency: 2,
  timeoutMS: 6_000,
  timeoutFactor: 2,
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: reportOf(layer) },
  // Rewriting tsconfig.json needs the interface of TypeScript 6; vitest reads none of it.
  tsconfigFile: 'none',
  tempDirName: '.cache/stryker',
  // Every package's tsconfig.json stays: the build's references name them.
  ignorePatterns: [
    ...['web', 'server', 'agent', 'shared'].map((name) => `packages/${name}/src`),
    ...['packages/web/public', 'test/**/*.ts', '/docs', 'tools/bench', '**/dist'],
  ],
};
