import type { HttpdAnswer, WebuiHttpdFact } from '../../facts/webui-httpd.js';
import type { ApacheConfig } from '../../knowledge/apache/directives.js';
import { differenceOf, dumpedHosts } from '../../knowledge/apache/dump-vhosts.js';
import { apacheConfig, listenAddress } from '../../knowledge/apache/httpd-conf.js';
import { apacheHosts } from '../../knowledge/apache/virtual-hosts.js';
import { APACHE_PLACES, isClosed, openFolderAbove } from '../../knowledge/momentum/managed-paths.js';
import { httpdProgram } from '../../knowledge/momentum/programs.js';
import { namedBy } from '../../knowledge/permissions/named-files.js';
import type { Exec } from '../../ports/exec.js';
import type { FileReader } from '../../ports/files.js';
import { defineCollector } from '../../units/fact.js';

/** Manual, install.solaris. */
const PATH = '/opt/msys/ecwebui/config/httpd.conf';
const ASK_MS = 5_000;

export default defineCollector({
  name: 'webuiHttpd',
  needs: ['install'],
  title: "The web UI's Apache: what it listens on, and which virtual hosts speak TLS",
  timeoutMs: 15_000,
  evidence: 'files-and-system',
  async collect({ files, exec, facts, signal, settings }): Promise<WebuiHttpdFact> {
    const config = apacheConfig(namedBy(files, facts.install.serviceUser, APACHE_PLACES), PATH);
    const { directives, unread, unknowns } = config;
    const hosts = apacheHosts(config);
    const mainName = hosts[0]?.serverName ?? null;
    return {
      path: PATH,
      state: stateOf(unread.find(({ path }) => path === PATH)?.problem),
      unread: unread.map(({ path }) => path).filter((path) => path !== PATH),
      unknowns: unknowns.map(({ file, line, why }) => ({ file, line, why })),
      listens: directives
        .filter((d) => d.name === 'listen')
        .flatMap(({ args, line }) => {
          const at = listenAddress(args[0] ?? '');
          return at ? [{ line, ...at }] : [];
        }),
      vhosts: hosts.flatMap(({ vhost, engine, pairs, serverName }) =>
        vhost === null
          ? []
          : [
              {
                ...vhost,
                sslEngine: engine === 'on',
                certificateFile: pairs[0]?.certificatePath ?? null,
                certificateKeyFile: pairs[0]?.keyPath ?? null,
                serverName: serverName ?? mainName,
              },
            ],
      ),
      authority: settings?.live
        ? await ask(files, exec, config, signal)
        : notAsked('programs are not run here'),
      nameServiceCache: facts.install.os.family === 'solaris' ? await cacheIsOn() : null,
    };

    /** Solaris: `svcs -H -o state name-service-cache`; null where it gives no answer. */
    async function cacheIsOn(): Promise<boolean | null> {
      const answer = await exec.run({
        program: '/usr/bin/svcs',
        argv: ['-H', '-o', 'state', 'name-service-cache'],
        timeoutMs: 5_000,
        signal,
      });
      return answer.kind === 'exited' && answer.code === 0 ? answer.stdout.trim() === 'online' : null;
    }
  },
});

function stateOf(problem: string | undefined): WebuiHttpdFact['state'] {
  if (problem === undefined) return 'parsed';
  return problem === 'missing' || problem === 'denied' ? problem : 'failed';
}

function notAsked(why: string): HttpdAnswer {
  return { kind: 'not-asked', why };
}

/**
 * `httpd -t` changes nothing, but loads the modules that the configuration names and may run its programs, as root: it is
 * asked only of files that nobody but root can write.
 */
async function ask(
  files: FileReader,
  exec: Exec,
  config: ApacheConfig,
  signal: AbortSignal,
): Promise<HttpdAnswer> {
  if (config.runsPrograms) return notAsked('the configuration names programs, which httpd -t may run');
  const open = [PATH, ...config.filesRead].find((path) => !isRootsAlone(files, path));
  if (open !== undefined)
    return notAsked(`another user than root can write ${open}, and what it names would run as root`);
  const program = httpdProgram(files);
  if (program === null) return notAsked('the start script names no httpd of the product');
  const answer = await exec.run({
    program,
    argv: ['-t', '-D', 'DUMP_VHOSTS', '-D', 'DUMP_RUN_CFG', '-f', PATH],
    timeoutMs: ASK_MS,
    signal,
  });
  if (answer.kind !== 'exited' || answer.code !== 0)
    return notAsked(
      `${program} -t did not answer (${answer.kind === 'exited' ? `code ${answer.code}` : answer.kind})`,
    );
  const difference = differenceOf(config, dumpedHosts(answer.stdout));
  return difference === null ? { kind: 'agrees', program } : { kind: 'differs', program, ...difference };
}

function isRootsAlone(files: FileReader, path: string): boolean {
  const real = files.realpath(path);
  if (!real.ok || real.value.links.length > 0) return false;
  const stat = files.stat(path);
  return stat.ok && isClosed(stat.value) && openFolderAbove(files, path) === null;
}
