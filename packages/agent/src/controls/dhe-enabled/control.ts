import { type Config, compareVersions, evaluate, parseBoolean, settingsNamed } from '@castellan/momentum';
import type { Facts } from '../../facts/facts.generated.js';
import { dheServed } from '../../knowledge/tls/wire-rules.js';
import { withServed } from '../../knowledge/tls/with-served.js';
import { defineControl, fail, indeterminate, type Outcome, pass } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';
import { ciphersOf, type Judged, originOf } from './ciphers.js';

const SWITCH = 'tls_enable_dhe_ciphers';

export default defineControl({
  id: 'MOM-TLS-006',
  slug: 'dhe-enabled',
  title: 'DHE ciphers enabled',
  severity: 'medium',
  otherSeverities: ['low'],
  subject: 'dhe',
  reads: ['momentumConfig', 'momentumVersion', 'servedTls'],
  sources: [manual3('conf.ref.tls_enable_dhe_ciphers'), manual3('install.security')],
  remediation: 'dhe-enable',
  otherRemediations: ['config-reload'],
  params: {},

  evaluate({ facts }) {
    const { subject } = this;
    return withServed(judgeFiles(facts), {
      servedTls: facts.servedTls,
      control: this.id,
      whole: subject,
      subjectOnDisk: subject,
      says: dheServed,
    });
  },
});

function judgeFiles(facts: Pick<Facts, 'momentumConfig' | 'momentumVersion'>): Outcome {
  const { version } = facts.momentumVersion;
  const judged = [...facts.momentumConfig.configs.map(({ config }) => switchOf(config)), ...ciphersOf(facts)];
  const faults = judged.flatMap(({ fault }) => fault ?? []);
  if (faults.length > 0) return fail('Ephemeral Diffie-Hellman is switched off', faults);
  const doubt = judged.find((one) => one.doubt !== null)?.doubt;
  if (doubt) return indeterminate(doubt);
  if (version === null)
    return indeterminate(
      'Which Momentum this is is not known, and before 3.6.6 it has no DHE. Give --assume-momentum.',
    );
  if (Number.parseInt(version, 10) < 4 && compareVersions(version, '3.6.6') < 0)
    return {
      ...fail(`Momentum ${version} has no DHE ciphers`, [
        { at: { object: `Momentum ${version}` }, found: version, proposed: '3.6.6 or later' },
      ]),
      remediation: null,
    };
  const astray = facts.momentumConfig.configs.flatMap(({ config }) => astrayIn(config));
  if (astray.length > 0) return fail('TLS_Enable_DHE_Ciphers stands where it has no effect', astray, 'low');
  return pass('DHE ciphers are on.');
}

function switchOf(config: Config): Judged {
  const setting = evaluate(config, [], SWITCH);
  if (setting.indeterminate) return { fault: null, doubt: `${SWITCH}: ${setting.why}` };
  if (!setting.set) return { fault: null, doubt: null };
  const isOn = parseBoolean(setting.text ?? '');
  if (isOn === null)
    return { fault: null, doubt: `${SWITCH} = ${setting.text ?? ''} is neither true nor false` };
  return {
    fault: isOn
      ? null
      : {
          at: originOf(setting, 'Global'),
          found: `${SWITCH} = ${setting.text ?? ''}`,
          proposed: 'DHE ciphers left on',
        },
    doubt: null,
  };
}

/** The option counts at the top level only (Manual, conf.ref.tls_enable_dhe_ciphers). */
function astrayIn(config: Config) {
  return settingsNamed(config, SWITCH)
    .filter(({ scope }) => scope.length > 0)
    .map(({ at, label, text }) => ({
      at: { ...at, scope: label },
      found: `${SWITCH} = ${text}`,
      proposed: 'the line at the top level, or nowhere',
    }));
}
