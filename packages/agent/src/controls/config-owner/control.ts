import { compareVersions } from '@castellan/momentum';
import type { Facts } from '../../facts/facts.generated.js';
import { describeAccess, type OwnerNames } from '../../knowledge/permissions/path-access.js';
import { defineControl, fail, indeterminate, pass, type Violation } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';
import { countOf } from '../../units/wording.js';

type Foreign = Facts['configTree']['foreign'][number];

/** Manual, conf.adding.configuration.files: from this release eccfg sets the owner itself. */
const OWNER_SET_SINCE = '3.0.17';

export default defineControl({
  id: 'MOM-PERM-003',
  slug: 'config-owner',
  title: 'New root-owned files under conf',
  severity: 'medium',
  otherSeverities: ['low'],
  subject: 'owners under conf',
  reads: ['configTree', 'install', 'momentumVersion'],
  sources: [manual3('conf.adding.configuration.files'), manual3('policy.best.practices')],
  remediation: 'permissions-repair',
  params: {},

  evaluate({ facts: { configTree: tree, install, momentumVersion } }) {
    const { name } = tree.user;
    const closed = tree.foreign.filter((entry) => !entry.readable);
    const told = (entries: readonly Foreign[]) => entries.map((entry) => violation(entry, install));
    const count = (entries: readonly Foreign[]) => countOf(entries.length, 'entry', 'entries');
    if (closed.length > 0) {
      return fail(
        `${count(closed)} under conf not owned by ${name}, who cannot read what is there.`,
        told(closed),
      );
    }
    if (tree.foreign.length > 0) {
      const { version } = momentumVersion;
      const said = `${count(tree.foreign)} under conf not owned by ${name}, who can read them`;
      if (version === null)
        return indeterminate(
          `${said}: before ${OWNER_SET_SINCE} eccfg cannot commit them, and the release is not known.`,
          told(tree.foreign),
        );
      // Readable, so mail goes on; but before that release eccfg, which works as ecuser, cannot replace or commit them.
      if (compareVersions(version, OWNER_SET_SINCE) < 0)
        return fail(`${said}: eccfg of ${version} cannot commit them.`, told(tree.foreign), 'low');
    }
    if (tree.unseen.length > 0) {
      return indeterminate(`${countOf(tree.unseen.length, 'place')} could not be looked into. Run as root.`);
    }
    if (tree.isTruncated) {
      return indeterminate('The tree is larger or deeper than is walked: not all of it was seen.');
    }
    return pass(
      tree.foreign.length > 0
        ? `${count(tree.foreign)} under conf belong to another user: ${name} can read them, and eccfg gives them to it at its next commit.`
        : `Everything under conf belongs to ${name}.`,
    );
  },
});

function violation(entry: Foreign, names: OwnerNames): Violation {
  return {
    at: { file: entry.path },
    found: describeAccess(entry.access, names),
    proposed: 'owner and group ecuser',
  };
}
