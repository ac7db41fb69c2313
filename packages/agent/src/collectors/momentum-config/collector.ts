import { type Config, decodeBytes, loadConfig } from '@castellan/momentum';
import { sha256Hex } from '@castellan/shared/base/canonical-json';
import type { LoadedConfig, MomentumConfigFact } from '../../facts/momentum-config.js';
import { CONFIG_PLACES } from '../../knowledge/momentum/managed-paths.js';
import { namedBy } from '../../knowledge/permissions/named-files.js';
import type { FileReader } from '../../ports/files.js';
import { defineCollector, FactUnavailable } from '../../units/fact.js';

const ETC = '/opt/msys/ecelerity/etc';
/** Manual, executable.ecelerity and eccluster.conf: the main file of a node that sends mail, and of a manager. */
const MAIN_FILES = [
  { kind: 'mta', name: 'ecelerity.conf' },
  { kind: 'manager', name: 'eccluster.conf' },
] as const;
/** A pull may swap the folder while it is read: looked at once more, then given up until the next look. */
const LOOKS_MAX = 2;

export default defineCollector({
  name: 'momentumConfig',
  needs: ['install'],
  title: 'The configuration: every file that the main file includes, parsed, and what it comes to',
  timeoutMs: 20_000,
  evidence: 'files',
  collect({ files: all, facts }): MomentumConfigFact {
    const files = namedBy(all, facts.install.serviceUser, CONFIG_PLACES);
    const folders = searchFolders(facts.install.nodeName);
    const mains = MAIN_FILES.flatMap(({ kind, name }) => {
      const path = folders.map((folder) => `${folder}/${name}`).find((p) => exists(files, p));
      return path ? [{ kind, path }] : [];
    });
    if (mains.length === 0) {
      throw new FactUnavailable(
        `no ecelerity.conf and no eccluster.conf in ${folders.join(', ')}: without a main file nothing of the configuration can be judged`,
      );
    }
    const configs = mains.map(
      ({ kind, path }): LoadedConfig => ({
        kind,
        main: path,
        config: steadily(files, path, facts.install.nodeName),
      }),
    );
    const unreadMain = configs.find(({ config, main }) => config.unread.some((u) => u.path === main));
    if (unreadMain) {
      const why = unreadMain.config.unread.find((u) => u.path === unreadMain.main);
      throw new FactUnavailable(
        `${unreadMain.main} could not be read (${why?.problem}): run the agent as root, or give its user read access`,
      );
    }
    return {
      configs,
      unread: configs.flatMap(({ config }) =>
        config.unread.map(({ path, problem, from }) => ({ path, problem, from })),
      ),
      diagnostics: configs.flatMap(({ config }) =>
        config.diagnostics
          .filter((d) => d.severity === 'error')
          .map(({ file, line, column, message, hint }) => ({ file, line, column, message, hint })),
      ),
    };
  },
});

/** Manual, conf.ecconfigd: etc, conf/global, conf/NODENAME, conf/default, in this order. */
function searchFolders(nodeName: string): string[] {
  return [ETC, `${ETC}/conf/global`, `${ETC}/conf/${nodeName}`, `${ETC}/conf/default`];
}

function exists(files: FileReader, path: string): boolean {
  const stat = files.stat(path);
  return stat.ok || stat.problem !== 'missing';
}

/** Reads until two looks in a row see the same bytes, so that a file that was half written is not judged. */
function steadily(files: FileReader, main: string, nodeName: string): Config {
  for (let look = 1; ; look += 1) {
    const hashes = new Map<string, string>();
    const config = load(files, main, nodeName, hashes);
    const isSteady = [...hashes].every(([path, hash]) => hashOf(files, path) === hash);
    if (isSteady) return config;
    if (look >= LOOKS_MAX)
      throw new FactUnavailable('the configuration changed while it was read, twice; the next look decides');
  }
}

function load(files: FileReader, main: string, nodeName: string, hashes: Map<string, string>): Config {
  return loadConfig(
    {
      read(path) {
        const content = files.read(path);
        if (!content.ok) return { ok: false, problem: content.problem, detail: content.detail };
        hashes.set(path, sha256Hex(content.value));
        return { ok: true, text: decodeBytes(content.value).text };
      },
      list(path) {
        const names = files.list(path);
        return names.ok ? names.value : null;
      },
    },
    main,
    { nodeName, searchPath: searchFolders(nodeName) },
  );
}

function hashOf(files: FileReader, path: string): string | null {
  const content = files.read(path);
  return content.ok ? sha256Hex(content.value) : null;
}
