import { maskSecrets } from '@castellan/momentum';
import type { ConfigValidationFact } from '../../facts/config-validation.js';
import { defineCollector } from '../../units/fact.js';

const PROGRAM = '/opt/msys/ecelerity/bin/validate_config';
const TIMEOUT_MS = 30_000;
const LINES_SHOWN = 5;

export default defineCollector({
  name: 'configValidation',
  needs: ['install', 'momentumConfig'],
  title: "What Momentum's own validate_config says of the configuration",
  timeoutMs: TIMEOUT_MS + 5_000,
  evidence: 'files-and-system',
  async collect({ exec, signal }): Promise<ConfigValidationFact> {
    const result = await exec.run({ program: PROGRAM, argv: [], timeoutMs: TIMEOUT_MS, signal });
    if (result.kind === 'unstarted')
      return { answer: 'not-run', detail: `validate_config was not run: ${result.detail}` };
    if (result.kind === 'timeout')
      return { answer: 'not-run', detail: `validate_config gave no answer in ${TIMEOUT_MS / 1000} s` };
    const text = `${result.stdout}\n${result.stderr}`.trim();
    const detail = maskSecrets(text.split('\n').slice(0, LINES_SHOWN).join('\n'));
    // Manual, executable.validate_config: a bad configuration prints nothing; exit codes are not documented.
    if (result.stdout.includes('Configuration valid')) return { answer: 'valid', detail };
    if (text.includes('No configuration found')) return { answer: 'no-configuration', detail };
    return text === ''
      ? { answer: 'silent', detail: 'validate_config printed nothing: that is how it says invalid' }
      : { answer: 'other', detail };
  },
});
