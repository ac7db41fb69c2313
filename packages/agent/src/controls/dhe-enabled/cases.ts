import { defineCases } from '../../kit/case.js';
import { CASE_MAIN, caseConfig, caseVersion } from '../../kit/case-config.js';

const facts =
  (text: string, version: string | null = '3.6.6') =>
  () => ({ ...caseConfig(text), ...caseVersion(version) });

export default defineCases([
  { name: 'nothing is set', facts: facts(''), expect: { status: 'pass' } },
  {
    name: 'switched off',
    facts: facts('TLS_Enable_DHE_Ciphers = false\n'),
    expect: { status: 'fail', violations: 1, at: { file: CASE_MAIN, line: 1 } },
  },
  {
    name: 'excluded by the cipher list',
    facts: facts('TLS_Ciphers = "DEFAULT:!EDH"\n'),
    expect: { status: 'fail', violations: 1 },
  },
  { name: 'a release without it', facts: facts('', '3.5.1'), expect: { status: 'fail' } },
  { name: 'nothing tells the release', facts: facts('', null), expect: { status: 'indeterminate' } },
  {
    name: 'a file that could set it was not read',
    facts: facts('include "/etc/unreadable.conf"\n'),
    expect: { status: 'indeterminate' },
  },
]);
