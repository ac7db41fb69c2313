import { casError } from '@castellan/shared/errors/cas-error';

/** A node as ssh is told of it: an address or a name of the ssh configuration. */
export interface Target {
  readonly user: string | null;
  readonly host: string;
}

/** Names of DNS, addresses of both families (with a zone), and names of an ssh configuration; never an option. */
const HOST = /^[A-Za-z0-9:][A-Za-z0-9._:%-]{0,252}$/;
const USER = /^[A-Za-z_][A-Za-z0-9._-]{0,31}\$?$/;

/** `[user@]HOST`, as a person writes it; `option` is where. */
export function parseTarget(given: string, option = '--host'): Target {
  const at = given.lastIndexOf('@');
  const user = at < 0 ? null : given.slice(0, at);
  const host = given.slice(at + 1);
  if (!HOST.test(host))
    throw casError(
      'CAS_INPUT_INVALID',
      `${option} ${JSON.stringify(given.slice(0, 300))}: ${host.startsWith('-') ? 'a host does not begin with "-"' : 'a host is a name or an address, as in mta1.example.com or root@192.0.2.7'}`,
    );
  if (user !== null && !USER.test(user))
    throw casError(
      'CAS_INPUT_INVALID',
      `${option} ${JSON.stringify(given.slice(0, 300))}: not a user's name`,
    );
  return { user, host };
}

export function targetText({ user, host }: Target): string {
  return user === null ? host : `${user}@${host}`;
}
