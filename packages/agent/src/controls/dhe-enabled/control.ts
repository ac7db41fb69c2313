import { compareVersions, evaluate, parseBoolean } from '@castellan/momentum';
import { defineControl, fail, indeterminate, pass, type Violation } from '../../kit/control.js';
import type { Facts } from '../../kit/fact.js';
import { manual3 } from '../../kit/sources.js';

/** Cipher lists that leave no ephemeral Diffie-Hellman. */
const EXCLUDES = /(^|:)!(DH|EDH|kEDH|kDHE)(:|$)/;

export default defineControl({
  id: 'MOM-TLS-006',
  slug: 'dhe-enabled',
  title: 'DHE ciphers enabled',
  severity: 'medium',
  subject: 'dhe',
  reads: ['momentumConfig', 'momentumVersion'],
  sources: [manual3('conf.ref.tls_enable_dhe_ciphers'), manual3('install.security')],
  remediation: null,
  params: {},

  evaluate({ facts: { momentumConfig, momentumVersion } }) {
    const settings = momentumConfig.configs.flatMap(({ config }) => settingsOf(config));
    const faults = settings.filter((s) => s.isOff).map((s) => s.violation);
    if (faults.length > 0) return fail('Ephemeral Diffie-Hellman is switched off', faults);
    const doubt = settings.find((s) => s.doubt !== null);
    if (doubt) return indeterminate(doubt.doubt ?? '');
    const { version } = momentumVersion;
    if (version === null)
      return indeterminate(
        'Which Momentum this is is not known, and before 3.6.6 it has no DHE. Give --assume-momentum.',
      );
    if (Number.parseInt(version, 10) >= 4 || compareVersions(version, '3.6.6') >= 0)
      return pass('DHE ciphers are on.');
    return fail(`Momentum ${version} has no DHE ciphers`, [
      { at: { object: `Momentum ${version}` }, found: version, proposed: '3.6.6 or later' },
    ]);
  },
});

type Config = Facts['momentumConfig']['configs'][number]['config'];

function settingsOf(config: Config): { isOff: boolean; doubt: string | null; violation: Violation }[] {
  return (['tls_enable_dhe_ciphers', 'tls_ciphers'] as const).map((option) => {
    const setting = evaluate(config, [], option);
    const text = setting.text ?? '';
    const isOff =
      setting.set && (option === 'tls_ciphers' ? EXCLUDES.test(text) : parseBoolean(text) === false);
    const at =
      setting.origin.kind === 'file'
        ? { file: setting.origin.file, line: setting.origin.line }
        : { object: 'default' };
    return {
      isOff: isOff && !setting.indeterminate,
      doubt: setting.indeterminate ? `${option}: ${setting.why}` : null,
      violation: { at, found: `${option} = ${text}`, proposed: 'DHE ciphers left on' },
    };
  });
}
