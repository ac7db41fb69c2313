import type { Facts } from '../../facts/facts.generated.js';
import { describeAccess, type OwnerNames } from '../../knowledge/permissions/path-access.js';
import { defineControl, fail, indeterminate, pass, type Violation } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';
import { countOf } from '../../units/wording.js';

type Tree = Facts['configTree'];
type Denied = Tree['denied'][number];

export default defineControl({
  id: 'MOM-PERM-002',
  slug: 'config-readable',
  title: 'Config tree readable by ecuser',
  severity: 'high',
  subject: 'configuration tree',
  reads: ['configTree', 'install'],
  sources: [manual3('install.security'), manual3('conf.adding.configuration.files')],
  remediation: 'permissions-repair',
  params: {},

  evaluate({ facts: { configTree: tree, install } }) {
    const { name } = tree.user;
    if (tree.denied.length > 0) {
      const inner = tree.denied.filter((entry) => entry.within !== null).length;
      const also = inner > 0 ? ` ${inner} of them come into sight only when those above are open.` : '';
      return fail(
        `${name} cannot get at ${count(tree.denied)} of the configuration.${also}${afterPull(tree)}`,
        [...tree.denied].sort(outermostFirst).map((entry) => violation(entry, name, install)),
      );
    }
    if (tree.unseen.length > 0) {
      return indeterminate(
        `${countOf(tree.unseen.length, 'place')} could not be looked into, so whether ${name} can read what is there is not known. Run as root.`,
        tree.unseen.map(({ path, problem }) => ({
          at: { file: path },
          found: `not looked into: ${problem}`,
        })),
      );
    }
    if (tree.isTruncated)
      return indeterminate('The tree is larger or deeper than is walked: not all of it was seen.');
    return pass(
      `${name} can read all ${tree.entriesSeen} files and folders of the configuration.${links(tree)}`,
    );
  },
});

function count(entries: readonly Denied[]): string {
  const folders = entries.filter((entry) => entry.kind === 'directory').length;
  const files = entries.length - folders;
  return [folders > 0 ? countOf(folders, 'folder') : '', files > 0 ? countOf(files, 'file') : '']
    .filter(Boolean)
    .join(' and ');
}

function outermostFirst(a: Denied, b: Denied): number {
  return Number(a.within !== null) - Number(b.within !== null) || (a.path < b.path ? -1 : 1);
}

function violation(entry: Denied, user: string, names: OwnerNames): Violation {
  const lacks = entry.kind === 'directory' ? 'enter and list' : 'read';
  // Never "readable to all" for what may hold a password; and the group is enough for everything else, too.
  const mode = entry.kind === 'directory' ? '0750' : '0640';
  return {
    at: { file: entry.path },
    found: `${describeAccess(entry.access, names)}: ${user} cannot ${lacks} it`,
    proposed: `owner and group ${user}, mode ${mode}`,
  };
}

function afterPull(tree: Tree): string {
  return tree.workingCopy
    ? ' Subversion keeps no modes: the next eccfg pull can undo a repair under conf.'
    : '';
}

function links(tree: Tree): string {
  return tree.brokenLinks.length > 0
    ? ` ${countOf(tree.brokenLinks.length, 'link leads', 'links lead')} nowhere: ${tree.brokenLinks.slice(0, 5).join(', ')}.`
    : '';
}
