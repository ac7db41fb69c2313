import { defineControl, fail, indeterminate, pass } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

export default defineControl({
  id: 'MOM-CFG-001',
  slug: 'config-valid',
  title: 'Configuration valid',
  severity: 'high',
  subject: 'configuration',
  reads: ['configValidation'],
  sources: [manual3('executable.validate_config')],
  remediation: null,
  params: {},

  evaluate({ facts: { configValidation } }) {
    const { answer, detail } = configValidation;
    if (answer === 'valid') return pass('validate_config says: Configuration valid.');
    if (answer === 'not-run') return indeterminate(detail);
    const found =
      answer === 'silent' ? 'validate_config prints nothing: that is its way to say invalid' : detail;
    return fail("Momentum's own check does not find the configuration valid", [
      { at: { object: 'validate_config' }, found, proposed: 'ec_dump_config names the file and the line' },
    ]);
  },
});
