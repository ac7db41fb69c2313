import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Config, decodeBytes, type Loader, loadConfig } from '@castellan/momentum';
import { ECELERITY_CONF } from '../lay/places.js';
import { userOf, whatBars } from './access.js';
import { type StandinNode, statePath } from './standin-node.js';
import { hostPath, lstatIfThere } from './tree-paths.js';

export type Loaded =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly lines: readonly string[] };

/** The configuration on disk, read with ecuser's rights, and judged as `config reload` judges it. */
export function loadFromDisk(node: StandinNode): Loaded {
  const config = loadConfig(diskLoader(node), ECELERITY_CONF, { nodeName: node.settings.name });
  const lines = [...config.unread.map(unreadLine), ...syntaxLines(config)];
  return lines.length === 0 ? { ok: true, config } : { ok: false, lines };
}

export function mainFileExists(node: StandinNode): boolean {
  return lstatIfThere(hostPath(node.root, ECELERITY_CONF)) !== null;
}

function diskLoader(node: StandinNode): Loader {
  const ecuser = userOf(node.root, 'ecuser');
  return {
    read(path) {
      const denied = whatBars(node.root, ecuser, path);
      if (denied !== null) return { ok: false, problem: 'denied', detail: denied };
      const host = hostPath(node.root, path);
      const stat = lstatIfThere(host);
      if (!stat?.isFile()) return { ok: false, problem: stat ? 'not-a-file' : 'missing', detail: path };
      return { ok: true, text: decodeBytes(readFileSync(host)).text };
    },
    list(path) {
      const host = hostPath(node.root, path);
      if (lstatIfThere(host)?.isDirectory() !== true || whatBars(node.root, ecuser, path) !== null)
        return null;
      return readdirSync(host).sort();
    },
  };
}

/** Manual, install.security: the text and its two lines. ASSUMED: a missing file is said in the same way. */
function unreadLine({ path, problem }: Config['unread'][number]): string {
  return `CFG-07961 failed to stat\n'${path}': ${problem === 'denied' ? 'Permission denied' : 'No such file or directory'}`;
}

/** Manual, executable.ec_dump_config. */
function syntaxLines(config: Config): string[] {
  return config.diagnostics
    .filter((diagnostic) => diagnostic.severity === 'error')
    .map(({ file, line, message }) => `Syntax error in ${file} at line ${line} near '${message}'`);
}

/** What a running Momentum has in memory: written down when it starts and at each reload that succeeds. */
export function keepRunning(node: StandinNode, config: Config): void {
  const folder = statePath(node, 'config');
  rmSync(folder, { recursive: true, force: true });
  for (const file of config.files) {
    const target = join(folder, file.path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, file.text);
  }
}

export function loadRunning(node: StandinNode): Config {
  const folder = statePath(node, 'config');
  const loader: Loader = {
    read(path) {
      const host = join(folder, path);
      return statIfThere(host)?.isFile()
        ? { ok: true, text: readFileSync(host, 'utf8') }
        : { ok: false, problem: 'missing', detail: path };
    },
    list: (path) =>
      statIfThere(join(folder, path))?.isDirectory() ? readdirSync(join(folder, path)).sort() : null,
  };
  return loadConfig(loader, ECELERITY_CONF, { nodeName: node.settings.name });
}

function statIfThere(host: string) {
  return statSync(host, { throwIfNoEntry: false });
}
