import type { TlsScope } from '@castellan/momentum';
import type { Facts } from '../../facts/facts.generated.js';
import { type Answer, judgeAnswers } from '../../knowledge/listeners/answer.js';
import { isPathway, placeOf, speakingScopes, subjectOf } from '../../knowledge/tls/scopes.js';
import type { Left } from '../../knowledge/tls/weak/left.js';
import { leftBy, UNSET_CIPHERS, withoutWeak } from '../../knowledge/tls/weak/without-weak.js';
import { weakServed } from '../../knowledge/tls/wire-rules.js';
import { withServed } from '../../knowledge/tls/with-served.js';
import { defineControl } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

const OPTION = 'tls_ciphers';

export default defineControl({
  id: 'MOM-TLS-008',
  slug: 'weak-ciphers',
  title: 'Cipher list excludes LOW/EXP/NULL/aNULL/RC4/3DES/MD5',
  severity: 'medium',
  subject: 'ciphers',
  reads: ['momentumConfig', 'momentumVersion', 'servedTls'],
  sources: [
    manual3('conf.ref.tls_ciphers'),
    { cite: 'Momentum 4.x manual, config.tls_ciphers' },
    { cite: 'RFC 7465' },
    { cite: 'CVE-2016-2183' },
  ],
  remediation: 'tls-ciphers',
  otherRemediations: ['config-reload'],
  params: {},

  evaluate({ facts }) {
    const { severity, subject } = this;
    const answers = speakingScopes(facts)
      .filter(({ scope }) => !isPathway(scope) || setsItself(scope))
      .map((found) => ({
        subject: subjectOf(found, facts, OPTION),
        ...answerOf(found.scope, facts.momentumVersion),
      }));
    const none = 'Nothing speaks TLS.';
    const disk = judgeAnswers(
      { severity, subject, what: 'further scopes with TLS', none },
      facts.momentumConfig,
      answers,
    );
    return withServed(disk, {
      servedTls: facts.servedTls,
      control: this.id,
      whole: subject,
      says: weakServed,
    });
  },
});

/** A pathway that sets no list of its own has what its listener has, which is judged there. */
function setsItself(scope: TlsScope): boolean {
  return scope.setting(OPTION).chain.some(({ where, origin }) => where === scope.label && origin !== null);
}

function answerOf(scope: TlsScope, { version, tlsLibrary }: Facts['momentumVersion']): Answer {
  const setting = scope.setting(OPTION);
  if (setting.indeterminate) return { kind: 'doubt', reason: `${OPTION} in ${scope.label}: ${setting.why}` };
  const { library } = scope;
  const libraryVersion = tlsLibrary.name === library ? tlsLibrary.version : null;
  const unset = UNSET_CIPHERS[library];
  const text = setting.text ?? unset;
  const left = leftBy(text, { library, libraryVersion, release: version });
  const violation = {
    at: placeOf(setting, scope.label),
    found: `${setting.set ? `${OPTION} = ${text}` : `${OPTION} is not set: ${unset}`}${saidOf(left)}`,
    proposed: withoutWeak(text, left, library),
  };
  if (left.wrong !== null)
    return { kind: 'fault', summary: `A list of the other library: ${left.wrong}`, violation };
  if (left.on.length > 0)
    return { kind: 'fault', summary: `Weak ciphers on offer: ${left.on.join(', ')}`, violation };
  if (left.unclear.length > 0)
    return {
      kind: 'doubt',
      reason: `Whether "${text}" has ${left.unclear.join(', ')} depends on how the library ${libraryVersion ?? 'of a version that is not known'} was built.`,
      violation,
    };
  return { kind: 'ok', summary: 'No weak cipher is on offer.' };
}

function saidOf({ on, wrong }: Left): string {
  if (wrong !== null) return `: ${wrong}`;
  return on.length > 0 ? `: ${on.join(', ')}` : '';
}
