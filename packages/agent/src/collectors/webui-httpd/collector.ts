import { apacheDirectives, listenAddress } from '../../kit/apache-directives.js';
import { defineCollector } from '../../kit/fact.js';
import type { WebuiHttpdFact } from './fact.js';

/** Manual, install.solaris. */
const PATH = '/opt/msys/ecwebui/config/httpd.conf';

export default defineCollector({
  name: 'webuiHttpd',
  needs: ['install'],
  title: "The web UI's Apache: what it listens on, and which virtual hosts speak TLS",
  timeoutMs: 10_000,
  evidence: 'files-and-system',
  async collect({ files, exec, facts, signal }): Promise<WebuiHttpdFact> {
    const none = { path: PATH, listens: [], vhosts: [], nameServiceCache: null };
    const content = files.read(PATH, { bytesMax: 4 * 1024 * 1024 });
    if (!content.ok) {
      return {
        ...none,
        state: content.problem === 'missing' || content.problem === 'denied' ? content.problem : 'failed',
      };
    }
    const directives = apacheDirectives(content.value.toString('utf8'));
    const of = (vhost: number | null, name: string) =>
      directives.filter((d) => d.vhost === vhost && d.name === name).at(-1)?.args[0] ?? null;
    return {
      path: PATH,
      state: 'parsed',
      listens: directives
        .filter((d) => d.name === 'listen')
        .flatMap((d) => {
          const at = listenAddress(d.args[0] ?? '');
          return at ? [{ line: d.line, ...at }] : [];
        }),
      vhosts: directives
        .filter((d) => d.name === '<virtualhost>')
        .map((d) => ({
          line: d.line,
          address: d.vhostAddress ?? '',
          sslEngine: (of(d.line, 'sslengine') ?? of(null, 'sslengine') ?? 'off').toLowerCase() === 'on',
          certificateFile: of(d.line, 'sslcertificatefile') ?? of(null, 'sslcertificatefile'),
          certificateKeyFile: of(d.line, 'sslcertificatekeyfile') ?? of(null, 'sslcertificatekeyfile'),
          serverName: of(d.line, 'servername') ?? of(null, 'servername'),
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
