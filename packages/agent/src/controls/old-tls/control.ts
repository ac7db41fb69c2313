import {
  DECIDING_OPTION,
  type Evaluation,
  effectiveTls,
  libraryOffers,
  PROTOCOL_VERSIONS,
  type ProtocolVersion,
  parseGnutlsPriority,
  parseTlsProtocols,
  TLS_VERSIONS,
  type TlsScope,
  type TlsVersion,
} from '@castellan/momentum';
import type { Facts } from '../../facts/facts.generated.js';
import { type Answer, judgeAnswers } from '../../knowledge/listeners/answer.js';
import { isPathway, lineOf, placeOf, speakingScopes, subjectOf } from '../../knowledge/tls/scopes.js';
import { versionsServed } from '../../knowledge/tls/wire-rules.js';
import { withServed } from '../../knowledge/tls/with-served.js';
import { defineControl, indeterminate, withParams } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

const TLS_ONLY = PROTOCOL_VERSIONS.filter((version) => version.startsWith('TLS'));

interface Asked {
  readonly forbidden: readonly TlsVersion[];
  readonly release: string | null;
  /** Of the library that the scope uses; null: not known. */
  readonly libraryVersion: string | null;
}

export default defineControl({
  id: 'MOM-TLS-005',
  slug: 'old-tls',
  title: 'TLS1.0/1.1 policy',
  severity: 'medium',
  subject: 'old-tls',
  reads: ['momentumConfig', 'momentumVersion', 'servedTls'],
  sources: [{ cite: 'RFC 8996' }, manual3('conf.ref.tls_protocols'), manual3('install.security')],
  remediation: 'tls-old-versions',
  otherRemediations: ['config-reload'],
  params: {
    forbidden: {
      default: 'TLSv1.0',
      text: 'Versions of TLS that must be off, with blanks between: TLSv1.0 TLSv1.1; empty: none. TLSv1.0 alone is the mildest that keeps anything out: RFC 8996 and card payments (PCI DSS) forbid it, while TLSv1.1 is what a host that cannot speak 1.2 would fall back to.',
    },
  },

  evaluate({ facts, params }) {
    const { severity, subject } = this;
    const words = params.forbidden.split(/[\s,]+/).filter((word) => word !== '');
    const forbidden = TLS_VERSIONS.filter((version) =>
      words.some((word) => word.toLowerCase() === version.toLowerCase()),
    );
    if (forbidden.length < new Set(words.map((word) => word.toLowerCase())).size)
      return indeterminate(
        `The policy forbids "${params.forbidden}", which names more than ${TLS_VERSIONS.join(', ')}.`,
      );
    const answers = speakingScopes(facts)
      .filter(({ scope }) => addsSomething(scope))
      .map((found) => ({
        subject: subjectOf(found, facts),
        ...answerOf(found.scope, askedOf(found.scope, facts, forbidden)),
      }));
    const none = 'Nothing speaks TLS.';
    const disk = judgeAnswers(
      { severity, subject, what: 'further scopes with TLS', none },
      facts.momentumConfig,
      answers,
    );
    const judged = withServed(disk, {
      servedTls: facts.servedTls,
      control: this.id,
      whole: subject,
      says: (served) => versionsServed(served, forbidden),
    });
    return withParams(judged, { oldest: forbidden.includes('TLSv1.1') ? 'TLSv1.2' : 'TLSv1.1' });
  },
});

/** A pathway that sets no list of its own has what its listener has, which is judged there. */
function addsSomething(scope: TlsScope): boolean {
  if (!isPathway(scope)) return true;
  return ['tls_protocols', 'tls_ciphers'].some((option) =>
    scope.setting(option).chain.some(({ where, origin }) => where === scope.label && origin !== null),
  );
}

function askedOf(
  scope: TlsScope,
  { momentumVersion }: Pick<Facts, 'momentumVersion'>,
  forbidden: Asked['forbidden'],
): Asked {
  const { version, tlsLibrary } = momentumVersion;
  return {
    forbidden,
    release: version,
    libraryVersion: tlsLibrary.name === scope.library ? tlsLibrary.version : null,
  };
}

function answerOf(scope: TlsScope, asked: Asked): Answer {
  const { release, libraryVersion, forbidden } = asked;
  const tls = effectiveTls(scope, {
    momentumVersion: release,
    libraryVersions: { [scope.library]: libraryVersion },
  });
  if (!tls) return { kind: 'exempt', reason: 'It speaks no TLS.' };
  const { versions } = tls;
  if (TLS_ONLY.every((version) => versions[version] === 'no')) return nothingLeft(scope, asked);
  const on = forbidden.filter((version) => versions[version] === 'yes');
  if (on.length > 0) return forbiddenOn(scope, on, asked);
  const unclear = forbidden.find((version) => versions[version] === 'unclear');
  if (unclear)
    return {
      kind: 'doubt',
      reason: `Whether ${unclear} is on in ${scope.label} cannot be told: ${whyOf(tls)}`,
    };
  const spoken = TLS_ONLY.find(
    (version) => versions[version] === 'yes' && isSure(scope, version, libraryVersion),
  );
  if (spoken === undefined)
    return {
      kind: 'doubt',
      reason: `Whether anything is left to speak in ${scope.label} cannot be told: ${libraryVersion === null ? 'which OpenSSL runs is not known' : whyOf(tls)}.`,
    };
  return {
    kind: 'ok',
    summary:
      forbidden.length === 0 ? 'Policy forbids no version.' : `${forbidden.join(', ')} off, and TLS is left.`,
  };
}

function whyOf({ notes, decidedBy }: NonNullable<ReturnType<typeof effectiveTls>>): string {
  return (
    notes[0] ?? (decidedBy ? `"${decidedBy.text ?? ''}" can be read in two ways` : 'the library decides')
  );
}

/** Of an OpenSSL that is not known, TLS 1.0 alone is sure to be there: 1.1 and 1.2 came with 1.0.1. */
function isSure({ library }: TlsScope, version: ProtocolVersion, libraryVersion: string | null): boolean {
  return library === 'gnutls' || libraryVersion !== null || version === 'TLSv1.0';
}

function nothingLeft(scope: TlsScope, { release, libraryVersion }: Asked): Answer {
  const setting = decidingOf(scope);
  const runs = libraryVersion === null ? `Momentum ${release ?? ''}` : `${scope.library} ${libraryVersion}`;
  return {
    kind: 'fault',
    summary: `No TLS at all: the lists leave no version that ${runs} can speak`,
    violation: {
      at: placeOf(setting, scope.label),
      found: `${setting.option} = ${setting.text ?? ''}`,
      proposed: 'a list with a version that the library has, such as +ALL:-SSLv2:-SSLv3',
    },
  };
}

function forbiddenOn(
  scope: TlsScope,
  on: readonly TlsVersion[],
  { release, libraryVersion, forbidden }: Asked,
): Answer {
  const setting = scope.setting(DECIDING_OPTION[scope.library].option);
  const names = on.join(', ');
  const left = TLS_ONLY.filter(
    (version) =>
      !forbidden.some((one) => one === version) &&
      libraryOffers(scope.library, libraryVersion, version).answer === 'yes',
  );
  if (libraryVersion !== null && left.length === 0)
    return {
      kind: 'exempt',
      reason: `${scope.library} ${libraryVersion} has nothing that policy does not forbid: without ${names} there would be no TLS at all.`,
    };
  const violation = {
    at: placeOf(setting, scope.label),
    found: found(setting, names),
    proposed:
      setting.ignored === null
        ? without(scope, setting.text, forbidden)
        : 'a release that knows TLS_Protocols',
  };
  if (scope.library === 'openssl' && libraryVersion === null)
    return {
      kind: 'doubt',
      reason: `${names} is on. Which OpenSSL Momentum ${release ?? ''} uses is not known, and one before 1.0.1 has nothing newer than TLSv1.0, so that it cannot be demanded.`,
      violation,
    };
  return { kind: 'fault', summary: `${names} on, which policy forbids`, violation };
}

/** Under GnuTLS the priority string; else the list of protocols, or the ciphers where it is they that leave nothing. */
function decidingOf(scope: TlsScope): Evaluation {
  if (scope.library === 'gnutls') return scope.setting('tls_ciphers');
  const protocols = scope.setting('tls_protocols');
  return lineOf(protocols) === null && scope.setting('tls_ciphers').set && protocols.ignored === null
    ? scope.setting('tls_ciphers')
    : protocols;
}

function found({ set, option, text, ignored }: Evaluation, names: string): string {
  if (ignored !== null) return `${option}: ${ignored}, and all that the library has is on, ${names} too`;
  return set ? (text ?? '') : `${option} is not set: ${text ?? 'the default of the library'}`;
}

function without({ library }: TlsScope, text: string | null, forbidden: readonly TlsVersion[]): string {
  return library === 'gnutls'
    ? parseGnutlsPriority(text ?? 'NORMAL').without(['SSLv3', ...forbidden])
    : parseTlsProtocols(text ?? '+ALL').without(['SSLv2', 'SSLv3', ...forbidden]);
}
