import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { CasError, casError } from '@castellan/shared/errors/cas-error';
import { type BesidePorts, besidePorts } from '../adapters/beside/beside-ports.js';
import { readFarProgram } from '../adapters/beside/far-program.js';
import { type FarSession, openSession, type SessionOptions } from '../adapters/beside/far-session.js';
import { openShSession } from '../adapters/beside/sh-session.js';
import { KNOWN_HOSTS, SSH_CONFIG, type SshOptions } from '../adapters/beside/ssh-command.js';
import { parseTarget, type Target, targetText } from '../adapters/beside/target.js';
import type { Turns } from '../adapters/beside/turns.js';
import type { BesideOptions } from './beside-options.js';

export interface Beside extends Pick<FarSession, 'onEnd' | 'close'> {
  readonly session: FarSession;
  readonly ports: BesidePorts;
  /** `[user@]host`. */
  readonly through: string;
  /** The node's clock less this host's, milliseconds, at least; 0: it may be the same, as far as one round trip tells. */
  readonly skewMs: number;
  readonly knownHostsFile: string;
}

/** A clock that differs less says nothing: the node tells whole seconds, and the way takes its time. */
export const SKEW_TOLD_MS = 5000;

/** Logs in to the node. Whoever has it closes the session. */
export async function openBeside(
  options: BesideOptions & { readonly host: string },
  how: {
    readonly root: string;
    readonly probe: boolean;
    readonly signal: AbortSignal;
    /** Looks at many nodes, which wait for one another. */
    readonly looks?: Turns;
  },
): Promise<Beside> {
  const target = parseTarget(options.host);
  const probeTarget = probeTargetOf(options);
  const ssh = sshOptions(options);
  const askedAt = Date.now();
  const session = await openLooking({ target, ssh, signal: how.signal });
  const skewMs = skewOf(session.hello.timeMs, askedAt, Date.now());
  try {
    const ports = await besidePorts({ session, target, ...probeTarget, ssh, ...how });
    return {
      session,
      ports,
      through: targetText(target),
      skewMs,
      knownHostsFile: ssh.knownHostsFile,
      onEnd: (ended) => session.onEnd(ended),
      close: () => session.close(),
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** By Perl where there is one, by sh otherwise. */
export async function openLooking(
  way: Pick<SessionOptions, 'target' | 'ssh' | 'signal' | 'sshProgram'>,
): Promise<FarSession> {
  const marker = () => randomBytes(16).toString('hex');
  try {
    return await openSession({ ...way, program: readFarProgram(), marker: marker() });
  } catch (error) {
    if (!(error instanceof CasError) || error.code !== 'CAS_BESIDE_NO_PERL') throw error;
    return openShSession({ ...way, marker: marker() });
  }
}

export function probeTargetOf({ probeHost }: BesideOptions): { readonly probeTarget?: Target } {
  return probeHost === undefined ? {} : { probeTarget: parseTarget(probeHost, '--probe-host') };
}

export function sshOptions({ sshConfig, knownHosts = KNOWN_HOSTS }: BesideOptions): SshOptions {
  const named = sshConfig ?? (existsSync(SSH_CONFIG) ? SSH_CONFIG : null);
  for (const path of [named, knownHosts])
    if (path !== null && (!existsSync(path) || /["\n]/.test(path)))
      throw casError(
        'CAS_INPUT_INVALID',
        `${path}: there is no such file${path === knownHosts ? '. It holds the keys of nodes that a person has compared: ssh-keyscan HOST shows one, the node itself shows its fingerprint' : ''}`,
      );
  return { configFile: named, knownHostsFile: knownHosts };
}

/** It said so at some moment between the two. */
function skewOf(toldMs: number, askedAt: number, heardAt: number): number {
  return toldMs > heardAt ? toldMs - heardAt : Math.min(0, toldMs - askedAt);
}
