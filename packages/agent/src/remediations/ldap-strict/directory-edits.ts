import { allSettings, type Config, datasourceUris, setOption } from '@castellan/momentum';
import { configEdits, type OptionEdits, type WantedEdit } from '../../knowledge/eccfg/option-edits.js';
import { secured } from './urls.js';

const CLEAR = /(^|[^a-z0-9])ldap:\/\//i;

/** Every directory that a configuration names: by ldaps, with its version, and what it says is not kept. */
export function directoryEdits(configs: readonly Config[]): OptionEdits {
  let refusal: string | null = null;
  const edits = configEdits(configs, (config) => {
    const wanted = [...addresses(config), ...caches(config)];
    const [bad] = wanted.flatMap((one) => ('why' in one ? [one.why] : []));
    refusal ??= bad ?? null;
    return wanted.flatMap((one) => ('why' in one ? [] : [one]));
  });
  return refusal === null ? edits : { ok: false, why: refusal };
}

type Wanted = WantedEdit | { readonly why: string };

function addresses(config: Config): Wanted[] {
  const uris = datasourceUris(config);
  const settings = allSettings(config).filter(({ text }) => /(^|[^a-z0-9])ldaps?:\/\//i.test(text));
  return settings.flatMap(({ option, scope, label, at, text }, index): Wanted[] => {
    const where = `${at.file}:${at.line}`;
    const after = secured(text);
    if (!after.ok) return [{ why: `${where}: ${after.why}` }];
    if (after.text === text) return [];
    const own = uris.filter((uri) => uri.at.file === at.file && uri.at.line === at.line);
    if (own.length > 1 && own.some(({ uri }) => /\s/.test(uri.trim())))
      return [
        { why: `${where}: a list of several addresses with blanks in them must be edited by a person` },
      ];
    // Of several lines of one option the last counts; those before it are not changed by an edit of the option.
    const isLast = !settings.slice(index + 1).some((one) => one.option === option && one.label === label);
    if (!isLast)
      return CLEAR.test(text)
        ? [{ why: `${where} is overruled by a later line: take it out by hand first` }]
        : [];
    return [
      {
        what: `asks the directory over TLS in ${label || 'the global scope'}`,
        make: (now) => setOption(now, scope, option, after.text),
      },
    ];
  });
}

/** Manual, conf.ldaps: a password that was changed is asked for in vain while the old answer is kept. */
function caches(config: Config): WantedEdit[] {
  const scopes = new Map(
    datasourceUris(config)
      .filter(({ uri }) => /ldaps?:\/\//i.test(uri))
      .map(({ scope }) => [JSON.stringify(scope), scope]),
  );
  return [...scopes.values()].map((scope) => ({
    what: `keeps no answer in ${scope.at(-1)?.name ?? ''}`,
    make: (now) => setOption(now, scope, 'no_cache', 'true'),
  }));
}

/** Manual, conf.ldaps 2.3.2: the console's scheme is to be the same in the MTA's and in the manager's file. */
export function consoleNotes(
  configs: readonly { readonly main: string; readonly config: Config }[],
): string[] {
  const schemes = configs.map(({ main, config }) => {
    const own = allSettings(config).filter(
      ({ scope }) => scope[0]?.type.toLowerCase() === 'control_listener',
    );
    return { main, isLogin: own.some(({ option }) => option.toLowerCase() === 'authloginparameters') };
  });
  const login = schemes.filter(({ isLogin }) => isLogin).map(({ main }) => main);
  const other = schemes.filter(({ isLogin }) => !isLogin).map(({ main }) => main);
  return [
    ...(login.length > 0 && other.length > 0
      ? [
          `the Control_Listener of ${login.join(', ')} signs in by AuthLoginParameters and that of ${other.join(', ')} does not: both must be alike (conf.ldaps)`,
        ]
      : []),
    ...(login.length > 0
      ? [
          'a password of the directory crosses the console in clear text: keep it on the loopback address (control-listener)',
        ]
      : []),
  ];
}
