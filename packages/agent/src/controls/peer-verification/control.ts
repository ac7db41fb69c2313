import type { Facts } from '../../facts/facts.generated.js';
import { type Answer, judgeAnswers } from '../../knowledge/listeners/answer.js';
import { enabledScopes, type FoundScope, placeOf, subjectOf } from '../../knowledge/tls/scopes.js';
import { defineControl } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

export default defineControl({
  id: 'MOM-TLS-013',
  slug: 'peer-verification',
  title: 'Peer verification where required',
  severity: 'medium',
  otherSeverities: ['low'],
  subject: 'outbound-verification',
  reads: ['momentumConfig', 'momentumVersion'],
  sources: [manual3('conf.ref.tls_verify'), manual3('conf.ref.tls_ca'), manual3('conf.ref.tls')],
  remediation: null,
  params: {},

  evaluate({ facts }) {
    const { severity, subject } = this;
    const answers = enabledScopes(facts)
      .filter(({ scope }) => scope.direction === 'outbound' && scope.posture !== 'none')
      .map((found) => ({
        // Where nothing sets the verification, it is the line that demands TLS which is not lived up to.
        subject: subjectOf(found, facts, found.scope.setting('tls_verify').set ? 'tls_verify' : 'tls'),
        ...answerOf(found, facts.momentumVersion.version),
      }));
    const none = 'Nothing outbound uses TLS.';
    return judgeAnswers(
      { severity, subject, what: 'further bindings or domains', none },
      facts.momentumConfig,
      answers,
    );
  },
});

function answerOf({ scope }: FoundScope, release: Facts['momentumVersion']['version']): Answer {
  const verify = scope.setting('tls_verify');
  if (verify.indeterminate) return { kind: 'doubt', reason: `tls_verify in ${scope.label}: ${verify.why}` };
  const value = (verify.text ?? 'no').toLowerCase();
  switch (value) {
    case 'no':
      return unverified(scope);
    case 'ca':
    case 'host':
      return verified(scope, value);
    case 'optional':
      if (release !== null && Number.parseInt(release, 10) >= 4)
        return { kind: 'ok', summary: 'The certificate is inspected, and mail goes out whatever it is.' };
      return {
        kind: 'doubt',
        reason: `tls_verify = optional in ${scope.label} is a word of Momentum 4, ${release === null ? 'and the release is not known' : `and this is ${release}`}.`,
      };
    default:
      return {
        kind: 'doubt',
        reason: `tls_verify = "${verify.text ?? ''}" in ${scope.label} is neither no, ca, host nor optional.`,
      };
  }
}

function unverified(scope: FoundScope['scope']): Answer {
  if (scope.posture === 'opportunistic')
    return { kind: 'exempt', reason: 'TLS is used where the other side has it, and demanded of nobody.' };
  const tls = scope.setting('tls');
  const verify = scope.setting('tls_verify');
  const violation = {
    at: placeOf(verify.set ? verify : tls, scope.label),
    found: `TLS is required, and tls_verify is ${verify.set ? (verify.text ?? 'no') : 'not set: no'}`,
    proposed: 'tls_verify = "host" with a tls_ca: else anybody on the way can answer for the other side',
  };
  return scope.posture === 'required'
    ? {
        kind: 'fault',
        summary: 'TLS is required, and whose certificate it is nobody asks',
        violation,
        severity: 'low',
      }
    : { kind: 'doubt', reason: `Whether ${scope.label} requires TLS is not known: ${whyOf(tls)}`, violation };
}

function whyOf(tls: ReturnType<FoundScope['scope']['setting']>): string {
  return tls.indeterminate ? tls.why : `tls = "${tls.text ?? ''}" is neither no, ifavailable nor required`;
}

function verified(scope: FoundScope['scope'], value: string): Answer {
  const ca = scope.setting('tls_ca');
  if (ca.indeterminate) return { kind: 'doubt', reason: `tls_ca in ${scope.label}: ${ca.why}` };
  if ((ca.text ?? '').trim() !== '')
    return { kind: 'ok', summary: `Certificates of the other side are checked (${value}).` };
  const violation = {
    at: placeOf(ca.set ? ca : scope.setting('tls_verify'), scope.label),
    found: `tls_verify = ${value}, and tls_ca is ${ca.set ? 'empty' : 'not set'}`,
    proposed: 'tls_ca with the authorities that are trusted',
  };
  return scope.posture === 'unknown'
    ? {
        kind: 'doubt',
        reason: `Whether ${scope.label} uses TLS is not known: ${whyOf(scope.setting('tls'))}`,
        violation,
      }
    : {
        kind: 'fault',
        summary: 'Certificates are to be checked, and no authority is named that could have signed them',
        violation,
      };
}
