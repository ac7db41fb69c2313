import { parseBoolean, textOf } from '@castellan/momentum';
import { type Answer, judgeAnswers } from '../../knowledge/listeners/answer.js';
import { type FoundScope, isPathway, placeOf, smtpReception, subjectOf } from '../../knowledge/tls/scopes.js';
import { defineControl } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

export default defineControl({
  id: 'MOM-TLS-016',
  slug: 'use-ssl-starttls',
  title: 'use_ssl + STARTTLS on same listen',
  severity: 'medium',
  subject: 'use-ssl',
  reads: ['momentumConfig', 'momentumVersion'],
  sources: [manual3('conf.aaa'), manual3('ecelerity.conf')],
  remediation: null,
  params: {},

  evaluate({ facts }) {
    const { severity, subject } = this;
    const answers = smtpReception(facts)
      .filter(({ scope }) => !isPathway(scope) || scope.setting('use_ssl').set)
      .map((found) => ({ subject: subjectOf(found, facts), ...answerOf(found) }));
    const none = 'There is no SMTP listener.';
    return judgeAnswers(
      { severity, subject, what: 'further listeners', none },
      facts.momentumConfig,
      answers,
    );
  },
});

function answerOf({ scope }: FoundScope): Answer {
  const implicit = scope.setting('use_ssl');
  const extensions = scope.setting('smtp_extensions');
  const isImplicit = parseBoolean(implicit.text ?? 'false');
  const namesStarttls = extensions.value !== null && /(^|\s)STARTTLS(\s|$)/i.test(textOf(extensions.value));
  // Where one of the two is certainly not there, the other need not be known.
  if (!implicit.indeterminate && isImplicit === false)
    return { kind: 'exempt', reason: 'Use_SSL is not set.' };
  if (!extensions.indeterminate && !namesStarttls)
    return implicit.indeterminate || isImplicit === null
      ? { kind: 'exempt', reason: 'STARTTLS is not among the extensions.' }
      : { kind: 'ok', summary: 'TLS begins with the first byte, and STARTTLS is not offered.' };
  const open = [implicit, extensions].find((one) => one.indeterminate);
  if (open) return { kind: 'doubt', reason: `${open.option} in ${scope.label}: ${open.why}` };
  if (isImplicit === null)
    return { kind: 'doubt', reason: `use_ssl = "${implicit.text ?? ''}" is neither true nor false.` };
  return {
    kind: 'fault',
    summary: 'Use_SSL and STARTTLS exclude each other',
    violation: {
      at: placeOf(implicit, scope.label),
      found: 'Use_SSL = true, and STARTTLS among the extensions',
      proposed: 'SMTP_Extensions without STARTTLS, or STARTTLS on a port of its own without Use_SSL',
    },
  };
}
