import { type Config, type LoadOptions, loadConfig } from '@castellan/momentum';
import type { LoadedConfig, MomentumConfigFact } from '../../facts/momentum-config.js';
import type { Doubt } from '../../facts/parts/doubt.js';
import { configText } from '../../knowledge/eccfg/config-text.js';
import { isLackedBy, mainFiles } from '../../knowledge/momentum/main-files.js';
import { CONFIG_PLACES } from '../../knowledge/momentum/managed-paths.js';
import { runUserOf } from '../../knowledge/momentum/run-user.js';
import { namedBy } from '../../knowledge/permissions/named-files.js';
import type { FileReader } from '../../ports/files.js';
import { defineCollector, FactInapplicable, FactUnavailable } from '../../units/fact.js';

/** A pull may swap the folder while it is read: inspected once more, then given up until the next scan. */
const LOOKS_MAX = 2;
const NAMES_SECRET = /pass|pwd|pw\b|secret|token|auth|community/i;
const QUOTED = /"[^"\n]*"|'[^'\n]*'/g;
const MASKED = '"********"';

export default defineCollector({
  name: 'momentumConfig',
  needs: ['install'],
  title: 'The configuration: every file that the main file includes, parsed, and what it comes to',
  timeoutMs: 20_000,
  evidence: 'files',
  collect({ files: all, facts }): MomentumConfigFact {
    const files = namedBy(all, facts.install.serviceUser, CONFIG_PLACES);
    const { nodeName, searchPath, mains, doubts } = mainFiles(
      files,
      facts.install.nodeName,
      facts.install.roles,
    );
    if (mains.length === 0) {
      if (isLackedBy(facts.install.roles))
        throw new FactInapplicable(
          `neither Momentum's MTA nor its cluster manager is installed here (${facts.install.roles.join(', ')}), and there is no configuration of theirs`,
        );
      throw new FactUnavailable(
        `no ecelerity.conf and no eccluster.conf in ${searchPath.join(', ')}: without a main file nothing of the configuration can be judged`,
      );
    }
    const configs = mains.map(
      ({ kind, instance, path }): LoadedConfig => ({
        kind,
        instance,
        main: path,
        config: unserialised(steadily(files, path, { nodeName, searchPath })),
      }),
    );
    const unreadMain = configs.find(({ config, main }) => config.unread.some((u) => u.path === main));
    if (unreadMain) {
      const why = unreadMain.config.unread.find((u) => u.path === unreadMain.main);
      throw new FactUnavailable(
        `${unreadMain.main} could not be read (${why?.problem}): run the agent as root, or give its user read access`,
      );
    }
    const diagnostics = configs.flatMap(({ config }) =>
      config.diagnostics
        .filter((d) => d.severity === 'error')
        .map(({ file, line, column, message, hint }) => ({
          file,
          line,
          column,
          message: withoutSecret(message, config, file, line),
          hint: hint === null ? null : withoutSecret(hint, config, file, line),
        })),
    );
    const runUser = runUserOf(configs.find(({ kind }) => kind === 'mta')?.config ?? null, facts.install);
    return {
      configs,
      searchPath,
      runUser: runUser.user,
      unread: configs.flatMap(({ config }) =>
        config.unread.map(({ path, problem, from }) => ({ path, problem, from })),
      ),
      doubts: [...doubts, ...runUser.doubts, ...notLoaded(diagnostics)],
      diagnostics,
    };
  },
});

/**
 * What is said of a line quotes it, and where the line does not load nobody knows what of it is the secret: where it, or
 * the one before it, names one, only names are quoted.
 */
function withoutSecret(message: string, config: Config, file: string, line: number): string {
  const text = config.files.find(({ path }) => path === file)?.text.split('\n') ?? [];
  const near = text.slice(Math.max(0, line - 2), line).join('\n');
  if (!NAMES_SECRET.test(near)) return message;
  return message.replace(QUOTED, (whole) =>
    NAMES_SECRET.test(whole) && !whole.includes('=') ? whole : MASKED,
  );
}

/** The texts hold passwords, and are needed whole in memory: whoever writes the fact down gets the files' names only. */
function unserialised(config: Config): Config {
  const toJSON = () => ({ main: config.main, files: config.files.map(({ path }) => path) });
  return Object.defineProperty(config, 'toJSON', { value: toJSON });
}

/** What does not load is not what runs. */
function notLoaded([error]: MomentumConfigFact['diagnostics']): Doubt[] {
  if (!error) return [];
  const { file, line, message } = error;
  const reason = `the configuration cannot be loaded: ${file}:${line}: ${message}; what runs is what was loaded before.`;
  return [{ kind: 'not-in-force', reason }];
}

/** Reads until two looks in a row see the same bytes, so that a file that was half written is not judged. */
function steadily(files: FileReader, main: string, options: LoadOptions): Config {
  for (let look = 1; ; look += 1) {
    const seen = new Map<string, Uint8Array>();
    const config = load(files, main, options, seen);
    const isSteady = [...seen].every(([path, content]) => isStill(files, path, content));
    if (isSteady) return config;
    if (look >= LOOKS_MAX)
      throw new FactUnavailable('the configuration changed while it was read, twice; the next scan decides');
  }
}

function load(files: FileReader, main: string, options: LoadOptions, seen: Map<string, Uint8Array>): Config {
  return loadConfig(
    {
      read(path) {
        const content = files.read(path);
        if (!content.ok) return { ok: false, problem: content.problem, detail: content.detail };
        seen.set(path, content.value);
        return { ok: true, text: configText(content.value).text };
      },
      list(path) {
        const names = files.list(path);
        return names.ok ? names.value : null;
      },
    },
    main,
    options,
  );
}

function isStill(files: FileReader, path: string, before: Uint8Array): boolean {
  const content = files.read(path);
  return content.ok && Buffer.compare(content.value, before) === 0;
}
