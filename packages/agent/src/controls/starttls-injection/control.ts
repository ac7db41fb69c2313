import type { Facts } from '../../facts/facts.generated.js';
import { type Answer, judgeAnswers } from '../../knowledge/listeners/answer.js';
import { type FoundScope, isPathway, placeOf, smtpReception, subjectOf } from '../../knowledge/tls/scopes.js';
import { injectionServed } from '../../knowledge/tls/wire-rules.js';
import { withServed } from '../../knowledge/tls/with-served.js';
import { defineControl } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

const OPTION = 'starttls_injection_policy';

export default defineControl({
  id: 'MOM-TLS-010',
  slug: 'starttls-injection',
  title: 'STARTTLS injection policy',
  severity: 'high',
  otherSeverities: ['low'],
  subject: 'starttls',
  reads: ['momentumConfig', 'momentumVersion', 'servedTls'],
  sources: [{ cite: 'CVE-2011-0411' }, manual3('conf.ref.starttls_injection_policy')],
  remediation: null,
  otherRemediations: ['config-reload'],
  params: {},

  evaluate({ facts }) {
    const { severity, subject } = this;
    const answers = smtpReception(facts)
      .filter(({ scope }) => scope.posture === 'starttls' || scope.posture === 'unknown')
      // A pathway that says nothing of it has what its listener has, which is judged there.
      .filter(({ scope }) => !isPathway(scope) || scope.setting(OPTION).set)
      .map((found) => ({
        subject: subjectOf(found, facts),
        ...answerOf(found, facts.momentumVersion.version),
      }));
    const none = 'No SMTP listener offers STARTTLS.';
    const disk = judgeAnswers(
      { severity, subject, what: 'further listeners', none },
      facts.momentumConfig,
      answers,
    );
    return withServed(disk, {
      servedTls: facts.servedTls,
      control: this.id,
      whole: subject,
      says: injectionServed,
    });
  },
});

function answerOf({ scope }: FoundScope, release: Facts['momentumVersion']['version']): Answer {
  const setting = scope.setting(OPTION);
  const at = placeOf(setting, scope.label);
  const violation = (found: string, proposed: string) => ({ at, found, proposed });
  const isSure = scope.posture === 'starttls' || isPathway(scope);
  if (setting.ignored !== null) {
    const found = `Momentum ${release ?? ''} does not know ${OPTION}: what is sent with STARTTLS is carried out`;
    const fault = violation(found, 'Momentum 3.3 or later');
    return isSure
      ? { kind: 'fault', summary: found, violation: fault }
      : { kind: 'doubt', reason: `Whether ${scope.label} offers STARTTLS is not known.`, violation: fault };
  }
  if (setting.indeterminate) return { kind: 'doubt', reason: `${OPTION} in ${scope.label}: ${setting.why}` };
  const value = (setting.text ?? '').toLowerCase();
  if (value === 'reject')
    return release === null
      ? {
          kind: 'doubt',
          reason: `The release is not known, and before 3.3 there is no ${OPTION}. Give --assume-momentum.`,
        }
      : { kind: 'ok', summary: 'Commands that are sent along with STARTTLS end the connection.' };
  if (value !== 'allow' && value !== 'ignore')
    return {
      kind: 'doubt',
      reason: `${OPTION} = "${setting.text ?? ''}" is neither allow, ignore nor reject.`,
    };
  const fault = violation(`${OPTION} = ${value}`, 'reject');
  if (!isSure)
    return {
      kind: 'doubt',
      reason: `Whether ${scope.label} offers STARTTLS is not known.`,
      violation: fault,
    };
  return value === 'allow'
    ? {
        kind: 'fault',
        summary: 'Commands sent in clear text along with STARTTLS are carried out as if they were encrypted',
        violation: fault,
      }
    : {
        kind: 'fault',
        summary: 'Commands sent along with STARTTLS are passed over, and the attempt goes unnoticed',
        violation: fault,
        severity: 'low',
      };
}
