import type { Facts } from '../../facts/facts.generated.js';
import {
  defineControl,
  fail,
  indeterminate,
  judgement,
  notApplicable,
  type Outcome,
  pass,
} from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

type Sync = Facts['configSync'];

const MINUTE_MS = 60_000;

export default defineControl({
  id: 'MOM-CFG-004',
  slug: 'config-distributed',
  title: 'Config sync working',
  severity: 'high',
  subject: 'distribution of the configuration',
  reads: ['configSync'],
  sources: [manual3('cluster.config.management'), manual3('executable.eccfg')],
  remediation: null,
  params: {
    lagMinutes: {
      default: 5,
      unit: 'minutes',
      text: 'a revision that is older than this and not here yet fails',
    },
  },

  evaluate({ facts: { configSync }, params, nowMs }) {
    if (!configSync.isManaged) return notApplicable('This node takes no configuration from a repository.');
    return [
      judgement(configSync.cron.expectedAt, judgeCron(configSync.cron)),
      judgement(
        'revision of the working copy',
        judgeLag(configSync.revision, nowMs - params.lagMinutes * MINUTE_MS),
      ),
    ];
  },
});

function judgeCron({ tables, unread, expectedAt }: Sync['cron']): Outcome {
  const pulling = tables.find(({ pullLines }) => pullLines.length > 0);
  if (pulling) return pass(`${pulling.path} pulls the configuration.`);
  const [closed] = unread;
  if (closed) return indeterminate(`${closed.path} could not be read (${closed.problem}). Run as root.`);
  const isThere = tables.some(({ path }) => path === expectedAt);
  return fail('Nothing pulls the configuration: changes of the repository do not come here.', [
    {
      at: { file: expectedAt },
      found: isThere ? 'no line in it runs eccfg pull' : 'there is no such file',
      proposed: '* * * * * root /opt/msys/ecelerity/bin/eccfg pull --auto',
    },
  ]);
}

function judgeLag(revision: Sync['revision'], sinceMs: number): Outcome {
  if (revision.kind === 'not-known')
    return indeterminate(
      `Whether the newest revision is here is not known: ${revision.why}. Look on the live node.`,
    );
  const { own, newest, newestMs } = revision.value;
  if (own >= newest) return pass(`The newest revision is here (${newest}).`);
  if (newestMs > sinceMs) return pass(`Revision ${newest} is new, and may come yet.`);
  return fail(`Revision ${newest} of the repository is not here: the working copy has ${own}.`, [
    {
      at: { file: '/opt/msys/ecelerity/etc/conf' },
      found: `revision ${own} here, ${newest} in the repository`,
      proposed: 'eccfg pull by hand shows why it does not come (MOM-CRT-006: the certificate of ecconfigd)',
    },
  ]);
}
