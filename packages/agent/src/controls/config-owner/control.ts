import type { Facts } from '../../facts/facts.generated.js';
import { describeAccess, type OwnerNames } from '../../knowledge/permissions/path-access.js';
import { defineControl, fail, indeterminate, pass, type Violation } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';
import { countOf } from '../../units/wording.js';

type Foreign = Facts['configTree']['foreign'][number];

export default defineControl({
  id: 'MOM-PERM-003',
  slug: 'config-owner',
  title: 'New root-owned files under conf',
  severity: 'medium',
  otherSeverities: ['low'],
  subject: 'owners under conf',
  reads: ['configTree', 'install'],
  sources: [manual3('conf.adding.configuration.files'), manual3('policy.best.practices')],
  remediation: 'permissions-repair',
  params: {},

  evaluate({ facts: { configTree: tree, install } }) {
    const closed = tree.foreign.filter((entry) => !entry.readable);
    const told = (entries: readonly Foreign[]) => entries.map((entry) => violation(entry, install));
    const count = (entries: readonly Foreign[]) => countOf(entries.length, 'entry', 'entries');
    if (closed.length > 0) {
      return fail(
        `${count(closed)} under conf not owned by ecuser, who cannot read what is there.`,
        told(closed),
      );
    }
    if (tree.foreign.length > 0) {
      // Readable, so mail goes on; but eccfg, which works as ecuser, cannot replace or commit them.
      return fail(`${count(tree.foreign)} under conf not owned by ecuser.`, told(tree.foreign), 'low');
    }
    if (tree.unseen.length > 0) {
      return indeterminate(`${countOf(tree.unseen.length, 'place')} could not be looked into. Run as root.`);
    }
    if (tree.isTruncated) {
      return indeterminate('The tree is larger or deeper than is walked: not all of it was seen.');
    }
    return pass('Everything under conf belongs to ecuser.');
  },
});

function violation(entry: Foreign, names: OwnerNames): Violation {
  return {
    at: { file: entry.path },
    found: describeAccess(entry.access, names),
    proposed: 'owner and group ecuser',
  };
}
