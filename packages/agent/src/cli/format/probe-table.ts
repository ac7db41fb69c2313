import picocolors from 'picocolors';
import type { ServedTls, VersionAnswer } from '../../facts/parts/served-tls.js';

/** One document of `probe --format json`. */
export interface Probed extends ServedTls {
  readonly schema: 'castellan.probe/1';
  readonly host: string;
  readonly port: number;
  readonly starttls: 'smtp' | 'postgres' | 'ldap' | null;
}

/** What is broken for everybody, whatever policy says. */
const BROKEN = ['SSLv2', 'SSLv3'];
const OUTDATED = ['TLSv1.0', 'TLSv1.1'];
/** Fewer bits than policy wants by default (MOM-TLS-007). */
const DH_BITS_MIN = 2048;
const DAY_MS = 86_400_000;

type Colours = ReturnType<typeof picocolors.createColors>;

/** For a person: the worst in one line first, then a line for each question. */
export function probeTable(probed: Probed, colour: boolean, nowMs: number): string {
  const c = picocolors.createColors(colour);
  const how = probed.starttls === null ? '' : ` (${probed.starttls}, STARTTLS)`;
  const lines = [
    c.bold(`${probed.host}:${probed.port}${how}: ${headline(probed, nowMs)}`),
    '',
    ...probed.versions.map((one) => versionLine(one, c)),
  ];
  const rows: [string, string][] = [
    ...cbcRow(probed),
    ['DHE', dheText(probed)],
    ['weak', weakText(probed)],
    ...injectionRow(probed),
    ...chainRows(probed, nowMs),
  ];
  lines.push('', ...rows.map(([name, text]) => `  ${name.padEnd(9)} ${text}`));
  lines.push('', c.dim(`${probed.connections} connections. What policy makes of it: castellan-agent check`));
  return `${lines.join('\n')}\n`;
}

function headline(probed: Probed, nowMs: number): string {
  const on = (names: readonly string[]) =>
    probed.versions.filter(({ version, answer }) => answer === 'offered' && names.includes(version));
  const [leaf] = probed.chain;
  const bad = [
    ...on(BROKEN).map(({ version }) => `${version} is on`),
    ...(probed.injection?.kind === 'carried-out' ? ['STARTTLS injection works'] : []),
    ...(leaf && leaf.notAfterMs < nowMs ? ['its certificate has ended'] : []),
    ...(probed.dhe?.bits && probed.dhe.bits < DH_BITS_MIN ? [`DHE has ${probed.dhe.bits} bits`] : []),
    ...(probed.weak && probed.weak.kinds.length > 0 ? ['weak ciphers are on'] : []),
    ...on(OUTDATED).map(({ version }) => `${version} is on`),
  ];
  if (bad.length > 0) return bad.join(', ');
  const unclear = probed.versions.filter(({ answer }) => answer === 'inconclusive').length;
  return unclear > 0
    ? `${unclear} of ${probed.versions.length} versions could not be told`
    : 'nothing old is on';
}

function versionLine({ version, answer, reason, cipher }: VersionAnswer, c: Colours): string {
  const name = `  ${version.padEnd(9)} `;
  if (answer === 'inconclusive') return `${name}${c.magenta('unknown'.padEnd(8))} ${reason}`;
  if (answer === 'not-offered') return `${name}${'off'.padEnd(8)} ${c.dim(reason)}`;
  const paint = BROKEN.includes(version) ? c.red : OUTDATED.includes(version) ? c.yellow : c.green;
  return `${name}${paint('ON'.padEnd(8))} ${cipher ?? 'without ciphers'}`;
}

function cbcRow({ cbcUnderSslv3 }: Probed): [string, string][] {
  if (cbcUnderSslv3 === null) return [];
  const { answer, reason } = cbcUnderSslv3;
  const text = { offered: 'CBC is accepted: POODLE', 'not-offered': 'no CBC', inconclusive: 'unknown' }[
    answer
  ];
  return [['SSLv3', `${text} (${reason})`]];
}

function dheText({ dhe }: Probed): string {
  if (dhe === null) return 'not asked: nothing to TLS 1.2 is offered';
  if (dhe.answer === 'inconclusive') return `unknown (${dhe.reason})`;
  if (dhe.answer === 'not-offered') return `off (${dhe.reason})`;
  if (dhe.bits === null) return `on, and no prime was shown (${dhe.reason})`;
  const group = dhe.group ?? `a prime of its own, ${(dhe.primeSha256 ?? '').slice(0, 16)}`;
  return `${dhe.bits} bits, ${dhe.isPrime === false ? 'NO PRIME' : group}`;
}

function weakText({ weak }: Probed): string {
  if (weak === null) return 'not asked: nothing to TLS 1.2 is offered';
  if (weak.kinds.length > 0) return `${weak.kinds.join(', ')} (${weak.suites.join(', ')})`;
  return weak.answer === 'not-offered' ? 'none' : `unknown (${weak.reason})`;
}

function injectionRow({ injection }: Probed): [string, string][] {
  if (injection === null) return [];
  const text = {
    'carried-out': 'CARRIED OUT',
    ignored: 'ignored',
    rejected: 'rejected',
    inconclusive: 'unknown',
  };
  return [['injection', `${text[injection.kind]}: ${injection.detail}`]];
}

function chainRows({ chain }: Probed, nowMs: number): [string, string][] {
  if (chain.length === 0) return [['chain', 'unknown: none was seen']];
  return chain.map((one, at) => {
    const days = Math.floor((one.notAfterMs - nowMs) / DAY_MS);
    const left = days < 0 ? `ENDED ${-days} days ago` : `${days} days left`;
    const key = `${one.keyType}${one.keyBits === null ? '' : ` ${one.keyBits}`}`;
    return [at === 0 ? 'chain' : '', `${one.subject}, ${key}, ${left}, ${one.fingerprint.slice(0, 16)}`];
  });
}
