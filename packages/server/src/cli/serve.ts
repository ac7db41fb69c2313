import { startServer } from '../app/server.js';
import type { ServerContext } from '../services/context.js';
import { createUser } from '../services/people.js';
import { readText, setUp } from './setup.js';

/** SIGTERM is obeyed within ten seconds. */
const STOP_MS_MAX = 9_500;

/** Runs until SIGTERM or SIGINT. */
export async function serve(configFile: string | undefined): Promise<void> {
  const { adapters, options, masterKeyFrom } = setUp(configFile);
  const { log } = adapters;
  const server = await startServer(adapters, options);
  await bootstrapAdmin(server.ctx);
  const fields = { event: 'server.ready', people: server.peopleUrl, agents: server.agentsUrl, masterKeyFrom };
  log.info({ ...fields, consoleBuilt: options.people.consoleFolder !== null }, 'castellan-server is ready');
  const signal = await new Promise<string>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => resolve(name));
  });
  log.info({ event: 'server.stopping', signal }, 'castellan-server stops');
  // Whatever hangs: what was acknowledged is stored, and the rest comes back.
  setTimeout(() => process.exit(1), STOP_MS_MAX).unref();
  await server.stop();
}

/** The first admin of an unattended installation: made only while there is nobody. */
async function bootstrapAdmin(ctx: ServerContext): Promise<void> {
  const file = process.env.CASTELLAN_BOOTSTRAP_ADMIN_PASSWORD_FILE;
  if (file === undefined || (await ctx.store.read.users.count()) > 0) return;
  const password = readText(file, 'CAS_CONFIG_INVALID').replace(/\r?\n$/, '');
  const created = await createUser(ctx, 'system', { name: 'admin', role: 'admin', password });
  if (!created.ok) throw created.error;
  ctx.log.info({ event: 'user.bootstrapped', user: 'admin' }, 'the first admin was made');
}
