import type { WebuiHttpdFact } from '../../facts/webui-httpd.js';
import { type ApacheVhost, apacheConfig, listenAddress } from '../../knowledge/apache/httpd-conf.js';
import { APACHE_PLACES } from '../../knowledge/momentum/managed-paths.js';
import { namedBy } from '../../knowledge/permissions/named-files.js';
import { defineCollector } from '../../units/fact.js';

/** Manual, install.solaris. */
const PATH = '/opt/msys/ecwebui/config/httpd.conf';

export default defineCollector({
  name: 'webuiHttpd',
  needs: ['install'],
  title: "The web UI's Apache: what it listens on, and which virtual hosts speak TLS",
  timeoutMs: 10_000,
  evidence: 'files-and-system',
  async collect({ files, exec, facts, signal }): Promise<WebuiHttpdFact> {
    const { directives, unread } = apacheConfig(
      namedBy(files, facts.install.serviceUser, APACHE_PLACES),
      PATH,
    );
    const of = (vhost: ApacheVhost | null, name: string) =>
      directives.filter((d) => d.vhost === vhost && d.name === name).at(-1)?.args[0] ?? null;
    const inVhost = (vhost: ApacheVhost, name: string) => of(vhost, name) ?? of(null, name);
    return {
      path: PATH,
      state: stateOf(unread.find(({ path }) => path === PATH)?.problem),
      unread: unread.map(({ path }) => path).filter((path) => path !== PATH),
      listens: directives
        .filter((d) => d.name === 'listen')
        .flatMap(({ args, line }) => {
          const at = listenAddress(args[0] ?? '');
          return at ? [{ line, ...at }] : [];
        }),
      vhosts: directives
        .flatMap(({ name, vhost }) => (name === '<virtualhost>' && vhost ? [vhost] : []))
        .map((vhost) => ({
          ...vhost,
          sslEngine: (inVhost(vhost, 'sslengine') ?? 'off').toLowerCase() === 'on',
          certificateFile: inVhost(vhost, 'sslcertificatefile'),
          certificateKeyFile: inVhost(vhost, 'sslcertificatekeyfile'),
          serverName: inVhost(vhost, 'servername'),
        })),
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
