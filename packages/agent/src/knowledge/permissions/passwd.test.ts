import { expect, test } from 'vitest';
import { groupsOf, parseGroup, parsePasswd } from './passwd.js';

test('accounts, without what is malformed', () => {
  const text = [
    'root:x:0:0:root:/root:/bin/bash',
    '# a comment',
    '',
    'ecuser:x:7100:7100:Momentum:/opt/msys:',
    'ecuser:x:1:1:again::',
    'short:x',
    'odd:x:abc:0::/:/bin/sh',
    'nobody:x:4294967295:0::/:/bin/sh',
    '+nis::::::',
    ':x:5:5::/:/bin/sh',
    'dos:x:8:8::/home/dos:/bin/sh\r',
  ].join('\n');
  expect(parsePasswd(text)).toEqual([
    { name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/bash' },
    { name: 'ecuser', uid: 7100, gid: 7100, home: '/opt/msys', shell: '/bin/sh' },
    { name: 'dos', uid: 8, gid: 8, home: '/home/dos', shell: '/bin/sh' },
  ]);
});

test('groups, and every one that a user is in', () => {
  const groups = parseGroup(
    'ecuser:x:7100:\nmail:x:12:postfix,ecuser\nbroken\nalso:x:13:ecuser,\nother:x:14:ecuserx\n',
  );
  const [account] = parsePasswd('ecuser:x:7100:7100::/:/bin/sh');
  expect(account && groupsOf(account, groups)).toEqual([7100, 12, 13]);
});
