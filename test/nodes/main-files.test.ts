import { describe, expect, test } from 'vitest';
import { ECELERITY_CONF, ECUSER, type Expected, laidNodes, placesOf, type TestNode } from './node.js';

const newNode = laidNodes();
const ETC = '/opt/msys/ecelerity/etc';
const BAD = 'TLS = "ifavailable"\nTLS_Protocols = "+ALL"\n';
const OUTBOUND = 'MOM-TLS-002';

/** The node's own main file with SSLv3 switched on at its end, as another file. */
const openAt = (node: TestNode, path: string) =>
  node.write(path, `${node.read(ECELERITY_CONF)}\n${BAD}`, ECUSER);
const setting = (node: TestNode, file: string, text: string) => node.write(`${ETC}/${file}`, text);

describe('the main file', () => {
  test.each<[string, (node: TestNode) => TestNode, Expected]>([
    [
      'of the name in cluster.boot is the one that counts',
      (n) =>
        openAt(setting(n, 'cluster.boot', '# boot\nnode_name = east1\n'), `${ETC}/conf/east1/ecelerity.conf`),
      { [OUTBOUND]: 'fail' },
    ],
    [
      'of the host’s name up to its first dot counts',
      (n) => openAt(n, `${ETC}/conf/mta1/ecelerity.conf`),
      { [OUTBOUND]: 'fail' },
    ],
    [
      'of the host’s whole name is no one’s',
      (n) => openAt(n, `${ETC}/conf/mta1.example.com/ecelerity.conf`),
      { [OUTBOUND]: ['pass', 'not-applicable'] },
    ],
    [
      'of the host’s name does not count where cluster.boot has another',
      (n) => openAt(setting(n, 'cluster.boot', 'node_name=east1\n'), `${ETC}/conf/mta1/ecelerity.conf`),
      { [OUTBOUND]: ['pass', 'not-applicable'] },
    ],
    [
      'that CONFFILE names is read',
      (n) =>
        openAt(
          setting(n, 'environment', 'CONFFILE=/opt/msys/ecelerity/etc/site.conf\nexport CONFFILE\n'),
          `${ETC}/site.conf`,
        ),
      { [OUTBOUND]: 'fail' },
    ],
    [
      'is looked for in EC_CONF_SEARCH_PATH',
      (n) =>
        openAt(
          setting(
            n,
            'environment',
            'export EC_CONF_SEARCH_PATH="/opt/msys/ecelerity/etc/site:/opt/msys/ecelerity/etc/conf/default"\n',
          ),
          `${ETC}/site/ecelerity.conf`,
        ),
      { [OUTBOUND]: 'fail' },
    ],
    [
      'is not known where the environment file is more than assignments',
      (n) => setting(n, 'environment', '. /opt/msys/site-environment\n'),
      { [OUTBOUND]: 'indeterminate', 'MOM-TLS-001': 'indeterminate', 'MOM-PERM-002': 'indeterminate' },
    ],
    [
      'is known where that line is before the one that sets it',
      (n) =>
        setting(
          n,
          'environment',
          '. /opt/msys/more\nCONFFILE=ecelerity.conf\nEC_CONF_SEARCH_PATH=/opt/msys/ecelerity/etc/conf/default\nEC_NODE_NAME=mta1\n',
        ),
      { 'MOM-PERM-002': 'pass' },
    ],
    [
      'of a second instance is read as well',
      (n) => openAt(n, `${ETC}/ecelerity1.conf`),
      { [OUTBOUND]: 'fail' },
    ],
  ])('%s', async (_name, spoil, expected) => {
    await spoil(newNode()).says(expected);
  });
});

describe('a node of a cluster', () => {
  const cluster = (): TestNode => {
    const node = newNode();
    for (const path of [
      '/etc/init.d/msyspg',
      '/etc/init.d/ecwebconsole',
      '/var/db/msyspg',
      '/opt/msys/ecwebui',
    ])
      node.remove(path);
    return openAt(node, `${ETC}/conf/default/eccluster.conf`);
  };

  test('that sends mail is not blamed for the manager’s file', async () => {
    const verdicts = await cluster().says({ [OUTBOUND]: ['pass', 'not-applicable'] });
    expect(placesOf(verdicts, OUTBOUND)).toEqual([]);
  });

  test('that manages is not blamed for the file of those that send', async () => {
    const node = cluster()
      .remove('/etc/init.d/ecelerity')
      .write('/etc/init.d/eccmgr', '#!/bin/sh\n', { mode: 0o755 });
    const verdicts = await node.says({ [OUTBOUND]: 'fail' });
    expect(placesOf(verdicts, OUTBOUND).filter((place) => !place.includes('/eccluster.conf:'))).toEqual([]);
  });
});

describe('a file that cannot be loaded', () => {
  test('fails as such, by its line, and nothing is judged as if it ran', async () => {
    const node = newNode().edit(ECELERITY_CONF, (text) => `${text}}}}\n`);
    const line = node.read(ECELERITY_CONF).trimEnd().split('\n').length;
    const verdicts = await node.says({
      'MOM-CFG-001': 'fail',
      'MOM-TLS-001': 'indeterminate',
      'MOM-TLS-003': 'indeterminate',
      'MOM-CRED-001': 'indeterminate',
    });
    expect(placesOf(verdicts, 'MOM-CFG-001')[0]).toBe(`${ECELERITY_CONF}:${line}`);
  });
});
