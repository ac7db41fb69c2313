import {
  DECIDING_OPTION,
  formatScope,
  type ScopeStep,
  type TlsLibrary,
  type TlsVersion,
} from '@castellan/momentum';
import { recheckAll } from '../../units/recheck.js';
import type { Verified, VerifyContext } from '../../units/remediation.js';
import { runningValue } from '../momentum/running-value.js';
import { ownValues } from './own-values.js';
import { stillServed } from './still-served.js';
import { listOf } from './switch-off.js';

const SCOPES_MAX = 50;

/**
 * The running Momentum is asked what it makes of the files, its listeners what they speak, and the files are judged
 * again: these versions are to be off.
 */
export async function verifyVersions(
  context: VerifyContext<'momentumConfig' | 'momentumVersion' | 'servedTls'>,
  versions: readonly TlsVersion[],
  controls: readonly string[],
): Promise<Verified> {
  const { tlsLibrary } = context.facts.momentumVersion;
  const asked = context.facts.momentumConfig.configs
    .filter(({ kind }) => kind === 'mta')
    .flatMap(({ config }) =>
      (['openssl', 'gnutls'] as const).flatMap((library) =>
        ownValues(config, library, DECIDING_OPTION[library].option).map(({ path }) => ({ library, path })),
      ),
    );
  for (const { library, path } of asked.slice(0, SCOPES_MAX)) {
    const { option } = DECIDING_OPTION[library];
    const running = await runningValue(context, path, option);
    const version = tlsLibrary.name === library ? tlsLibrary.version : null;
    const fault = faultOf({ running, library, path, option, version, versions });
    if (fault.kind === 'on') return { ok: false, why: fault.text };
    if (fault.kind === 'unread') context.note(fault.text);
  }
  const served = await stillServed(context, context.facts.servedTls, versions);
  if (served !== null) return { ok: false, why: served };
  return recheckAll(context, controls);
}

interface Running {
  readonly running: string | null;
  readonly library: TlsLibrary;
  readonly path: readonly ScopeStep[];
  readonly option: string;
  readonly version: string | null;
  readonly versions: readonly TlsVersion[];
}

function faultOf({ running, library, path, option, version, versions }: Running) {
  const where = formatScope(path) || 'the global scope';
  if (running === null)
    return { kind: 'unread', text: `${where}: the console gave no answer that could be read` } as const;
  const list = listOf(library, running, version);
  return versions.some((one) => list.allows(one) !== 'no')
    ? ({ kind: 'on', text: `the running Momentum still has ${option} = "${running}" in ${where}` } as const)
    : ({ kind: 'off' } as const);
}
