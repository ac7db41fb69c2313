import { expect, test } from 'vitest';
import { TestTree } from '../../../testing/tree.js';
import { differenceOf, dumpedHosts } from './dump-vhosts.js';
import { apacheConfig } from './httpd-conf.js';

const OUTPUT = `VirtualHost configuration:
127.0.0.1:8            main.example (/h.conf:4)
*:1443                 main.example (macro 'm' (defined on line 1 of "/h.conf") used on line 9 of "/h.conf":1)
*:6                    is a NameVirtualHost
         default server main.example (/h.conf:4)
         port 6 namevhost main.example (/h.conf:4)
         port 6 namevhost x (/h.conf:6)
ServerRoot: "/etc"
`;

test('what httpd lists, and how it differs from what was read', () => {
  expect(dumpedHosts(OUTPUT)).toEqual(['/h.conf:4', 'macro', '/h.conf:4', '/h.conf:6']);
  const tree = new TestTree();
  const read = (text: string) => {
    tree.put('/h.conf', text);
    return apacheConfig(tree.files, '/h.conf');
  };
  const host = '<VirtualHost *:6>\n</VirtualHost>\n';
  const made = `<Macro m>\n${host}</Macro>\n`;
  const same = read(`${made.slice(0, -1)}\n`.replace('</Macro>\n', '</Macro>\nUse m\n'));
  expect(differenceOf(same, ['macro'])).toBeNull();
  expect(differenceOf(read(host), dumpedHosts(OUTPUT))).toEqual({
    onlyHttpd: ['/h.conf:4', 'macro', '/h.conf:6'],
    onlyFiles: ['/h.conf:1'],
  });
  tree.remove();
});
