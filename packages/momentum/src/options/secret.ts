import { OPTION_NAMES, optionInfo } from './table.js';

/** Names that say of themselves that the whole value is a secret, for options of modules that no table has. */
const SECRET_NAME = /^(.*[_-])?(password|passwd|passphrase|secret)$|^.*_pass$/i;
/** `returns_password = "true"` says something about a password and is none. */
const ABOUT_SECRETS = /^(returns|use|enable|require|allow|no|is|has)_/i;

/** Whether the whole value of an option of this name is a secret: as the table says, else by its name. */
export function isSecretOption(name: string): boolean {
  return optionInfo(name)?.secret ?? (SECRET_NAME.test(name) && !ABOUT_SECRETS.test(name));
}

const INSIDE = /password|passwd|passphrase|secret|_pass/i;

/** In a text, the least that stands where a secret's option is named: nothing else of it need be looked at. */
export const SECRET_NAME_IN_TEXT = new RegExp(
  [INSIDE.source, ...OPTION_NAMES.filter((name) => isSecretOption(name) && !INSIDE.test(name))].join('|'),
  'gi',
);
