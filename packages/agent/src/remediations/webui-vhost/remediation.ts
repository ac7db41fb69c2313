import { withoutDefault } from '../../knowledge/apache/edit-hosts.js';
import { verifyTls } from '../../knowledge/certificates/enable-tls.js';
import { tlsStart } from '../../knowledge/certificates/tls-service.js';
import { configEdit, type TextChange } from '../../knowledge/eccfg/config-edit.js';
import { refused } from '../../knowledge/eccfg/plan-edit.js';
import { APACHE_PLACES } from '../../knowledge/momentum/managed-paths.js';
import { serviceCommand } from '../../knowledge/momentum/programs.js';
import { defineRemediation, type PlanContext, type Planned } from '../../units/remediation.js';

type Reads = 'serviceCertificates' | 'install' | 'webuiHttpd';

const CONTROLS = ['MOM-SOL-001'];
const FILE_BYTES_MAX = 4 * 1024 * 1024;

export default defineRemediation<Reads>({
  slug: 'webui-vhost',
  title: 'Name the virtual host of the web UI as Solaris needs it',
  fixes: CONTROLS,
  risk: 'The web UI is restarted: whoever uses it is cut off for some seconds.',
  reads: ['serviceCertificates', 'install', 'webuiHttpd'],
  params: {},
  timeoutMs: 300_000,
  plan,
  verify: (context) => verifyTls(context, 'ecwebui', CONTROLS),
});

async function plan(context: PlanContext<Reads>): Promise<Planned> {
  const { facts, look } = context;
  const { install, webuiHttpd, serviceCertificates } = facts;
  if (install.os.family !== 'solaris') return { kind: 'nothing', why: 'this is not Solaris' };
  if (webuiHttpd.state !== 'parsed') return refused(`${webuiHttpd.path} could not be read`);
  const hosts = webuiHttpd.vhosts.filter(
    ({ sslEngine, address }) => sslEngine && /(^|\s)_default_:/i.test(address),
  );
  if (hosts.length === 0) return { kind: 'nothing', why: 'no virtual host with SSL is named _default_' };
  const service = serviceCertificates.services.find(
    ({ location }) => location.service === 'ecwebui' && location.tls === 'on',
  );
  if (!service) return refused('where the web UI speaks TLS is not known, so that it could not be verified');
  const edits: TextChange[] = [];
  for (const path of new Set(hosts.map(({ file }) => file))) {
    const edited = edit(
      context,
      path,
      hosts.filter(({ file }) => file === path).map(({ line }) => line),
    );
    if (typeof edited === 'string') return refused(edited);
    edits.push(edited);
  }
  const edited = configEdit(look.files, edits, APACHE_PLACES);
  if (!edited.ok) return refused(edited.why);
  const start = await tlsStart(look, service.location);
  if (!start.ok) return refused(start.why);
  const { program, argv } = serviceCommand('ecwebui', start.step.action);
  const { endpoint } = service.location;
  return {
    kind: 'draft',
    draft: {
      steps: [
        { kind: 'replace-files', id: 'settings', files: edited.files, secretBackup: edited.holdsSecret },
        start.step,
      ],
      changes: [
        ...edited.changes,
        {
          kind: 'service',
          target: 'ecwebui',
          summary: `${program} ${argv.join(' ')}`,
          before: null,
          after: null,
        },
      ],
      effects: [start.isDown ? 'the web UI is down, and is started' : 'the web UI is restarted'],
      verification: [
        `the web UI answers with its certificate at ${endpoint.host}:${endpoint.port}`,
        `${CONTROLS.join(', ')} passes`,
      ],
      notes: ['to switch the name-service cache off is the other way of the manual: it is left on'],
      contents: edited.contents,
    },
  };
}

/** A text: why it is not edited. */
function edit({ look }: PlanContext<Reads>, path: string, lines: readonly number[]): TextChange | string {
  const read = look.files.read(path, { bytesMax: FILE_BYTES_MAX });
  if (!read.ok) return `${path} cannot be read (${read.problem})`;
  const before = read.value.toString('utf8');
  let after: string | null = before;
  for (const line of lines) after = after === null ? null : withoutDefault(after, line);
  return after === null
    ? `a host of ${path} is not opened in a line of its own: a person must edit it`
    : { path, before, after, summary: `* in place of _default_ in ${lines.length} virtual hosts` };
}
