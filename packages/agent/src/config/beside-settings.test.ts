import { describe, expect, test } from 'vitest';
import { INTERVAL_S_MIN, loadBesideSettings, NODES_MAX } from './beside-settings.js';

const load = (...lines: readonly string[]) =>
  loadBesideSettings({ path: 'nodes.yaml', text: ['version: 1', ...lines].join('\n') });
const fault = (...lines: readonly string[]) => {
  const loaded = load(...lines);
  return loaded.ok ? 'no fault' : `${loaded.error.code} ${loaded.error.detail}`;
};
const ONE = ['nodes:', '  - name: mta1', '    host: root@mta1'];

describe('the file of nodes', () => {
  test('says once what is the same for all, and each node may say it otherwise', () => {
    const loaded = load(
      'state: /srv/beside',
      'server: https://castellan.example.com:8443',
      'interval: 30',
      'tokenFile: /etc/token',
      'log: { level: debug }',
      ...ONE,
      '  - name: mta2.example.com',
      '    host: mta2',
      '    interval: 5',
      '    probe: false',
      '    root: /zones/mta2',
      '    changeHost: changer@mta2',
      '    probeHost: mta2-probe',
      '    allow: [permissions-repair, key-permissions]',
    );
    expect(loaded).toMatchObject({
      ok: true,
      value: {
        server: 'https://castellan.example.com:8443',
        logLevel: 'debug',
        nodes: [
          {
            name: 'mta1',
            host: 'root@mta1',
            intervalS: 30,
            tokenFile: '/etc/token',
            rescanMs: 300_000,
            probe: true,
            root: '/',
            state: '/srv/beside/mta1',
            changeHost: null,
            probeHost: null,
            allow: [],
          },
          {
            intervalS: 5,
            probe: false,
            root: '/zones/mta2',
            knownHosts: null,
            state: '/srv/beside/mta2.example.com',
            changeHost: 'changer@mta2',
            probeHost: 'mta2-probe',
            allow: ['permissions-repair', 'key-permissions'],
          },
        ],
      },
    });
  });

  test.each([
    [['nodes: ['], 'nodes.yaml:2'],
    [[], 'must be a list with a name and a host'],
    [['nodes: mta1'], 'nodes.yaml:2: "nodes" must be a list'],
    [['nodes: [mta1]'], 'nodes.yaml:2: a node is a mapping'],
    [['nodes:', '  - name: mta1'], 'nodes.yaml:3: the node has no host'],
    [['nodes:', '  - host: mta1'], 'nodes.yaml:3: the node has no name'],
    [['nodes:', '  - name: ../mta1', '    host: mta1'], 'nodes.yaml:3: name must be letters'],
    [[...ONE, '  - name: MTA1', '    host: other'], 'nodes.yaml:5: there is another node called MTA1'],
    [[...ONE, '    intervall: 3'], 'nodes.yaml:5: there is no setting "intervall" (there are: name, host,'],
    [[...ONE, '    state: /elsewhere'], 'nodes.yaml:5: there is no setting "state"'],
    [
      [...ONE, `    interval: ${INTERVAL_S_MIN - 1}`],
      'nodes.yaml:5: interval must be whole seconds from 2 to 240',
    ],
    [[...ONE, '    interval: 241'], 'nodes.yaml:5: interval must be whole seconds from 2 to 240'],
    [['interval: soon', ...ONE], 'nodes.yaml:2: interval must be whole seconds'],
    [['log: { level: loud }', ...ONE], 'nodes.yaml:2: log.level must be one of'],
    [['allow: 3', ...ONE], 'nodes.yaml:2: allow must be a list of texts'],
    [['tokenFile: token', ...ONE], 'nodes.yaml:2: tokenFile must be an absolute path'],
  ])('%s: what, where and what is wanted', (lines, told) => {
    expect(fault(...lines)).toContain('CAS_CONFIG_INVALID');
    expect(fault(...lines)).toContain(told);
  });

  test('holds so many nodes, and no more', () => {
    const entries = (count: number) => [
      'nodes:',
      ...Array.from({ length: count }, (_, index) => `  - { name: n${index}, host: n${index} }`),
    ];
    expect(load(...entries(NODES_MAX))).toMatchObject({ ok: true });
    expect(fault(...entries(NODES_MAX + 1))).toContain(
      `${NODES_MAX + 1} nodes, and one process looks after ${NODES_MAX}`,
    );
  });
});
