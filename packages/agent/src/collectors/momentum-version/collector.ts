import type { MomentumVersionFact } from '../../facts/momentum-version.js';
import { consoleBlocker } from '../../knowledge/momentum/console-socket.js';
import type { Exec } from '../../ports/exec.js';
import type { FileReader } from '../../ports/files.js';
import { defineCollector } from '../../units/fact.js';
import { findTlsLibrary } from './tls-library.js';
import { consoleVersion, packageVersion } from './version-text.js';

const ANSWER_MS = 10_000;
const CONSOLE = '/opt/msys/ecelerity/bin/ec_console';
/** Manual, operations.console: the control socket of ecelerity, and on a manager of eccmgr. */
const CONTROL_SOCKET = '/tmp/2025';
const PACKAGE_TOOLS = ['/usr/bin/rpm', '/bin/rpm'];

type Version = Omit<MomentumVersionFact, 'tlsLibrary'>;
type Answer = { readonly version: string } | { readonly silent: string };

export default defineCollector({
  name: 'momentumVersion',
  needs: [],
  title: 'Which Momentum and which TLS library, as the running product or its package says',
  timeoutMs: 60_000,
  evidence: 'files-and-system',
  async collect({ exec, files, settings }): Promise<MomentumVersionFact> {
    const tlsLibrary = await findTlsLibrary(exec, files);
    return { ...(await findVersion(exec, files, settings.assumeMomentum)), tlsLibrary };
  },
});

/** What a person says counts more than what is found: a copy of a tree may stand on a host with another Momentum. */
async function findVersion(exec: Exec, files: FileReader, assumed: string | null): Promise<Version> {
  if (assumed !== null) return { version: assumed, from: 'assumed', detail: 'given with --assume-momentum' };
  const fromConsole = await askConsole(exec, files);
  if ('version' in fromConsole)
    return { version: fromConsole.version, from: 'console', detail: `ec_console ${CONTROL_SOCKET} version` };
  const fromPackage = await askPackages(exec);
  if ('version' in fromPackage)
    return { version: fromPackage.version, from: 'package', detail: "rpm -qa 'msys-ecelerity*'" };
  return {
    version: null,
    from: 'unknown',
    detail: `${fromConsole.silent}; ${fromPackage.silent}; --assume-momentum X.Y.Z can tell`,
  };
}

async function askConsole(exec: Exec, files: FileReader): Promise<Answer> {
  const blocker = consoleBlocker(files);
  if (blocker !== null) return { silent: blocker };
  const answer = await exec.run({
    program: CONSOLE,
    argv: [CONTROL_SOCKET, 'version'],
    timeoutMs: ANSWER_MS,
    outputBytesMax: 65_536,
  });
  if (answer.kind === 'unstarted') return { silent: `ec_console was not run (${answer.detail})` };
  if (answer.kind === 'timeout') return { silent: `ec_console did not answer in ${ANSWER_MS} ms` };
  const version = consoleVersion(answer.stdout);
  return version ? { version } : { silent: 'ec_console gave no version (is Momentum running?)' };
}

async function askPackages(exec: Exec): Promise<Answer> {
  for (const program of PACKAGE_TOOLS) {
    const answer = await exec.run({
      program,
      argv: ['-qa', '--queryformat', '%{NAME} %{VERSION}\\n', 'msys-ecelerity*'],
      timeoutMs: ANSWER_MS,
      outputBytesMax: 65_536,
    });
    if (answer.kind === 'unstarted' && answer.problem === 'missing') continue;
    if (answer.kind !== 'exited') return { silent: `rpm did not answer (${answer.kind})` };
    const version = packageVersion(answer.stdout);
    return version ? { version } : { silent: 'no package msys-ecelerity is installed' };
  }
  return { silent: 'there is no rpm' };
}
