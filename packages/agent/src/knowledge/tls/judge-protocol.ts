import {
  type Config,
  DECIDING_OPTION,
  evaluate,
  libraryOffers,
  optionExists,
  parseGnutlsPriority,
  parseTlsProtocols,
  type TlsScope,
  type TlsVersion,
} from '@castellan/momentum';
import type { Facts } from '../../facts/facts.generated.js';
import {
  fail,
  indeterminate,
  type Judgement,
  judgement,
  notApplicable,
  type Outcome,
  pass,
  type Violation,
} from '../../units/control.js';
import { countOf } from '../../units/wording.js';
import { type FoundScope, isPathway, lineOf, placeOf, speakingScopes, subjectOf } from './scopes.js';

const UNWANTED: readonly TlsVersion[] = ['SSLv2', 'SSLv3'];

const READ = { openssl: parseTlsProtocols, gnutls: (text: string) => parseGnutlsPriority(text) } as const;

interface Answer {
  readonly allows: 'yes' | 'no' | 'unclear';
  readonly key: string;
  readonly violation: Violation;
  readonly doubt: string;
}

/**
 * Whether a protocol version is off in every scope of these directions that speaks TLS; unset is the default, which is
 * on. A judgement for each listener, and for each place in which something else is said of what goes out.
 */
export function judgeProtocol(
  facts: Pick<Facts, 'momentumConfig' | 'momentumVersion'>,
  version: TlsVersion,
  directions: readonly TlsScope['direction'][],
): Outcome | readonly Judgement[] {
  const scopes = speakingScopes(facts).filter(
    ({ config, scope }) => directions.includes(scope.direction) && counts(config, scope),
  );
  if (scopes.length === 0) {
    const [unread] = facts.momentumConfig.unread;
    return unread
      ? indeterminate(`No TLS was seen, but ${unread.path} could not be read and may hold it.`)
      : notApplicable(`Nothing ${directions.join(' or ')} speaks TLS.`);
  }
  const bySubject = new Map<string, Answer[]>();
  for (const found of scopes) {
    const subject = subjectOf(found, facts);
    const answers = bySubject.get(subject) ?? [];
    bySubject.set(subject, answers);
    answers.push(answerOf(found, version, facts.momentumVersion));
  }
  return [...bySubject].map(([subject, answers]) => judgement(subject, outcomeOf(version, subject, answers)));
}

function outcomeOf(version: TlsVersion, subject: string, answers: readonly Answer[]): Outcome {
  // A certain failure outranks a doubt: reporting the doubt first would hide it.
  const offered = once(answers.filter((a) => a.allows === 'yes'));
  if (offered.length > 0)
    return fail(
      `${version} is on: ${subject}`,
      offered.map((a) => a.violation),
    );
  const unclear = once(answers.filter((a) => a.allows === 'unclear'));
  if (unclear.length > 0)
    return indeterminate(
      `Whether ${version} is on (${subject}) cannot be told: ${unclear[0]?.doubt ?? ''}`,
      unclear.map((a) => a.violation),
    );
  return pass(
    `${version} is off in ${countOf(answers.length, 'scope that speaks', 'scopes that speak')} TLS.`,
  );
}

function answerOf(
  { main, scope }: FoundScope,
  version: TlsVersion,
  { version: release, tlsLibrary }: Facts['momentumVersion'],
): Answer {
  const answer = isUnknownTo(release, scope) ? ignored(release, main, scope) : examine(main, scope, version);
  const known = tlsLibrary.name === scope.library ? tlsLibrary.version : null;
  // What the list lets in, a library that never had it does not offer.
  return answer.allows !== 'no' && libraryOffers(scope.library, known, version).answer === 'no'
    ? { ...answer, allows: 'no' }
    : answer;
}

function counts(config: Config, scope: TlsScope): boolean {
  if (scope.posture !== 'unknown' || !isPathway(scope)) return true;
  // Which listener a pathway serves is not in the file: it adds something only where it has a list of its own.
  const { option } = DECIDING_OPTION[scope.library];
  return scope.setting(option).set && lineOf(scope.setting(option)) !== lineOf(evaluate(config, [], option));
}

/** A release that does not know the option offers what its library offers, whatever the file says. */
function isUnknownTo(release: string | null, { library }: TlsScope): release is string {
  return library === 'openssl' && release !== null && optionExists('tls_protocols', release) === false;
}

function ignored(release: string, main: string, scope: TlsScope): Answer {
  return {
    allows: 'yes',
    key: `release of ${main}`,
    violation: {
      at: placeOf(scope.setting('tls_protocols'), scope.label),
      found: `Momentum ${release} does not know TLS_Protocols: every protocol of its OpenSSL is on`,
      proposed: 'Momentum 3.6.6, 4.1.0.2 or later, then +ALL:-SSLv2:-SSLv3',
    },
    doubt: '',
  };
}

function examine(main: string, scope: TlsScope, version: TlsVersion): Answer {
  const { option, unset } = DECIDING_OPTION[scope.library];
  const setting = scope.setting(option);
  const text = setting.text ?? unset;
  const list = READ[scope.library](text);
  const allows = setting.indeterminate ? 'unclear' : list.allows(version);
  const place = placeOf(setting, scope.label);
  return {
    allows,
    key: lineOf(setting) ?? `default of ${option} in ${main}`,
    violation: {
      at: place,
      found: setting.set ? text : `${option} is not set: ${text}`,
      proposed: setting.set
        ? list.without(UNWANTED)
        : `${unset === '+ALL' ? '+ALL:-SSLv2:-SSLv3' : 'NORMAL:-VERS-SSL3.0'}`,
    },
    doubt: setting.indeterminate
      ? setting.why
      : `"${text}" can be read in two ways${list.warnings.length > 0 ? ` (${list.warnings.join('; ')})` : ''}`,
  };
}

/** One violation for each line that decides, however many scopes inherit it. */
function once(answers: readonly Answer[]): Answer[] {
  return [...new Map([...answers].reverse().map((a) => [a.key, a])).values()].reverse();
}
