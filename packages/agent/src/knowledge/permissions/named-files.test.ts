import { chmodSync, chownSync, linkSync, renameSync, symlinkSync, unlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CASE_ECUSER, CASE_MSYSPG, caseInstall } from '../../../testing/cases/node.js';
import { noNet } from '../../../testing/no-net.js';
import { TestTree } from '../../../testing/tree.js';
import { nodeFiles } from '../../adapters/node-files.js';
import momentumConfig from '../../collectors/momentum-config/collector.js';
import serviceCertificates from '../../collectors/service-certificates/collector.js';
import type { CollectContext } from '../../units/fact.js';
import { configEdit } from '../eccfg/config-edit.js';
import { namedBy } from './named-files.js';

const CONF = '/opt/msys/ecelerity/etc/conf/default';
const DATA = '/var/db/msyspg';
const SECRET = 'roots-own-canary-5TZ';

let tree: TestTree;
beforeEach(() => {
  tree = new TestTree();
  chmodSync(tree.root, 0o755);
});
afterEach(() => tree.remove());

function put(path: string, content: string, uid: number, mode: number): void {
  tree.put(path, content);
  chownSync(tree.at(path), uid, uid);
  chmodSync(tree.at(path), mode);
}

function context(): Omit<CollectContext, 'facts'> {
  return {
    files: tree.files,
    net: noNet(),
    settings: { nodeName: null, assumeMomentum: null, probe: false, live: false },
  } as unknown as Omit<CollectContext, 'facts'>;
}

// Only root can read what others must not be shown.
describe.skipIf(process.getuid?.() !== 0)('paths that the service’s users write into their settings', () => {
  const shadow = `root:$6$${SECRET}::::::: "x\nhost all all 0.0.0.0/0 ${SECRET}\nssl = ${SECRET}\nTLS_Protocols = "${SECRET}"\n`;

  const config = () => momentumConfig.collect({ ...context(), facts: { install: caseInstall() } } as never);

  test.each(['/etc/shadow', '../../../../../../etc/shadow', 'link.conf', '/root/readable', 'linked-folder'])(
    'an include of %s: not a word of it is known, and it counts as unread',
    async (include) => {
      put('/etc/shadow', shadow, 0, 0o600);
      // What everybody may read, in a folder that nobody may pass.
      put('/root/readable', shadow, 0, 0o644);
      chmodSync(tree.at('/root'), 0o700);
      put(`${CONF}/ecelerity.conf`, `include "${include}"\n`, CASE_ECUSER.uid, 0o644);
      symlinkSync('/etc/shadow', tree.at(`${CONF}/link.conf`));
      symlinkSync('/root', tree.at(`${CONF}/linked-folder`));
      const fact = await config();
      expect(JSON.stringify(fact)).not.toContain(SECRET);
      expect(fact.unread).toMatchObject([{ problem: expect.stringMatching(/^(denied|directory)$/) }]);
    },
  );

  test('a second name of root’s file in the configuration is not looked into', async () => {
    put('/etc/shadow', shadow, 0, 0o600);
    put(`${CONF}/ecelerity.conf`, 'include "second.conf"\n', CASE_ECUSER.uid, 0o644);
    linkSync(tree.at('/etc/shadow'), tree.at(`${CONF}/second.conf`));
    expect((await config()).unread).toMatchObject([{ problem: 'denied' }]);
  });

  test('a file of the configuration that its user cannot read is: that it cannot is a fault to be found', async () => {
    put(`${CONF}/ecelerity.conf`, 'include "new.conf"\n', CASE_ECUSER.uid, 0o644);
    put(`${CONF}/new.conf`, 'TLS = "no"\n', 0, 0o600);
    expect((await config()).unread).toEqual([]);
  });

  test('but its lines are shown in no plan', () => {
    put('/etc/passwd', `ecuser:x:${CASE_ECUSER.uid}:${CASE_ECUSER.uid}::/:/bin/false\n`, 0, 0o644);
    put('/etc/group', '', 0, 0o644);
    put(`${CONF}/a.conf`, SECRET, 0, 0o600);
    const edit = { path: `${CONF}/a.conf`, before: SECRET, after: 'TLS = "no"\n', summary: '' };
    const planned = configEdit(tree.files, [edit]);
    expect(planned).toMatchObject({
      ok: false,
      why: expect.stringMatching(/not the service's user's to read/),
    });
    expect(JSON.stringify(planned)).not.toContain(SECRET);
  });

  test('exchanged between two looks: what was read is asked, not the name', () => {
    put('/etc/shadow', shadow, 0, 0o600);
    put(`${CONF}/a.conf`, 'TLS = "no"\n', CASE_ECUSER.uid, 0o644);
    put(`${CONF}/trap`, '', CASE_ECUSER.uid, 0o644);
    unlinkSync(tree.at(`${CONF}/trap`));
    symlinkSync('/etc/shadow', tree.at(`${CONF}/trap`));
    const files = nodeFiles(tree.root);
    const swapping = namedBy(
      {
        ...files,
        // What is captured is root's; every question by name after it meets the harmless one again.
        capture: (path, options) => {
          renameSync(tree.at(`${CONF}/a.conf`), tree.at(`${CONF}/aside`));
          renameSync(tree.at(`${CONF}/trap`), tree.at(`${CONF}/a.conf`));
          const found = files.capture(path, options);
          renameSync(tree.at(`${CONF}/a.conf`), tree.at(`${CONF}/trap`));
          renameSync(tree.at(`${CONF}/aside`), tree.at(`${CONF}/a.conf`));
          return found;
        },
      },
      CASE_ECUSER,
      [],
    );
    expect(swapping.read(`${CONF}/a.conf`)).toMatchObject({ ok: false, problem: 'denied' });
  });

  const certificates = () =>
    serviceCertificates.collect({
      ...context(),
      facts: {
        install: caseInstall({ roles: ['singlenode'] }),
        webuiHttpd: { authority: { kind: 'not-asked', why: 'no programs' } },
      },
    } as never);

  test.each(['hba_file', 'include', 'include_dir', 'ssl_cert_file', 'ssl_key_file'])(
    'PostgreSQL’s %s that leads to what msyspg cannot read',
    async (name) => {
      put('/etc/private/x.conf', shadow, 0, 0o600);
      chmodSync(tree.at('/etc/private'), 0o700);
      const at = name === 'include_dir' ? '/etc/private' : '/etc/private/x.conf';
      put(`${DATA}/postgresql.conf`, `${name} = '${at}'\n`, CASE_MSYSPG.uid, 0o600);
      put(`${DATA}/pg_hba.conf`, 'local all all trust\n', CASE_MSYSPG.uid, 0o600);
      const fact = await certificates();
      const database = fact.services.find(({ location }) => location.service === 'msyspg');
      expect(JSON.stringify(fact)).not.toContain(SECRET);
      if (name === 'hba_file') expect(database?.plainAccess?.unread).toMatch(/denied/);
      if (name === 'include' || name === 'include_dir') expect(database?.location.tls).toBe('unknown');
    },
  );

  test.each(['Include', 'IncludeOptional'])('Apache’s %s of a closed file', async (name) => {
    put('/root/x.conf', `ServerName ${SECRET}\nSSLEngine on\nSSLCertificateFile /${SECRET}\n`, 0, 0o600);
    put('/opt/msys/ecwebui/config/httpd.conf', `${name} /root/x.conf\n`, CASE_ECUSER.uid, 0o644);
    const fact = await certificates();
    expect(JSON.stringify(fact)).not.toContain(SECRET);
    expect(fact.services.find(({ location }) => location.service === 'ecwebui')?.location.tls).toBe(
      'unknown',
    );
  });
});

test.each(['/proc/kmsg', '/proc/self/mem', '/proc/self/environ', '/proc/kcore', '/sys/kernel/uevent_seqnum'])(
  '%s looks like a file, and is none that is read',
  (path) => {
    const files = nodeFiles('/');
    for (const read of [files.read(path), files.capture(path)])
      expect(read).toMatchObject({ ok: false, problem: expect.stringMatching(/^(failed|denied|missing)$/) });
  },
);
