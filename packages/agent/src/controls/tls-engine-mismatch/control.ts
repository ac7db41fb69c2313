import { evaluate } from '@castellan/momentum';
import type { Facts } from '../../facts/facts.generated.js';
import { type Answer, judgeAnswers, type SubjectAnswer } from '../../knowledge/listeners/answer.js';
import { type FoundScope, placeOf, speakingScopes, subjectOf } from '../../knowledge/tls/scopes.js';
import { defineControl } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

export default defineControl({
  id: 'MOM-TLS-015',
  slug: 'tls-engine-mismatch',
  title: 'Engine/option mismatch',
  severity: 'high',
  subject: 'tls-engine',
  reads: ['momentumConfig', 'momentumVersion'],
  sources: [{ cite: 'Momentum 4.x manual, config.tls_engine' }, manual3('conf.ref.tls_protocols')],
  remediation: null,
  params: {},

  evaluate({ facts }) {
    const { severity, subject } = this;
    const open = facts.momentumConfig.configs.flatMap(({ config, instance }): SubjectAnswer[] => {
      const answer = engineDoubt(evaluate(config, [], 'tls_engine'));
      return answer ? [{ subject: `${subject} ${instance}`, ...answer }] : [];
    });
    const answers = speakingScopes(facts)
      .filter(({ scope }) => scope.library === 'gnutls')
      .map((found) => ({
        subject: subjectOf(found, facts, 'tls_protocols'),
        ...answerOf(found, facts.momentumVersion.version),
      }));
    const none = 'OpenSSL is the engine, or nothing of SMTP speaks TLS.';
    return judgeAnswers({ severity, subject, what: 'TLS_Engine', none }, facts.momentumConfig, [
      ...open,
      ...answers,
    ]);
  },
});

function engineDoubt({ indeterminate, why, text }: ReturnType<typeof evaluate>): Answer | null {
  if (indeterminate) return { kind: 'doubt', reason: `tls_engine: ${why}` };
  return ['openssl', 'gnutls'].includes(text?.toLowerCase() ?? 'openssl')
    ? null
    : { kind: 'doubt', reason: `tls_engine = "${text ?? ''}" is neither openssl nor gnutls.` };
}

function answerOf({ scope }: FoundScope, release: Facts['momentumVersion']['version']): Answer {
  const protocols = scope.setting('tls_protocols');
  const priorities = scope.setting('tls_ciphers');
  const open = [priorities, protocols].find((one) => one.indeterminate);
  // What is not set at all cannot be without effect, and a priority string that names versions decides in its place.
  if (!open && !protocols.set)
    return { kind: 'ok', summary: 'TLS_Protocols, which GnuTLS does not read, is not set.' };
  if (!priorities.indeterminate && /[+!-]VERS-/i.test(priorities.text ?? ''))
    return { kind: 'ok', summary: 'The priority string in TLS_Ciphers names the versions.' };
  const violation = {
    at: placeOf(protocols, scope.label),
    found: `TLS_Protocols = ${protocols.text ?? ''}, which GnuTLS does not read`,
    proposed: 'the versions in TLS_Ciphers, such as NORMAL:-VERS-SSL3.0',
  };
  if (open) return { kind: 'doubt', reason: `${open.option} in ${scope.label}: ${open.why}`, violation };
  if (release === null)
    return {
      kind: 'doubt',
      reason: 'The release is not known, and before 4.1 there is no TLS_Engine. Give --assume-momentum.',
      violation,
    };
  return {
    kind: 'fault',
    summary: 'TLS_Protocols has no effect on SMTP: the engine is GnuTLS, and TLS_Ciphers names no versions',
    violation,
  };
}
