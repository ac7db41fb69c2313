import { type Cidr, parseCidr, textOf } from '@castellan/momentum';
import { type Answer, judgeAnswers } from '../../knowledge/listeners/answer.js';
import { isLoopback, reachOf } from '../../knowledge/listeners/reach.js';
import { type FoundScope, isPathway, placeOf, smtpReception, subjectOf } from '../../knowledge/tls/scopes.js';
import { defineControl } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

const OPTION = 'smtp_extensions';

export default defineControl({
  id: 'MOM-TLS-014',
  slug: 'auth-without-tls',
  title: 'Listener with AUTH offers TLS',
  severity: 'high',
  otherSeverities: ['low'],
  subject: 'smtp-auth',
  reads: ['momentumConfig', 'momentumVersion'],
  sources: [manual3('conf.aaa'), { cite: 'RFC 4954 section 9' }],
  remediation: null,
  params: {},

  evaluate({ facts }) {
    const { severity, subject } = this;
    const answers = smtpReception(facts)
      .filter(({ scope }) => !isPathway(scope) || scope.setting(OPTION).set)
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
  const extensions = scope.setting(OPTION);
  if (extensions.indeterminate)
    return { kind: 'doubt', reason: `${OPTION} in ${scope.label}: ${extensions.why}` };
  const mechanism = clearMechanism(extensions.value === null ? '' : textOf(extensions.value));
  if (mechanism === null) return { kind: 'exempt', reason: 'Neither AUTH LOGIN nor AUTH PLAIN is offered.' };
  if (scope.posture === 'starttls' || scope.posture === 'implicit')
    return { kind: 'ok', summary: `AUTH ${mechanism} is offered by a listener that speaks TLS.` };
  const violation = {
    at: placeOf(extensions, scope.label),
    found: `AUTH ${mechanism}, and neither STARTTLS with a certificate nor Use_SSL`,
    proposed: 'STARTTLS in SMTP_Extensions with a TLS_Certificate, or Use_SSL = true',
  };
  if (scope.posture === 'unknown')
    return {
      kind: 'doubt',
      reason: isPathway(scope)
        ? `Which listener ${scope.label} serves, and whether it speaks TLS, is chosen at run time.`
        : `Whether ${scope.label} speaks TLS is not known: ${whyUnknown(scope)}`,
      violation,
    };
  return isLocal(scope)
    ? {
        kind: 'fault',
        summary: 'Passwords cross a loopback connection in clear text',
        violation,
        severity: 'low',
      }
    : { kind: 'fault', summary: 'Passwords of mail users cross the network in clear text', violation };
}

/** `AUTH LOGIN PLAIN`; the AUTH of other words, such as AUTH CRAM-MD5, sends no password. */
function clearMechanism(extensions: string): string | null {
  return /\bAUTH\b.*?(?<![\w-])(LOGIN|PLAIN)(?![\w-])/i.exec(extensions)?.[1]?.toUpperCase() ?? null;
}

function whyUnknown(scope: FoundScope['scope']): string {
  const open = ['use_ssl', 'tls_certificate']
    .map((name) => scope.setting(name))
    .find((one) => one.indeterminate);
  return open?.why ?? 'it is set in a file that was not read';
}

/** The listen or the peer is of this host alone. */
function isLocal({ path }: FoundScope['scope']): boolean {
  const nameOf = (type: string): string | null => path.find((step) => step.type === type)?.name ?? null;
  const peer: Cidr | null = parseCidr(nameOf('peer') ?? '');
  return reachOf(nameOf('listen') ?? '') !== 'network' || (peer !== null && isLoopback(peer));
}
