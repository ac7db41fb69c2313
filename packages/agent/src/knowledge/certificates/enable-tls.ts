import type { Facts } from '../../facts/facts.generated.js';
import { recheckAll } from '../../units/recheck.js';
import type { PlanContext, Planned, Verified, VerifyContext } from '../../units/remediation.js';
import { configEdit, type TextChange } from '../eccfg/config-edit.js';
import { refused } from '../eccfg/plan-edit.js';
import { serviceCommand } from '../momentum/programs.js';
import { firstPair } from './first-pair.js';
import { HANDSHAKES, notServed } from './served.js';
import { tlsStart } from './tls-service.js';

type ServiceCertificate = Facts['serviceCertificates']['services'][number];
type Reads = 'serviceCertificates' | 'install';

export interface EnableRequest {
  readonly found: ServiceCertificate;
  /** The settings that switch it on; where the files may stand. */
  readonly edits: readonly TextChange[];
  readonly places: readonly string[];
  readonly controls: readonly string[];
  readonly notes: readonly string[];
  readonly effects?: readonly string[];
}

/** The plan that has a service speak TLS: a pair if there is no good one, its settings, then the service. */
export async function planTls({ look, facts }: PlanContext<Reads>, request: EnableRequest): Promise<Planned> {
  const { found, edits, places, controls } = request;
  const { location } = found;
  const { install } = facts;
  const owner = location.owner === 'msyspg' ? install.databaseUser : install.serviceUser;
  if (!owner) return refused(`there is no user ${location.owner} in etc/passwd to give the key to`);
  const edit = configEdit(look.files, edits, places);
  if (!edit.ok) return refused(edit.why);
  const pair = firstPair(look, found, owner);
  if (!pair.ok) return refused(pair.why);
  const start = await tlsStart(look, location);
  if (!start.ok) return refused(start.why);
  const { service, action } = start.step;
  const { program, argv } = serviceCommand(service, action);
  const { host, port } = location.endpoint;
  return {
    kind: 'draft',
    draft: {
      steps: [
        ...pair.steps,
        { kind: 'replace-files', id: 'settings', files: edit.files, secretBackup: edit.holdsSecret },
        start.step,
      ],
      changes: [
        ...pair.changes,
        ...edit.changes,
        {
          kind: 'service',
          target: service,
          summary: `${program} ${argv.join(' ')}`,
          before: null,
          after: null,
        },
      ],
      effects: [
        start.isDown ? `${service} is down, and is started` : `${service} is restarted`,
        ...(request.effects ?? []),
      ],
      verification: [
        `${HANDSHAKES} handshakes in a row with ${host}:${port} show the certificate`,
        `${controls.join(' and ')} ${controls.length > 1 ? 'pass' : 'passes'}`,
      ],
      notes: request.notes,
      contents: { ...pair.contents, ...edit.contents },
    },
  };
}

/** The listener shows what stands on the disk now, and the controls pass. */
export async function verifyTls(
  context: VerifyContext<Reads>,
  service: ServiceCertificate['location']['service'],
  controls: readonly string[],
): Promise<Verified> {
  const found = context.facts.serviceCertificates.services.find(
    ({ location }) => location.service === service,
  );
  if (!found) return { ok: false, why: `${service} is not seen on this node any more` };
  const { location, certificate } = found;
  const at = `${location.endpoint.host}:${location.endpoint.port}`;
  if (location.tls !== 'on' || certificate.state !== 'parsed')
    return { ok: false, why: `${service} is not set up for TLS with a certificate that can be read` };
  const seen = await notServed(context.look, {
    endpoint: location.endpoint,
    servername: location.hostname,
    fingerprints: [certificate.leaf.fingerprint],
  });
  if (seen !== null)
    return {
      ok: false,
      why: `${at} does not show the certificate of ${location.certificatePath}; it answered with ${seen}`,
    };
  context.note(`${at} shows the certificate, ${HANDSHAKES} times in a row`);
  return recheckAll(context, controls);
}
