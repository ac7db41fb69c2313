/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'tools/mutation/vitest.config.ts' },
  plugins: ['@stryker-mutator/vitest-runner'],
  mutate: [
    'packages/momentum/src/{lex,syntax,files,values,evaluate,edit,compare}/**/*.ts',
    'packages/momentum/src/ast/secrets.ts',
    '!**/*.test.ts',
  ],
  coverageAnalysis: 'perTest',
  // Texts for people are looked at in the goldens; a wrong word is no wrong answer.
  mutator: { excludedMutations: ['StringLiteral'] },
  ignoreStatic: true,
  concurrency: 2,
  timeoutMS: 20_000,
  timeoutFactor: 3,
  reporters: ['clear-text', 'json', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportMutants: true },
  jsonReporter: { fileName: '.cache/mutation.json' },
  // Rewriting tsconfig.json needs the interface of TypeScript 6; vitest reads none of it.
  tsconfigFile: 'none',
  tempDirName: '.cache/stryker',
  incremental: true,
  incrementalFile: '.cache/mutation-incremental.json',
  thresholds: { high: 95, low: 85, break: 85 },
  // Every package's tsconfig.json stays: the build's references name them.
  ignorePatterns: [
    ...['web', 'server', 'agent', 'shared'].map((name) => `packages/${name}/src`),
    ...['packages/web/public', 'test/**/*.ts', '/docs', 'tools/bench', '**/dist'],
  ],
};
