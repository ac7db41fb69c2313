import type { Command } from 'commander';
import { createUser, endSessions, listUsers, setEnabled, setPassword, setRole } from '../services/people.js';
import { endSession, listSessions } from '../services/sessions.js';
import { type ConfigOption, caller, printRows, say, unwrap, withCore } from './core.js';
import { readPassword } from './setup.js';

type ConfigFlag = readonly [string, string];
const JSON_FLAG = ['--json', 'print JSON'] as const;
const PASSWORD_FLAG = ['--password-file <file>', 'file whose text is the password'] as const;

/** `castellan-server user ...` */
export function addUserCommands(program: Command, config: ConfigFlag): void {
  const user = program.command('user').description('people');
  user
    .command('create <name>')
    .description('make a user; the password comes from --password-file, CASTELLAN_PASSWORD or stdin')
    .requiredOption('--role <role>', 'viewer, operator or admin')
    .option(...PASSWORD_FLAG)
    .option(...config)
    .action(create);
  user
    .command('list')
    .description('print who may sign in')
    .option(...JSON_FLAG)
    .option(...config)
    .action(list);
  user
    .command('disable <name>')
    .description('end every session of a person, and let nobody sign in with the name')
    .option(...config)
    .action((name, options) => enable(name, options, false));
  user
    .command('enable <name>')
    .description('let a disabled person sign in again')
    .option(...config)
    .action((name, options) => enable(name, options, true));
  user
    .command('role <name> <role>')
    .description('give a person another role: viewer, operator or admin')
    .option(...config)
    .action(role);
  user
    .command('password <name>')
    .description('set a new password, from --password-file, CASTELLAN_PASSWORD or stdin; every session ends')
    .option(...PASSWORD_FLAG)
    .option(...config)
    .action(password);
  const sessions = user.command('sessions').description("people's sessions");
  sessions
    .command('list <name>')
    .description('print the sessions of a person')
    .option(...JSON_FLAG)
    .option(...config)
    .action(sessionsList);
  sessions
    .command('end <name> [id]')
    .description('end one session of a person, or all of them')
    .option(...config)
    .action(sessionsEnd);
}

async function create(
  name: string,
  options: ConfigOption & { role: string; passwordFile?: string },
): Promise<void> {
  const secret = readPassword(options.passwordFile);
  const person = await withCore(options.config, (core) =>
    createUser(core.ctx, caller(), { name, role: options.role, password: secret }).then(unwrap),
  );
  say(`made ${person.role} "${person.name}"`);
}

async function list(options: ConfigOption & { json?: boolean }): Promise<void> {
  const people = await withCore(options.config, ({ ctx }) => listUsers(ctx));
  printRows(people, ['name', 'role', 'enabled', 'sessions', 'lastSignInAt', 'createdAt'], options.json);
}

async function enable(name: string, options: ConfigOption, isEnabled: boolean): Promise<void> {
  await withCore(options.config, ({ ctx }) => setEnabled(ctx, caller(), name, isEnabled).then(unwrap));
  say(`${isEnabled ? 'enabled' : 'disabled'} "${name}"`);
}

async function role(name: string, wanted: string, options: ConfigOption): Promise<void> {
  await withCore(options.config, ({ ctx }) => setRole(ctx, caller(), name, wanted).then(unwrap));
  say(`"${name}" is ${wanted} now`);
}

async function password(name: string, options: ConfigOption & { passwordFile?: string }): Promise<void> {
  const secret = readPassword(options.passwordFile);
  await withCore(options.config, ({ ctx }) => setPassword(ctx, caller(), name, secret).then(unwrap));
  say(`"${name}" has a new password, and is signed out everywhere`);
}

async function sessionsList(name: string, options: ConfigOption & { json?: boolean }): Promise<void> {
  const sessions = await withCore(options.config, ({ ctx }) => listSessions(ctx, name));
  printRows(sessions, ['id', 'createdAt', 'expiresAt', 'address'], options.json);
}

async function sessionsEnd(name: string, id: string | undefined, options: ConfigOption): Promise<void> {
  const ended = await withCore(options.config, async ({ ctx }) => {
    if (id === undefined) return unwrap(await endSessions(ctx, caller(), name));
    unwrap(await endSession(ctx, caller(), { ofUser: name }, id));
    return 1;
  });
  say(`ended ${ended} ${ended === 1 ? 'session' : 'sessions'} of "${name}"`);
}
