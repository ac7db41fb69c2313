import type { Facts } from '../../facts/facts.generated.js';
import { withEngineOn, withTlsHost } from '../../knowledge/apache/edit-hosts.js';
import { planTls, verifyTls } from '../../knowledge/certificates/enable-tls.js';
import type { TextChange } from '../../knowledge/eccfg/config-edit.js';
import { refused } from '../../knowledge/eccfg/plan-edit.js';
import { APACHE_PLACES } from '../../knowledge/momentum/managed-paths.js';
import { defineRemediation, type PlanContext, type Planned } from '../../units/remediation.js';

type Reads = 'serviceCertificates' | 'install' | 'webuiHttpd';
type Location = Facts['serviceCertificates']['services'][number]['location'];
type Edited =
  | { readonly ok: true; readonly edit: TextChange; readonly isNewHost: boolean }
  | { readonly ok: false; readonly why: string };

const CONTROLS = ['MOM-CRT-003'];
/** Manual, install.ports and install.solaris. */
const TLS_PORT = 443;
const FILE_BYTES_MAX = 4 * 1024 * 1024;

export default defineRemediation<Reads>({
  slug: 'webui-tls-enable',
  title: 'Switch TLS on for the web UI',
  fixes: CONTROLS,
  risk: 'The web UI is restarted: whoever uses it is cut off for some seconds. Browsers warn of a self-signed certificate until they are given it.',
  reads: ['serviceCertificates', 'install', 'webuiHttpd'],
  params: {},
  timeoutMs: 300_000,
  datesByClock: true,
  plan,
  verify: (context) => verifyTls(context, 'ecwebui', CONTROLS),
});

async function plan(context: PlanContext<Reads>): Promise<Planned> {
  const { serviceCertificates, webuiHttpd } = context.facts;
  const own = serviceCertificates.services.filter(({ location }) => location.service === 'ecwebui');
  const [found] = own;
  if (!found) return refused('this node has no web UI');
  const [unknown] = webuiHttpd.unknowns;
  const doubt =
    webuiHttpd.state !== 'parsed'
      ? `${webuiHttpd.path} could not be read`
      : unknown
        ? `${unknown.file}:${unknown.line}: ${unknown.why}`
        : (webuiHttpd.unread[0] ?? null);
  if (doubt !== null || webuiHttpd.authority.kind === 'differs')
    return refused(
      `which virtual hosts the web UI has is not known: ${doubt ?? 'httpd names others than its files'}`,
    );
  const on = own.find(({ location }) => location.tls === 'on');
  if (on) return { kind: 'nothing', why: `${on.location.decidedBy.file} switches TLS on already` };
  const edited = editOf(context, found.location);
  if (!edited.ok) return refused(edited.why);
  const { endpoint } = found.location;
  const location = edited.isNewHost
    ? { ...found.location, endpoint: { ...endpoint, host: '127.0.0.1', port: TLS_PORT } }
    : found.location;
  return planTls(context, {
    found: { ...found, location },
    edits: [edited.edit],
    places: APACHE_PLACES,
    controls: CONTROLS,
    notes: ['hosts without TLS go on to answer: whether they should is for a person'],
  });
}

/** The switch that is off, made on; where there is none, a host of its own beside the one without TLS. */
function editOf({ look, facts }: PlanContext<Reads>, location: Location): Edited {
  const { decidedBy } = location;
  const { path } = facts.webuiHttpd;
  const file = decidedBy.line === undefined ? path : (decidedBy.file ?? path);
  const read = look.files.read(file, { bytesMax: FILE_BYTES_MAX });
  if (!read.ok) return { ok: false, why: `${file} cannot be read (${read.problem})` };
  const before = read.value.toString('utf8');
  if (decidedBy.line === undefined) return newHost(before, facts.webuiHttpd, location);
  const pair = location.isUnnamed ? location : null;
  const after = withEngineOn(before, decidedBy.line, pair);
  return after === null
    ? { ok: false, why: `${file}:${decidedBy.line} is not as simple as SSLEngine off: a person must edit it` }
    : { ok: true, isNewHost: false, edit: { path: file, before, after, summary: 'SSLEngine on' } };
}

function newHost(before: string, { path, vhosts, listens }: Facts['webuiHttpd'], location: Location): Edited {
  const isTaken = vhosts.some(({ address }) =>
    address.split(' ').some((one) => one.endsWith(`:${TLS_PORT}`)),
  );
  if (isTaken || vhosts.length > 1 || vhosts.some((one) => one.file !== path))
    return {
      ok: false,
      why: `the web UI has virtual hosts without TLS (${vhosts.map(({ address }) => address).join(', ')}): which one is to speak it is for a person`,
    };
  const after = withTlsHost(before, {
    port: TLS_PORT,
    serverName: location.hostname,
    certificatePath: location.certificatePath,
    keyPath: location.keyPath,
    like: vhosts[0]?.line ?? null,
    needsListen: !listens.some(({ port }) => port === TLS_PORT),
  });
  return after === null
    ? { ok: false, why: `${path}:${vhosts[0]?.line} is not closed in its file: a person must edit it` }
    : {
        ok: true,
        isNewHost: true,
        edit: { path, before, after, summary: `a virtual host with TLS on port ${TLS_PORT}` },
      };
}
