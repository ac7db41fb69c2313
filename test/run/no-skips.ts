import type { Reporter, TestModule } from 'vitest/node';

/** What may be skipped under CI, by the file that holds it, and why. */
export const MAY_SKIP: Readonly<Record<string, string>> = {
  'packages/momentum/src/corpus.test.ts':
    'its samples are configurations of other people, which are not ours to publish; CASTELLAN_CORPUS names their folder',
};

/** A test that was skipped has shown nothing: under `CI=true` it fails the run. */
export class NoSkips implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) =>
      MAY_SKIP[module.relativeModuleId] === undefined
        ? [...module.children.allTests()]
            .filter((test) => test.result().state === 'skipped')
            .map((test) => `${module.relativeModuleId} > ${test.fullName}`)
        : [],
    );
    if (skipped.length === 0) return;
    process.stderr.write(
      `CI=true, and these tests were skipped:\n${skipped.map((name) => `  ${name}\n`).join('')}`,
    );
    process.exitCode = 1;
  }
}
