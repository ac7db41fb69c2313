import type { Facts } from '../../facts/facts.generated.js';
import { planTls, verifyTls } from '../../knowledge/certificates/enable-tls.js';
import type { TextChange } from '../../knowledge/eccfg/config-edit.js';
import { refused } from '../../knowledge/eccfg/plan-edit.js';
import { DATABASE_PLACES } from '../../knowledge/momentum/managed-paths.js';
import { withHostssl, withSettingOn } from '../../knowledge/postgresql/edit-settings.js';
import { defineRemediation, type PlanContext, type Planned } from '../../units/remediation.js';

type Reads = 'serviceCertificates' | 'install';
type ServiceCertificate = Facts['serviceCertificates']['services'][number];
type Edits =
  | { readonly ok: true; readonly edits: readonly TextChange[] }
  | { readonly ok: false; readonly why: string };

const CONTROLS = ['MOM-CRT-001'];
const FILE_BYTES_MAX = 4 * 1024 * 1024;
/** Options of pg_hba.conf that are secrets: such a file is not shown in a plan. */
const SECRET_OPTIONS = /\b(ldapbindpasswd|radiussecrets?)\b/i;

export default defineRemediation<Reads>({
  slug: 'postgres-tls-enable',
  title: 'Switch TLS on for PostgreSQL',
  fixes: CONTROLS,
  risk: 'PostgreSQL is restarted: connections to it are cut for some seconds. With requireTls=yes other hosts that do not speak TLS are kept out.',
  reads: ['serviceCertificates', 'install'],
  params: {
    requireTls: {
      kind: 'text',
      required: false,
      default: 'no',
      oneOf: ['no', 'yes'],
      text: 'yes: lines of pg_hba.conf by which other hosts get in without TLS are made hostssl',
    },
  },
  timeoutMs: 300_000,
  datesByClock: true,
  plan,
  verify: (context) => verifyTls(context, 'msyspg', CONTROLS),
});

async function plan(context: PlanContext<Reads>): Promise<Planned> {
  const found = context.facts.serviceCertificates.services.find(
    ({ location }) => location.service === 'msyspg',
  );
  if (!found) return refused('this node has no msyspg');
  const { location, plainAccess } = found;
  if (location.tls === 'unknown')
    return refused(`whether PostgreSQL speaks TLS is not known: ${location.doubt ?? 'its settings'}`);
  const lines = plainAccess?.lines ?? [];
  const isRequired = context.params.text('requireTls') === 'yes';
  if (isRequired && plainAccess?.unread)
    return refused(`which lines let other hosts in without TLS is not known: ${plainAccess.unread}`);
  if (location.tls === 'on' && !(isRequired && lines.length > 0))
    return { kind: 'nothing', why: `${placeOf(location.decidedBy)} switches TLS on already` };
  const on = location.tls === 'on' ? { ok: true as const, edits: [] } : settingEdit(context, location);
  if (!on.ok) return refused(on.why);
  const required = isRequired ? hostsslEdits(context, lines) : { ok: true as const, edits: [] };
  if (!required.ok) return refused(required.why);
  return planTls(context, {
    found,
    edits: [...on.edits, ...required.edits],
    places: DATABASE_PLACES,
    controls: CONTROLS,
    effects: required.edits.length > 0 ? ['other hosts get in with TLS only'] : [],
    notes: isRequired
      ? []
      : lines.map(
          ({ at, text }) =>
            `${placeOf(at)} still lets other hosts in without TLS (${text}); requireTls=yes makes it hostssl`,
        ),
  });
}

function placeOf({
  file = '',
  line,
}: {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}): string {
  return line === undefined ? file : `${file}:${line}`;
}

function settingEdit({ look }: PlanContext<Reads>, { decidedBy }: ServiceCertificate['location']): Edits {
  const path = decidedBy.file ?? '';
  if (path.endsWith('/postgresql.auto.conf'))
    return {
      ok: false,
      why: `${path} switches TLS off, and is PostgreSQL's own to write: ALTER SYSTEM RESET ssl, then plan again`,
    };
  const read = look.files.read(path, { bytesMax: FILE_BYTES_MAX });
  if (!read.ok) return { ok: false, why: `${path} cannot be read (${read.problem})` };
  const before = read.value.toString('utf8');
  const after = withSettingOn(before, 'ssl');
  if (after === null)
    return { ok: false, why: `${placeOf(decidedBy)} is not as simple as ssl = off: a person must edit it` };
  return { ok: true, edits: [{ path, before, after, summary: 'ssl = on' }] };
}

type PlainLines = NonNullable<ServiceCertificate['plainAccess']>['lines'];

function hostsslEdits({ look }: PlanContext<Reads>, lines: PlainLines): Edits {
  const edits: TextChange[] = [];
  for (const path of new Set(lines.map(({ at }) => at.file ?? ''))) {
    const read = look.files.read(path, { bytesMax: FILE_BYTES_MAX });
    if (!read.ok) return { ok: false, why: `${path} cannot be read (${read.problem})` };
    const before = read.value.toString('utf8');
    if (SECRET_OPTIONS.test(before))
      return {
        ok: false,
        why: `${path} holds a secret, and would be shown in the plan: a person must edit it`,
      };
    const numbers = lines.flatMap(({ at }) => (at.file === path && at.line !== undefined ? [at.line] : []));
    const after = withHostssl(before, numbers);
    if (after === null)
      return {
        ok: false,
        why: `a line of ${path} lets other hosts in without TLS and is no host line: a person must edit it`,
      };
    edits.push({ path, before, after, summary: `hostssl in place of host in ${numbers.length} lines` });
  }
  return { ok: true, edits };
}
