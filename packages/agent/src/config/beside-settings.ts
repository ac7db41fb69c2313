import { err, ok, type Result } from '@castellan/shared/base/result';
import { type CasError, casError } from '@castellan/shared/errors/cas-error';
import { BESIDE_INTERVAL_S_MAX } from '@castellan/shared/model/node';
import { isMap, isSeq, type YAMLMap } from 'yaml';
import { readValue } from './read-value.js';
import { SETTINGS, type SettingRow } from './settings.js';
import { nameOf, plain, readYaml, type YamlFile } from './yaml-file.js';

/** Nodes that one process looks after. */
export const NODES_MAX = 500;
export const INTERVAL_S_MIN = 2;
/** A node's name becomes the name of its folder. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/;

/** A node that is looked after from this host. Paths are this host's, but for `root`. */
export interface BesideNode {
  readonly name: string;
  /** `[user@]host`, as ssh is told. */
  readonly host: string;
  /** The login with which something is changed; null: `host`. */
  readonly changeHost: string | null;
  /** The login with which listeners are probed; null: `host`. */
  readonly probeHost: string | null;
  /** Remediations that the server may have carried out on the node from here. Empty: none. */
  readonly allow: readonly string[];
  readonly intervalS: number;
  readonly knownHosts: string | null;
  readonly sshConfig: string | null;
  /** Where the one-time token stands with which the node is enrolled; null: it was enrolled. */
  readonly tokenFile: string | null;
  readonly rescanMs: number;
  readonly probe: boolean;
  readonly assumeMomentum: string | null;
  readonly policy: string | null;
  /** A folder of the node that is read as if it were `/`. */
  readonly root: string;
  /** The node's own state folder. */
  readonly state: string;
}

export interface BesideSettings {
  /** The server's agents' port, as it is given to `enroll`; null: every node is enrolled. */
  readonly server: string | null;
  readonly logLevel: string;
  readonly nodes: readonly BesideNode[];
}

interface Row extends Pick<SettingRow, 'kind' | 'min' | 'max'> {
  readonly fallback: string | number | boolean | readonly string[] | null;
  readonly text: string;
}

const { rescanMs, probe, assumeMomentum, policy, allow } = SETTINGS;

/** What may be said of a node, and at the top for all of them. */
export const OF_NODES: Readonly<Record<string, Row>> = {
  interval: {
    kind: 's',
    fallback: 10,
    min: INTERVAL_S_MIN,
    max: BESIDE_INTERVAL_S_MAX,
    text: 'between two questions for what changed on the node',
  },
  knownHosts: { kind: 'path', fallback: null, text: 'keys of nodes that a person has compared' },
  sshConfig: { kind: 'path', fallback: null, text: 'an ssh_config(5) of ours' },
  tokenFile: {
    kind: 'path',
    fallback: null,
    text: 'the enrolment token, for a node that is not enrolled yet',
  },
  ...rowsOf({ rescanMs, probe, assumeMomentum, policy, allow }),
};

/** What is said of one node only. */
export const OF_ONE_NODE: Readonly<Record<string, Row>> = {
  name: { kind: 'text', fallback: null, text: "the node's name at the server, and of its state folder" },
  host: { kind: 'text', fallback: null, text: '[user@]host, as ssh is told' },
  changeHost: {
    kind: 'text',
    fallback: null,
    text: 'the login to change something, [user@]host; unset: host',
  },
  probeHost: {
    kind: 'text',
    fallback: null,
    text: 'the login to probe listeners, [user@]host; unset: host',
  },
  root: { kind: 'path', fallback: '/', text: 'a folder of the node that is read as if it were /' },
};

/** What is said once. */
export const AT_THE_TOP: Readonly<Record<string, Row>> = {
  state: {
    kind: 'path',
    fallback: '/var/lib/castellan/beside',
    text: 'the folder of the state folders, one for each node',
  },
  server: {
    kind: 'text',
    fallback: null,
    text: "the server's agents' port, https://host:port, for enrolling",
  },
  'log.level': { kind: 'level', fallback: 'info', text: 'error, warn, info or debug' },
};

type Values = Map<string, unknown>;

/** The first fault is told, with its place and what is wanted there. */
export function loadBesideSettings(file: {
  readonly path: string;
  readonly text: string;
}): Result<BesideSettings> {
  const yaml = readYaml(file);
  if (!yaml.ok) return yaml;
  const { root, at } = yaml.value;
  const top = valuesOf(root, { ...AT_THE_TOP, ...OF_NODES }, at, new Map(), ['version', 'nodes']);
  if (!top.ok) return top;
  const list = root.get('nodes', true);
  const entries: readonly unknown[] = isSeq(list) ? list.items : [];
  if (entries.length === 0 || entries.length > NODES_MAX)
    return invalid(
      at(list),
      entries.length === 0
        ? '"nodes" must be a list with a name and a host for each node'
        : `${entries.length} nodes, and one process looks after ${NODES_MAX}: give the others to another one`,
    );
  const base = String(top.value.get('state'));
  const names = new Set<string>();
  const nodes: BesideNode[] = [];
  for (const entry of entries) {
    const node = isMap(entry)
      ? nodeOf(entry, at, top.value, base)
      : invalid(at(entry), 'a node is a mapping with a name and a host');
    if (!node.ok) return node;
    // A folder whose file system takes no notice of case would be one for both.
    if (names.has(node.value.name.toLowerCase()))
      return invalid(
        at(entry),
        `there is another node called ${node.value.name}: each has a name, and a state folder, of its own`,
      );
    names.add(node.value.name.toLowerCase());
    nodes.push(node.value);
  }
  return ok({ server: text(top.value, 'server'), logLevel: String(top.value.get('log.level')), nodes });
}

function nodeOf(entry: YAMLMap, at: YamlFile['at'], top: Values, base: string): Result<BesideNode> {
  const read = valuesOf(entry, { ...OF_ONE_NODE, ...OF_NODES }, at, top, []);
  if (!read.ok) return read;
  const values = read.value;
  const [name, host] = [text(values, 'name'), text(values, 'host')];
  if (name === null || host === null)
    return invalid(at(entry), `the node has no ${name === null ? 'name' : 'host'}`);
  if (!NAME.test(name))
    return invalid(
      at(entry),
      `name must be letters, digits, ".", "_" and "-", as in mta1.example.com: it is a folder's name too`,
    );
  return ok({
    name,
    host,
    changeHost: text(values, 'changeHost'),
    probeHost: text(values, 'probeHost'),
    allow: listOf(values, 'allow'),
    intervalS: Number(values.get('interval')),
    knownHosts: text(values, 'knownHosts'),
    sshConfig: text(values, 'sshConfig'),
    tokenFile: text(values, 'tokenFile'),
    rescanMs: Number(values.get('rescanMs')),
    probe: values.get('probe') === true,
    assumeMomentum: text(values, 'assumeMomentum'),
    policy: text(values, 'policy'),
    root: String(values.get('root')),
    state: `${base}/${name}`,
  });
}

function valuesOf(
  map: YAMLMap,
  rows: Readonly<Record<string, Row>>,
  at: YamlFile['at'],
  before: Values,
  others: readonly string[],
): Result<Values> {
  const values: Values = new Map(
    Object.entries(rows).map(([name, { fallback }]) => [name, before.get(name) ?? fallback]),
  );
  const take = (group: YAMLMap, prefix: string): CasError | null => {
    for (const { key, value } of group.items) {
      const name = `${prefix}${nameOf(key)}`;
      if (others.includes(name)) continue;
      const row = rows[name];
      const isGroup = isMap(value) && Object.keys(rows).some((known) => known.startsWith(`${name}.`));
      const reading = row ? readValue(row, plain(value)) : null;
      const fault = isGroup
        ? take(value, `${name}.`)
        : reading === null
          ? casError(
              'CAS_CONFIG_INVALID',
              `${at(key)}: there is no setting "${name}" (there are: ${[...others, ...Object.keys(rows)].join(', ')})`,
            )
          : reading.ok
            ? null
            : casError('CAS_CONFIG_INVALID', `${at(key)}: ${name} must be ${reading.wanted}`);
      if (fault) return fault;
      if (reading?.ok) values.set(name, reading.value);
    }
    return null;
  };
  const fault = take(map, '');
  return fault ? err(fault) : ok(values);
}

function rowsOf(rows: Readonly<Record<string, SettingRow | undefined>>): Record<string, Row> {
  const known: Record<string, Row> = {};
  for (const [name, row] of Object.entries(rows)) {
    if (!row) throw new Error(`no such setting: ${name}`);
    known[name] = row;
  }
  return known;
}

function text(values: Values, name: string): string | null {
  const value = values.get(name);
  return typeof value === 'string' ? value : null;
}

function listOf(values: Values, name: string): readonly string[] {
  const value = values.get(name);
  return Array.isArray(value) ? value.map(String) : [];
}

function invalid(where: string, what: string): Result<never> {
  return err(casError('CAS_CONFIG_INVALID', `${where}: ${what}`));
}
