import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

const facts = (answer: Facts['configValidation']['answer']) => () => ({
  configValidation: { answer, detail: 'as it was' },
});

export default defineCases([
  { name: 'it says valid', facts: facts('valid'), expect: { status: 'pass' } },
  { name: 'it says nothing', facts: facts('silent'), expect: { status: 'fail', violations: 1 } },
  { name: 'it finds none', facts: facts('no-configuration'), expect: { status: 'fail' } },
  { name: 'it says something else', facts: facts('other'), expect: { status: 'fail' } },
  { name: 'it was not run', facts: facts('not-run'), expect: { status: 'indeterminate' } },
]);
