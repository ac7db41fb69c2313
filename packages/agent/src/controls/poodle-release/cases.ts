import { caseVersion } from '../../../testing/cases/config.js';
import { defineCases } from '../../units/case.js';

const facts = (version: string | null) => () => caseVersion(version);

export default defineCases([
  { name: 'the first 3.x that can', facts: facts('3.6.6'), expect: { status: 'pass' } },
  { name: 'the last 3.x that cannot', facts: facts('3.6.5'), expect: { status: 'fail', violations: 1 } },
  { name: 'the first 4.x that can', facts: facts('4.1.0.2'), expect: { status: 'pass' } },
  { name: '4.1 without further parts', facts: facts('4.1'), expect: { status: 'fail' } },
  { name: 'a two-digit part', facts: facts('3.10.0'), expect: { status: 'pass' } },
  { name: 'nothing tells', facts: facts(null), expect: { status: 'indeterminate' } },
]);
