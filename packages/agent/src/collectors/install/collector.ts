import type { InstallFact, Principal } from '../../facts/install.js';
import {
  type Account,
  type Group,
  groupsOf,
  parseGroup,
  parsePasswd,
} from '../../knowledge/permissions/passwd.js';
import type { FileReader } from '../../ports/files.js';
import { defineCollector, FactUnavailable } from '../../units/fact.js';
import { findRoles, generationOf, LANDMARKS } from './layout.js';
import { nodeNameOf, osOf } from './system.js';

/** Manual, conf.ref.user: Momentum's user and group unless Security{} names others. */
const SERVICE_USER = 'ecuser';
/** Manual, executable.create_ssl_cert: the user of the product's PostgreSQL. */
const DATABASE_USER = 'msyspg';

export default defineCollector({
  name: 'install',
  needs: [],
  title: 'What of Momentum is installed here, and which users it has',
  timeoutMs: 10_000,
  evidence: 'files',
  collect({ files, settings }): InstallFact {
    const evidence = findRoles(files);
    if (evidence.length === 0) throw new FactUnavailable(nothingFound(files));
    const users = principals(files);
    const user = (name: string) => users.list.find((u) => u.name === name) ?? null;
    return {
      nodeName: settings.nodeName ?? nodeNameOf(files),
      os: osOf(files),
      generation: generationOf(files),
      roles: [...new Set(evidence.map((e) => e.role))],
      evidence,
      serviceUser: user(SERVICE_USER),
      databaseUser: user(DATABASE_USER),
      users: users.list,
      groups: users.groups.map(({ name, gid }) => ({ name, gid })),
    };
  },
});

/** An unreadable folder is told apart from an absent Momentum: only one of them is cured by running as root. */
function nothingFound(files: FileReader): string {
  const denied = LANDMARKS.find((path) => {
    const stat = files.stat(path);
    return !stat.ok && stat.problem === 'denied';
  });
  if (denied)
    return `cannot tell whether Momentum is installed: ${denied} may not be inspected (run as root)`;
  return `no Momentum was found: there is none of ${LANDMARKS.join(', ')}`;
}

function text(files: FileReader, path: string): string {
  const content = files.read(path, { bytesMax: 4 * 1024 * 1024 });
  return content.ok ? content.value.toString('latin1') : '';
}

function principals(files: FileReader): { list: Principal[]; groups: Group[] } {
  const groups = parseGroup(text(files, '/etc/group'));
  const principal = (account: Account): Principal => ({
    name: account.name,
    uid: account.uid,
    gid: account.gid,
    groups: groupsOf(account, groups),
  });
  return { list: parsePasswd(text(files, '/etc/passwd')).map(principal), groups };
}
