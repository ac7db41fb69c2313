import type { Facts } from '../../facts/facts.generated.js';
import {
  defineControl,
  fail,
  indeterminate,
  type Judgement,
  judgement,
  notApplicable,
  type Outcome,
  pass,
} from '../../units/control.js';
import { manual3 } from '../../units/sources.js';
import { countOf } from '../../units/wording.js';

type Sync = Facts['configSync'];

const HOUR_MS = 3_600_000;
const NAMED_MAX = 50;

export default defineControl({
  id: 'MOM-CFG-002',
  slug: 'config-committed',
  title: 'No uncommitted/conflicted/frozen config',
  severity: 'medium',
  otherSeverities: ['low'],
  subject: 'working copy of the configuration',
  reads: ['configSync'],
  sources: [manual3('conf.manual.changes'), manual3('cluster.boot'), manual3('executable.eccfg')],
  remediation: null,
  params: {
    editHours: { default: 1, unit: 'hours', text: 'edits that are not committed for longer than this fail' },
  },

  evaluate({ facts: { configSync }, params, nowMs }) {
    if (!configSync.isManaged) return notApplicable('This node takes no configuration from a repository.');
    return [
      judgement(
        'edits that are not committed',
        judgeEdits(configSync.edits, nowMs - params.editHours * HOUR_MS),
      ),
      judgement(configSync.bootFile, judgeUpdates(configSync)),
      ...judgeSubclusters(configSync.subclusters),
    ];
  },
});

function judgeEdits(edits: Sync['edits'], sinceMs: number): Outcome {
  if (edits.kind === 'not-known')
    return indeterminate(
      `Whether something stands uncommitted is not known: ${edits.why}. Look on the live node.`,
    );
  const { edited, conflicts } = edits.value;
  if (conflicts.length > 0)
    return fail(
      `${countOf(conflicts.length, 'file is', 'files are')} in conflict: nothing can be committed.`,
      conflicts.slice(0, NAMED_MAX).map((file) => ({
        at: { file },
        found: 'in conflict with the repository (eccfg status: C)',
        proposed: 'eccfg pull with --mine, --theirs or --manual, then eccfg commit',
      })),
    );
  const old = edited.filter(({ mtimeMs }) => mtimeMs === null || mtimeMs < sinceMs);
  if (old.length > 0)
    return fail(
      `${countOf(old.length, 'edit has', 'edits have')} not been committed.`,
      old.slice(0, NAMED_MAX).map(({ path }) => ({
        at: { file: path },
        found: 'differs from what was checked out, and is not committed: other nodes do not have it',
        proposed: 'eccfg commit, or eccfg revert',
      })),
      'low',
    );
  return pass(
    edited.length === 0
      ? 'Everything is committed.'
      : `${countOf(edited.length, 'edit is', 'edits are')} new, and may be committed yet.`,
  );
}

function judgeUpdates({ autoupdate, bootFile }: Sync): Outcome {
  switch (autoupdate.kind) {
    case 'no-file':
      return notApplicable(`There is no ${bootFile}: the node is in no cluster.`);
    case 'unclear':
      return indeterminate(`Whether updates are taken is not known: ${autoupdate.why}.`);
    case 'unset':
      return indeterminate(`${bootFile} does not set autoupdate, and the manual gives no default.`);
    case 'set':
      break;
  }
  const value = autoupdate.value.toLowerCase();
  if (value === 'true') return pass('Updates of the repository are merged as they come.');
  const found =
    value === 'ifunchanged'
      ? 'autoupdate = ifunchanged: one local edit, and no update comes'
      : `autoupdate = ${value.slice(0, 40)}: updates are not taken`;
  return fail(
    'The configuration of this node is frozen, or can be.',
    [{ at: { file: bootFile, line: autoupdate.line }, found, proposed: 'autoupdate = true' }],
    'low',
  );
}

function judgeSubclusters(subclusters: Sync['subclusters']): Judgement[] {
  if (subclusters.kind === 'not-known')
    return [
      judgement(
        'subclusters',
        indeterminate(
          `Whether a subcluster is in conflict is not known: ${subclusters.why}. Look on the live node.`,
        ),
      ),
    ];
  return subclusters.value.map(({ name, isConflict }) =>
    judgement(
      `subcluster ${name}`,
      isConflict
        ? fail(`Subcluster ${name} is in conflict: nothing can be committed.`, [
            {
              at: { object: `subcluster ${name}` },
              found: `!${name} in eccfg subcluster clusters`,
              proposed: `eccfg subcluster resolve ${name}`,
            },
          ])
        : pass(`Subcluster ${name} is not in conflict.`),
    ),
  );
}
