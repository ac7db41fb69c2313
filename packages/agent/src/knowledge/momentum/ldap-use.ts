import { allSettings, maskSecrets } from '@castellan/momentum';
import type { MomentumConfigFact } from '../../facts/momentum-config.js';

export interface LdapUse {
  /** Where a directory is named, or null: nowhere. */
  readonly at: { readonly file: string; readonly line: number } | null;
  /** Some place speaks ldaps. */
  readonly isSecure: boolean;
  /** Why more places may name one; null: all was read. */
  readonly doubt: string | null;
}

/** Whether any setting of the configuration names a directory, a data source's address or a query's (conf.ldaps). */
export function ldapUse({ configs, unread }: MomentumConfigFact): LdapUse {
  const found = configs.flatMap(({ config }) =>
    allSettings(config).flatMap(({ text, at }) => {
      const scheme = /\bldap(s?):/i.exec(maskSecrets(text))?.[1];
      return scheme === undefined ? [] : [{ at, isSecure: scheme !== '' }];
    }),
  );
  const [first] = unread;
  return {
    at: found[0]?.at ?? null,
    isSecure: found.some(({ isSecure }) => isSecure),
    doubt: first ? `${first.path} could not be read, and may name a directory` : null,
  };
}
