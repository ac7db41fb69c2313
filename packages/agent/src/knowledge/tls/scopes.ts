import { type Config, DECIDING_OPTION, type Evaluation, type TlsScope, tlsScopes } from '@castellan/momentum';
import type { Place } from '@castellan/shared/model/verdict';
import type { Facts } from '../../facts/facts.generated.js';

export interface FoundScope {
  readonly instance: string;
  readonly main: string;
  readonly config: Config;
  readonly scope: TlsScope;
}

type Read = Pick<Facts, 'momentumConfig' | 'momentumVersion'>;

/** Every enabled scope whose TLS can differ, those without TLS included, as the release that runs reads them. */
export function enabledScopes({ momentumConfig, momentumVersion: { version } }: Read): FoundScope[] {
  const options = version === null ? {} : { momentumVersion: version };
  return momentumConfig.configs.flatMap(({ instance, main, config }) =>
    tlsScopes(config, options)
      .filter(({ enabled }) => enabled)
      .map((scope) => ({ instance, main, config, scope })),
  );
}

/** Every scope that speaks TLS, or could. */
export function speakingScopes(facts: Read): FoundScope[] {
  return enabledScopes(facts).filter(({ scope }) => scope.posture !== 'plain' && scope.posture !== 'none');
}

/** Scopes of SMTP that take connections: listens and their peers, and pathways, which are of SMTP alone. */
export function smtpReception(facts: Read): FoundScope[] {
  return enabledScopes(facts).filter(
    ({ scope }) =>
      scope.direction === 'inbound' && (isPathway(scope) || scope.path[0]?.type === 'esmtp_listener'),
  );
}

/** Which listener a pathway serves is chosen at run time. */
export function isPathway({ path }: TlsScope): boolean {
  return path.at(-1)?.type === 'pathway';
}

/**
 * Of what comes in, the listener. Of what goes out, the scope whose own setting counts: hundreds of domains that inherit
 * one are one subject. With several main files, the instance too.
 */
export function subjectOf(
  { instance, scope }: FoundScope,
  facts: Pick<Facts, 'momentumConfig'>,
  option: string = DECIDING_OPTION[scope.library].option,
): string {
  const place = scope.direction === 'inbound' ? scope.label : scopeThatSets(scope.setting(option));
  const where = place === '' ? scope.direction : `${scope.direction} ${place}`;
  return facts.momentumConfig.configs.length > 1 ? `${instance} ${where}` : where;
}

/** The scope in which the line stands that decides; empty: the file's own level, or nothing sets it. */
export function scopeThatSets({ chain }: Evaluation): string {
  const where = chain.find(({ origin }) => origin?.kind === 'file')?.where ?? '';
  return where.toLowerCase() === 'global' ? '' : where;
}

/** Where a setting stands. */
export function placeOf({ origin }: Evaluation, label: string): Place {
  if (origin.kind === 'file') return { file: origin.file, line: origin.line, scope: label };
  // What nobody sets is the same everywhere: the first scope that feels it would only mislead.
  return { scope: 'Global', object: 'default' };
}

/** `file:line` of the line that decides; null: no line does. */
export function lineOf({ origin }: Evaluation): string | null {
  return origin.kind === 'file' ? `${origin.file}:${origin.line}` : null;
}
