import type { Evaluation } from '../evaluate/evaluate.js';
import { type TlsScope, tlsScopes } from '../evaluate/tls.js';
import { type EffectiveTls, effectiveTls, type TlsRuntime } from '../evaluate/tls-effective.js';
import type { TlsLibrary } from '../values/library-protocols.js';
import { PROTOCOL_VERSIONS } from '../values/tls-protocols.js';
import { placeOf } from './eval.js';
import { EXIT } from './exit-code.js';
import type { Io } from './io.js';
import { type LoadFlags, load } from './load.js';
import { requireRelease, requireVersion } from './names.js';

export interface TlsFlags extends LoadFlags {
  readonly momentum?: string;
  readonly openssl?: string;
  readonly gnutls?: string;
  readonly format: string;
}

const COLUMNS = [
  ['protocols', 'tls_protocols'],
  ['ciphers', 'tls_ciphers'],
  ['certificate', 'tls_certificate'],
  ['key', 'tls_key'],
] as const;

/** Every scope that speaks TLS, or could: the versions that are on, the values in force and the line that decides each. */
export function tls(io: Io, path: string, flags: TlsFlags): number {
  const { momentum, openssl, gnutls } = flags;
  if (momentum !== undefined) requireRelease(momentum);
  if (openssl !== undefined) requireVersion(openssl, 'OpenSSL', '1.0.1e');
  if (gnutls !== undefined) requireVersion(gnutls, 'GnuTLS', '3.1.5');
  const { config } = load(io, path, flags);
  const runtime: TlsRuntime = {
    momentumVersion: momentum ?? null,
    libraryVersions: { openssl: openssl ?? null, gnutls: gnutls ?? null },
  };
  const rows = tlsScopes(config, momentum === undefined ? {} : { momentumVersion: momentum }).map(
    (scope) => ({
      scope,
      effective: effectiveTls(scope, runtime),
      settings: COLUMNS.map(([name, option]) => ({
        name,
        answer: scope.setting(option),
        ignored: whyIgnored(option, scope),
      })),
    }),
  );
  io.out(
    flags.format === 'json' ? `${JSON.stringify({ scopes: rows.map(document) }, null, 2)}\n` : describe(rows),
  );
  for (const library of unknownLibraries(rows, runtime))
    io.err(`the version of the library is not given (--${library}): what it cannot speak is not taken off\n`);
  return EXIT.ok;
}

interface Setting {
  readonly name: (typeof COLUMNS)[number][0];
  readonly answer: Evaluation;
  /** Why the value has no effect here; null where it has. */
  readonly ignored: string | null;
}

interface Row {
  readonly scope: TlsScope;
  readonly effective: EffectiveTls | null;
  readonly settings: readonly Setting[];
}

function whyIgnored(option: string, scope: TlsScope): string | null {
  const { ignored } = scope.setting(option);
  if (ignored !== null) return ignored;
  return scope.library === 'gnutls' && option === 'tls_protocols' ? 'GnuTLS does not read it' : null;
}

function document({ scope, effective, settings }: Row): object {
  const { direction, path, label, at, enabled, posture, library } = scope;
  const values = settings.map(({ name, answer, ignored }) => {
    const { option, value, set, origin, indeterminate, why, candidates } = answer;
    const base = { option, value, set, origin, indeterminate, why, ignored };
    return [name, { ...base, ...(indeterminate ? { candidates } : {}) }];
  });
  return {
    ...{ direction, scope: path, label, at, enabled, posture, library },
    effective: effective?.versions ?? null,
    notes: effective?.notes ?? [],
    ...Object.fromEntries(values),
  };
}

function describe(rows: readonly Row[]): string {
  const shared = sharedNotes(rows);
  const notes = [...shared].map(([note, count]) => `note (${count} scopes): ${note}\n`);
  return [
    ...rows.map((row) => describeScope(row, shared)),
    ...(notes.length > 0 ? [notes.join('')] : []),
  ].join('\n');
}

/** What is said of more than one scope, and of how many: it is told once. */
function sharedNotes(rows: readonly Row[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const note of rows.flatMap(({ effective }) => effective?.notes ?? []))
    counts.set(note, (counts.get(note) ?? 0) + 1);
  return new Map([...counts].filter(([, count]) => count > 1));
}

function describeScope({ scope, effective, settings }: Row, shared: ReadonlyMap<string, number>): string {
  const off = scope.enabled ? '' : ', switched off';
  const lines = settings.map(({ name, answer, ignored }) => {
    const text = answer.indeterminate ? `indeterminate: ${answer.why}` : (answer.text ?? '-');
    if (ignored !== null) return `  ${name.padEnd(12)} ${answer.set ? `${text} (ignored: ${ignored})` : '-'}`;
    const place = answer.text === null && !answer.set ? '' : placeOf(answer.origin);
    return `  ${name.padEnd(12)} ${text.padEnd(40)} ${place}`.trimEnd();
  });
  const own = (effective?.notes ?? []).filter((note) => !shared.has(note));
  return [
    `${scope.direction} ${scope.label}  (${scope.posture}, ${scope.library}${off})`,
    `  effective: ${effective ? versionsOf(effective) : 'no TLS is spoken here'}`,
    ...lines,
    ...own.map((note) => `  note: ${note}`),
    '',
  ].join('\n');
}

/** Libraries that some scope speaks with and whose version nobody gave. */
function unknownLibraries(rows: readonly Row[], { libraryVersions }: TlsRuntime): readonly TlsLibrary[] {
  const speaking = rows.filter(({ effective }) => effective !== null).map(({ scope }) => scope.library);
  return [...new Set(speaking)].filter((library) => (libraryVersions?.[library] ?? null) === null);
}

/** The newest first, as people ask for it. */
function versionsOf({ versions }: EffectiveTls): string {
  return [...PROTOCOL_VERSIONS]
    .reverse()
    .map((version) => `${version} ${versions[version]}`)
    .join(', ');
}
