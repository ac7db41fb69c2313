const MASK = '********';
const SECRET_NAME = String.raw`[\w.-]*(?:pass|pwd|secret|token|credential|api_?key)[\w.-]*`;
const VALUE = String.raw`(?:"[^"]*"?|'[^']*'?|[^\s;&|"')\]]+)`;

/** `NAME=value`, `"$NAME" = "value"`, `--name value`: the value of what is called like a secret. */
const ASSIGNED = new RegExp(String.raw`(${SECRET_NAME}["'}]{0,2}\s{0,8}[=!]?=\s{0,8})${VALUE}`, 'gi');
const OPTION = new RegExp(String.raw`(--${SECRET_NAME}\s{1,8})${VALUE}`, 'gi');
/** `-u name:value` of curl, and `//name:value@` of an address. */
const USER = /(\s(?:-u|--user)[\s=]{0,8}["']?[^\s:;"']{1,256}:)[^\s;&|"']+/gi;
const ADDRESS = /(:\/\/[^\s:/@]{1,256}:)[^\s@/]+(?=@)/g;

/**
 * What of a line of a startup file, a unit or a crontab is told: these files hold passwords too, beside the command that
 * matters, and a line that is not understood is told as it stands.
 */
export function withoutSecrets(text: string): string {
  return [ASSIGNED, OPTION, USER, ADDRESS].reduce((told, one) => told.replace(one, `$1${MASK}`), text);
}
