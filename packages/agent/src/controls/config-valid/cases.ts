import { CASE_MAIN, caseConfig } from '../../../testing/cases/config.js';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

const facts = (answer: Facts['configValidation']['answer'], error?: string) => (): Partial<Facts> => {
  const { momentumConfig } = caseConfig('');
  const diagnostics = error
    ? [{ file: CASE_MAIN, line: 7, column: 1, message: error, hint: null }]
    : momentumConfig.diagnostics;
  return {
    configValidation: { answer, detail: 'as it was' },
    momentumConfig: { ...momentumConfig, diagnostics },
  };
};

export default defineCases([
  { name: 'it says valid', facts: facts('valid'), expect: { status: 'pass' } },
  { name: 'it says nothing', facts: facts('silent'), expect: { status: 'fail', violations: 1 } },
  { name: 'it finds none', facts: facts('no-configuration'), expect: { status: 'fail' } },
  { name: 'it says something else', facts: facts('other'), expect: { status: 'fail' } },
  {
    name: 'a line that cannot be loaded, and nothing was asked',
    facts: facts('not-run', 'a closing brace too many'),
    expect: { status: 'fail', violations: 1, at: { file: CASE_MAIN, line: 7 } },
  },
  {
    name: 'a line that is not understood, and Momentum finds it valid',
    facts: facts('valid', 'a closing brace too many'),
    expect: { status: 'indeterminate', violations: 1 },
  },
  { name: 'it was not run', facts: facts('not-run'), expect: { status: 'indeterminate' } },
]);
