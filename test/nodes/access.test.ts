import { describe, expect, test } from 'vitest';
import { ECELERITY_CONF, ECUSER, laidNodes, MSYSPG, placesOf, type TestNode } from './node.js';

const newNode = laidNodes();
const CONF = '/opt/msys/ecelerity/etc/conf';
const DEFAULT = `${CONF}/default`;
const ECDB = '/opt/msys/etc/installer/ecelerity.d/ecdb.conf';
const READABLE = 'MOM-PERM-002';

const include = (node: TestNode, path: string) =>
  node.edit(ECELERITY_CONF, (text) => `${text}\ninclude "${path}"\n`);
const runAs = (node: TestNode, user: string, group = user) => {
  node.edit(ECELERITY_CONF, (text) =>
    text.replace('User = "ecuser"', `User = "${user}"`).replace('Group = "ecuser"', `Group = "${group}"`),
  );
  node.edit('/etc/passwd', (text) => `${text}mailops:x:2200:2200::/:/bin/false\n`);
  return node.edit('/etc/group', (text) => `${text}mailops:x:2200:\nmail:x:12:mailops\nsecrets:x:2300:\n`);
};

describe('an access list', () => {
  test.each<[string, (node: TestNode) => TestNode, 'pass' | 'fail']>([
    [
      'lets ecuser read what its mode closes',
      (n) => n.give(ECDB, { uid: 0, gid: 0, mode: 0o640 }).acl(ECDB, `u:${ECUSER.uid}:r`),
      'pass',
    ],
    [
      'lets a group of ecuser read it',
      (n) => n.give(ECDB, { uid: 0, gid: 0, mode: 0o640 }).acl(ECDB, `g:${ECUSER.gid}:r`),
      'pass',
    ],
    [
      'has a mask that takes it away again',
      (n) => n.give(ECDB, { uid: 0, gid: 0, mode: 0o640 }).acl(ECDB, `u:${ECUSER.uid}:r`, 'm::-w-'),
      'fail',
    ],
    [
      'denies ecuser what everybody may',
      (n) => n.give(ECDB, { uid: 0, gid: 0, mode: 0o644 }).acl(ECDB, `u:${ECUSER.uid}:-`),
      'fail',
    ],
    ['denies ecuser the folder above', (n) => n.acl('/opt/msys/etc', `u:${ECUSER.uid}:-`), 'fail'],
    [
      'names somebody else',
      (n) => n.give(ECDB, { uid: 0, gid: 0, mode: 0o640 }).acl(ECDB, `u:${MSYSPG.uid}:r`),
      'fail',
    ],
    [
      'is one of defaults only',
      (n) =>
        n
          .give(ECDB, { uid: 0, gid: 0, mode: 0o640 })
          .acl('/opt/msys/etc/installer/ecelerity.d', `d:u:${ECUSER.uid}:r`),
      'fail',
    ],
  ])('that %s', async (_name, spoil, status) => {
    await spoil(newNode()).says({ [READABLE]: status });
  });
});

describe('the user of the configuration', () => {
  test.each<[string, (node: TestNode) => TestNode, 'pass' | 'fail' | 'indeterminate']>([
    [
      'can read what only its group may',
      (n) => runAs(n, 'mailops').give(ECDB, { uid: 0, gid: 2200, mode: 0o640 }),
      'pass',
    ],
    [
      'cannot read what ecuser may',
      (n) => runAs(n, 'mailops').give(ECDB, { uid: 0, gid: ECUSER.gid, mode: 0o640 }),
      'fail',
    ],
    [
      'reads with a group that it is a member of',
      (n) => runAs(n, 'mailops').give(ECDB, { uid: 0, gid: 12, mode: 0o640 }),
      'pass',
    ],
    [
      'reads with a supplemental group',
      (n) =>
        runAs(n, 'mailops')
          .edit(ECELERITY_CONF, (text) =>
            text.replace('User = "mailops"', 'User = "mailops"\n  supplemental_groups = ( secrets )'),
          )
          .give(ECDB, { uid: 0, gid: 2300, mode: 0o640 }),
      'pass',
    ],
    [
      'is no user of the node',
      (n) => n.edit(ECELERITY_CONF, (text) => text.replace('User = "ecuser"', 'User = "nobodyhere"')),
      'indeterminate',
    ],
  ])('%s', async (_name, spoil, status) => {
    await spoil(newNode()).says({ [READABLE]: status });
  });
});

describe('a file of the configuration that ecuser cannot read', () => {
  const closed = { uid: 0, gid: 0, mode: 0o600 };
  test.each<[string, (node: TestNode) => TestNode, string]>([
    [
      'included from elsewhere',
      (n) => include(n.write('/etc/momentum/site.conf', '', closed), '/etc/momentum/site.conf'),
      '/etc/momentum/site.conf',
    ],
    [
      'in a folder that is closed',
      (n) =>
        include(n.write('/srv/mail/site.conf', '').give('/srv/mail', { mode: 0o700 }), '/srv/mail/site.conf'),
      '/srv/mail',
    ],
    [
      'local_changes.conf',
      (n) => n.write(`${DEFAULT}/local_changes.conf`, '', closed),
      `${DEFAULT}/local_changes.conf`,
    ],
    [
      'a main file in etc',
      (n) => n.write('/opt/msys/ecelerity/etc/ecelerity.conf', n.read(ECELERITY_CONF), closed),
      '/opt/msys/ecelerity/etc/ecelerity.conf',
    ],
    [
      'behind a link',
      (n) => n.write('/srv/real.conf', '', closed).link(`${DEFAULT}/linked.conf`, '/srv/real.conf'),
      '/srv/real.conf',
    ],
  ])('is found: %s', async (_name, spoil, place) => {
    const verdicts = await spoil(newNode()).says({ [READABLE]: 'fail' });
    expect(placesOf(verdicts, READABLE)).toContain(place);
  });

  test.each([
    ['root’s as well', { uid: 0, gid: 0, mode: 0o640 }],
    ['ecuser’s own', { ...ECUSER, mode: 0o640 }],
  ])(
    'and every obstacle of an install under umask 0027 is told at once, the file %s',
    async (_name, access) => {
      const node = newNode();
      const folders = ['/opt/msys', '/opt/msys/ecelerity', '/opt/msys/ecelerity/etc', CONF, DEFAULT];
      for (const folder of folders) node.give(folder, { uid: 0, gid: 0, mode: 0o750 });
      node.give(ECELERITY_CONF, access);
      const verdicts = await node.says({ [READABLE]: 'fail', 'MOM-TLS-001': 'pass' });
      const denied = access.uid === 0 ? [...folders, ECELERITY_CONF] : folders;
      expect(placesOf(verdicts, READABLE)).toEqual(expect.arrayContaining(denied));
    },
  );
});

test('a file of root’s that all may read is a note, since eccfg sets the owner itself', async () => {
  const node = newNode().write(`${DEFAULT}/by-hand.conf`, '');
  await node.says({ 'MOM-PERM-003': 'pass', [READABLE]: 'pass' });
  await node.says({ 'MOM-PERM-003': 'fail' }, '3.0.10');
});
