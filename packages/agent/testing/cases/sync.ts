import type { Facts } from '../../src/facts/facts.generated.js';

type Sync = Facts['configSync'];

export const CASE_CRON = '/etc/cron.d/msys-ecelerity';
export const CASE_REPOSITORY = '13f79535-47bb-0310-9956-ffa450edef68';
export const CASE_BOOT = '/opt/msys/ecelerity/etc/cluster.boot';

/** A node of a cluster in good order. */
export const caseSync =
  (over: Partial<Sync> = {}) =>
  (): Partial<Facts> => ({
    configSync: {
      isManaged: true,
      bootFile: CASE_BOOT,
      autoupdate: { kind: 'set', value: 'true', line: 8 },
      edits: { kind: 'known', value: { edited: [], conflicts: [] } },
      subclusters: { kind: 'known', value: [{ name: 'default', isConflict: false }] },
      cron: { tables: [{ path: CASE_CRON, pullLines: [2] }], unread: [], expectedAt: CASE_CRON },
      copy: { kind: 'known', value: { repository: CASE_REPOSITORY, path: '/boot/default', revision: 7 } },
      revision: { kind: 'known', value: { own: 7, newest: 7, newestMs: 0 } },
      ...over,
    },
  });
