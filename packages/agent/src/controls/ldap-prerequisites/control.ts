import {
  allSettings,
  type Config,
  datasourceUris,
  evaluate,
  parseBoolean,
  scopesNamed,
} from '@castellan/momentum';
import {
  defineControl,
  fail,
  indeterminate,
  notApplicable,
  pass,
  type Violation,
} from '../../units/control.js';
import { manual3 } from '../../units/sources.js';
import { countOf } from '../../units/wording.js';

type Source = ReturnType<typeof datasourceUris>[number] & { readonly config: Config };

export default defineControl({
  id: 'MOM-LDAP-001',
  slug: 'ldap-prerequisites',
  title: 'Active Directory over ldaps only',
  severity: 'high',
  otherSeverities: ['low'],
  subject: 'ldap',
  reads: ['momentumConfig', 'ldapClient'],
  sources: [manual3('conf.ldaps'), manual3('modules.ds_core')],
  remediation: 'ldap-strict',
  params: {},

  evaluate({ facts: { momentumConfig, ldapClient } }) {
    const sources = momentumConfig.configs.flatMap(({ config }) =>
      datasourceUris(config)
        .filter(({ uri }) => /ldaps?:/i.test(uri))
        .map((source): Source => ({ ...source, config })),
    );
    const [unread] = momentumConfig.unread;
    const binds = momentumConfig.configs.flatMap(({ config }) => bindsElsewhere(config));
    if (sources.length === 0 && binds.length === 0)
      return unread
        ? indeterminate(`No LDAP was seen, but ${unread.path} could not be read and may hold it.`)
        : notApplicable('No data source speaks LDAP.');
    const clear = sources.filter(({ uri }) => /(^|[^a-z])ldap:\/\//i.test(uri));
    const clearBinds = binds.filter(({ isClear }) => isClear);
    const faults = [
      ...clear.map((source) => violationOf(source, 'ldaps:// with x-ldap-version=3')),
      ...clearBinds.map(({ violation }) => violation),
    ];
    if (faults.length > 0)
      return fail(
        `${countOf(faults.length, 'place sends', 'places send')} passwords over plain LDAP`,
        faults,
      );
    const mended = lesserFaults(sources);
    const lesser = [...mended, ...leftovers(sources)];
    if (lesser.length > 0)
      return {
        ...fail(`LDAP as the manual does not set it up: ${lesser[0]?.found ?? ''}`, lesser, 'low'),
        // A data source of before is taken away by a person.
        ...(mended.length === 0 ? { remediation: null } : {}),
      };
    if (unread) return indeterminate(`${unread.path} could not be read, and may hold a data source.`);
    if (ldapClient.state !== 'parsed')
      return indeterminate(
        `${ldapClient.path} is ${ldapClient.state}: whether the server's certificate is checked is not known.`,
      );
    return pass(
      `${countOf(sources.length + binds.length, 'place speaks', 'places speak')} ldaps, and none plain LDAP.`,
    );
  },
});

/**
 * Addresses of a directory in other options than a data source's uri: `query` of auth_ds, say (Manual, modules.auth_ds).
 * Any option counts: modules have their own.
 */
function bindsElsewhere(config: Config): { readonly isClear: boolean; readonly violation: Violation }[] {
  return allSettings(config).flatMap(({ option, scope, label, at, text }) => {
    const isDatasource = option === 'uri' && scope.at(-1)?.type === 'datasource';
    const address = isDatasource ? null : /\bldap(s?):\/\/(?:[^\s"'@/]*@)?([^\s"'/?]*)/i.exec(text);
    if (!address) return [];
    const [, secure = '', host = ''] = address;
    const found = `${option}: ldap${secure.toLowerCase()}://${host}`;
    return [
      {
        isClear: secure === '',
        violation: { at: { ...at, scope: label }, found, proposed: `ldaps://${host}` },
      },
    ];
  });
}

/** Manual, conf.ldaps: the version in the address, and no cache of what the directory says. */
function lesserFaults(sources: readonly Source[]): Violation[] {
  const old = sources
    .filter(({ uri }) => !/[?&;,]x-ldap-version=3(?!\d)/i.test(uri))
    .map((source) => violationOf(source, 'x-ldap-version=3 in it: ldaps needs it'));
  const cached = sources
    .filter(({ config, scope }) => {
      const setting = evaluate(config, scope, 'no_cache');
      return !setting.indeterminate && parseBoolean(setting.text ?? 'false') !== true;
    })
    .map(
      ({ at }): Violation => ({
        at,
        found: 'the directory is cached: no_cache is not true',
        proposed: 'no_cache = "true": else a password that was changed is asked for in vain',
      }),
    );
  return [...old, ...cached];
}

/** Manual, conf.ldaps: no data source of before. */
function leftovers(sources: readonly Source[]): Violation[] {
  const configs = [...new Set(sources.map(({ config }) => config))];
  return configs.flatMap((config) =>
    scopesNamed(config, 'datasource')
      .filter(({ path }) => path.at(-1)?.name?.toLowerCase() === 'ecdb')
      .filter(
        ({ path }) =>
          !sources.some((source) => source.config === config && source.scope.at(-1) === path.at(-1)),
      )
      .map(
        ({ at }): Violation => ({
          at,
          found: 'the data source ecdb of before stands beside the directory',
          proposed: 'without it, people sign in through the directory only',
        }),
      ),
  );
}

function violationOf({ at, uri }: Source, proposed: string): Violation {
  return { at, found: uri, proposed };
}
