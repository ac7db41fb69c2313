import { describeAccess } from '../../kit/access.js';
import { defineControl, fail, indeterminate, pass, type Violation } from '../../kit/control.js';
import type { Facts } from '../../kit/fact.js';
import { manual3 } from '../../kit/sources.js';

type Foreign = Facts['configTree']['foreign'][number];

export default defineControl({
  id: 'MOM-PERM-003',
  slug: 'config-owner',
  title: 'New root-owned files under conf',
  severity: 'medium',
  subject: 'owners under conf',
  reads: ['configTree'],
  sources: [manual3('conf.adding.configuration.files'), manual3('policy.best.practices')],
  remediation: 'permissions-repair',
  params: {},

  evaluate({ facts: { configTree: tree } }) {
    const closed = tree.foreign.filter((entry) => !entry.readable);
    if (closed.length > 0) {
      return fail(`${closed.length} files and folders under conf belong to another user than ecuser, who cannot read them.`, closed.map(violation));
    }
    if (tree.foreign.length > 0) {
      // Readable, so mail goes on; but eccfg, which works as ecuser, cannot replace or commit them.
      return fail(`${tree.foreign.length} files and folders under conf belong to another user than ecuser.`, tree.foreign.map(violation), 'low');
    }
    if (tree.unseen.length > 0) return indeterminate(`${tree.unseen.length} places could not be looked into. Run as root.`);
    if (tree.isTruncated) return indeterminate('The tree is larger or deeper than is walked: not all of it was seen.');
    return pass('Everything under conf belongs to ecuser.');
  },
});

function violation(entry: Foreign): Violation {
  return { at: { file: entry.path }, found: describeAccess(entry.access), proposed: 'owner and group ecuser' };
}
