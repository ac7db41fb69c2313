import type { Facts } from '../../facts/facts.generated.js';
import { defineControl, fail, indeterminate, pass, type Violation } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

export default defineControl({
  id: 'MOM-CFG-001',
  slug: 'config-valid',
  title: 'Configuration valid',
  severity: 'high',
  subject: 'configuration',
  reads: ['configValidation', 'momentumConfig'],
  weighsDoubts: true,
  sources: [manual3('executable.validate_config')],
  remediation: null,
  params: {},

  evaluate({ facts: { configValidation, momentumConfig } }) {
    const { answer, detail } = configValidation;
    const errors = momentumConfig.diagnostics;
    if (answer === 'valid' && errors.length > 0)
      return indeterminate(
        'validate_config says: Configuration valid. These lines are not understood all the same, so what they set is not judged.',
        errors.map(violation),
      );
    if (answer === 'valid') return pass('validate_config says: Configuration valid.');
    if (errors.length > 0)
      return fail(
        `The configuration cannot be loaded: ${errors[0]?.message ?? ''}. What runs is what was loaded before.`,
        errors.map(violation),
      );
    if (answer === 'not-run') return indeterminate(detail);
    const found =
      answer === 'silent' ? 'validate_config prints nothing: that is its way to say invalid' : detail;
    return fail("Momentum's own check does not find the configuration valid", [
      { at: { object: 'validate_config' }, found, proposed: 'ec_dump_config names the file and the line' },
    ]);
  },
});

function violation({ file, line, message, hint }: Facts['momentumConfig']['diagnostics'][number]): Violation {
  return { at: { file, line }, found: message, ...(hint === null ? {} : { proposed: hint }) };
}
