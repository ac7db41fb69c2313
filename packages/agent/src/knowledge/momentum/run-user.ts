import { type Config, evaluate } from '@castellan/momentum';
import type { InstallFact } from '../../facts/install.js';
import type { RunUser } from '../../facts/momentum-config.js';
import type { Doubt } from '../../facts/parts/doubt.js';

/** Manual, conf.ref.user: unless Security{} names others. */
const DEFAULT = 'ecuser';
const SECURITY = [{ type: 'security', name: null }] as const;

/**
 * The user and the groups that Momentum takes on after its start, as `Security { user group supplemental_groups }` names
 * them. `group` is its primary group in place of the user's own.
 */
export function runUserOf(config: Config | null, install: InstallFact): { user: RunUser; doubts: Doubt[] } {
  const doubts: Doubt[] = [];
  const setting = (option: string) => {
    const found = config ? evaluate(config, SECURITY, option) : null;
    if (found?.indeterminate)
      doubts.push({ kind: 'incomplete', reason: `${option} of Security: ${found.why}` });
    return found?.set && !found.indeterminate ? found : null;
  };
  const named = setting('user');
  const name = named?.text || DEFAULT;
  const user = install.users.find((one) => one.name === name || `${one.uid}` === name) ?? null;
  const gidOf = (text: string): number | null => {
    const group = install.groups.find((one) => one.name === text);
    if (group) return group.gid;
    if (/^\d{1,10}$/.test(text)) return Number(text);
    doubts.push({
      kind: 'incomplete',
      reason: `Security names the group ${text}, which etc/group does not have`,
    });
    return null;
  };
  const group = setting('group')?.text;
  const own = group ? gidOf(group) : null;
  const value = setting('supplemental_groups')?.value;
  const further = (Array.isArray(value) ? value : typeof value === 'string' ? value.split(/[\s,]+/) : [])
    .filter((text): text is string => typeof text === 'string' && text !== '')
    .flatMap((text) => gidOf(text) ?? []);
  const at = named?.origin.kind === 'file' ? { file: named.origin.file, line: named.origin.line } : null;
  if (!user) return { user: { name, at, principal: null }, doubts };
  const gid = own ?? user.gid;
  return {
    user: {
      name,
      at,
      principal: { uid: user.uid, gid, groups: [...new Set([gid, ...user.groups, ...further])] },
    },
    doubts,
  };
}
