import type { MomentumVersionFact } from '../../facts/momentum-version.js';
import type { Exec } from '../../ports/exec.js';
import type { FileReader } from '../../ports/files.js';

type TlsLibrary = MomentumVersionFact['tlsLibrary'];

const DAEMON = '/opt/msys/ecelerity/sbin/ecelerity';
const ANSWER_MS = 10_000;
const LIBRARY = /^\s*lib(ssl|gnutls)\.so[.\d]*\s+=>\s+(\/\S+)/m;
const OPENSSL_PROGRAMS = ['/opt/msys/3rdParty/bin/openssl', '/usr/bin/openssl'];

/**
 * The manual has no command that tells. ASSUMED: what the loader would give the daemon is what it uses; next best is
 * the product's own openssl, then the system's. `from` says which, because the three can differ.
 */
export async function findTlsLibrary(exec: Exec, files: FileReader): Promise<TlsLibrary> {
  return (
    (await byLoader(exec, files)) ??
    (await byProgram(exec)) ?? { name: null, version: null, from: 'nothing told' }
  );
}

async function byLoader(exec: Exec, files: FileReader): Promise<TlsLibrary | null> {
  const answer = await exec.run({
    program: '/usr/bin/ldd',
    argv: [DAEMON],
    timeoutMs: ANSWER_MS,
    outputBytesMax: 262_144,
  });
  const match = answer.kind === 'exited' ? LIBRARY.exec(answer.stdout) : null;
  if (!match?.[2]) return null;
  const real = files.realpath(match[2]);
  // RHEL: libssl.so.10 is a link to libssl.so.1.0.1e.
  const version = real.ok ? (/\.so\.(\d+\.\d+\.\d+[a-z]*)$/.exec(real.value.path)?.[1] ?? null) : null;
  return {
    name: match[1] === 'gnutls' ? 'gnutls' : 'openssl',
    version: match[1] === 'gnutls' ? null : version,
    from: `ldd ${DAEMON}`,
  };
}

async function byProgram(exec: Exec): Promise<TlsLibrary | null> {
  for (const program of OPENSSL_PROGRAMS) {
    const answer = await exec.run({ program, argv: ['version'], timeoutMs: ANSWER_MS, outputBytesMax: 4096 });
    const version =
      answer.kind === 'exited' ? /^OpenSSL (\d+\.\d+\.\d+[a-z]*)/m.exec(answer.stdout)?.[1] : null;
    if (version) return { name: 'openssl', version, from: `${program} version` };
  }
  return null;
}
