/**
 * credmgr create_db | create_key | set_cred | get_cred | del_cred. Manual, executable.credmgr.
 * `-h` is the host name, not help. A password is given with -p, in the argument list: there is no other way on the page.
 * ASSUMED: the line that get_cred prints for an entry, and that -d and -k serve every action.
 */
import { parseArgs } from 'node:util';
import { CREDMGR_DB, CREDMGR_KEY } from '../lay/places.js';
import { CredentialStore, type Entry, type EntryName } from '../running/credential-store.js';
import { launched } from '../running/standin-node.js';

const OPTIONS = {
  db_file: { type: 'string', short: 'd' },
  key_file: { type: 'string', short: 'k' },
  hostname: { type: 'string', short: 'h' },
  username: { type: 'string', short: 'u' },
  facility: { type: 'string', short: 'f' },
  password: { type: 'string', short: 'p' },
  clear: { type: 'boolean', short: 'P' },
  cipher: { type: 'string' },
  key_size: { type: 'string' },
  block_mode: { type: 'string' },
} as const;

type Values = ReturnType<typeof parse>['values'];

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
}

function nameOf({ hostname, username, facility }: Values): EntryName {
  if (hostname === undefined || username === undefined || facility === undefined)
    throw new Error('hostname, username and facility are needed');
  return { hostname, username, facility };
}

function isAsked(entry: Entry, { hostname, username, facility }: Values): boolean {
  return [
    [hostname, entry.hostname],
    [username, entry.username],
    [facility, entry.facility],
  ].every(([asked, has]) => asked === undefined || asked === has);
}

/** All entries without passwords; with -P, or of one entry that is named whole, with them. */
async function get(store: CredentialStore, values: Values): Promise<void> {
  const isOne =
    values.hostname !== undefined && values.username !== undefined && values.facility !== undefined;
  for (const entry of await store.list()) {
    if (!isAsked(entry, values)) continue;
    const secret = values.clear === true || isOne ? ` password=${entry.password}` : '';
    process.stdout.write(
      `hostname=${entry.hostname} username=${entry.username} facility=${entry.facility}${secret}\n`,
    );
  }
}

async function act(store: CredentialStore, action: string | undefined, values: Values): Promise<void> {
  if (action === 'create_db') return store.createDatabase();
  if (action === 'create_key') return store.createKey();
  if (action === 'get_cred') return get(store, values);
  if (action === 'del_cred') return store.remove(nameOf(values));
  if (action !== 'set_cred')
    throw new Error('usage: credmgr { create_db | create_key | del_cred | get_cred | set_cred } [options]');
  if (values.password === undefined) throw new Error('a password is needed');
  return store.set({ ...nameOf(values), password: values.password });
}

const { node, args } = launched(process.argv.slice(2));
try {
  const { values, positionals } = parse(args);
  const paths = { database: values.db_file ?? CREDMGR_DB, key: values.key_file ?? CREDMGR_KEY };
  await act(new CredentialStore(node.tree, paths), positionals[0], values);
} catch (error) {
  process.stderr.write(`credmgr: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
