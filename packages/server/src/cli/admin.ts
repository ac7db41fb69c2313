import { chmodSync, existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import { type Core, openCore } from '../app/server.js';
import { createToken } from '../services/enrol-node.js';
import { createUser } from '../services/people.js';
import { createTarget } from '../services/targets.js';
import { audited } from '../services/unit.js';
import { verifyAudit } from '../services/verify-audit.js';
import { loadSettings, readPassword, readText, setUp } from './setup.js';

const DURATION_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** `90s`, `30m`, `1h`, `7d` in seconds. */
export function parseDuration(text: string): number {
  const [, count, unit] = /^(\d{1,7})([smhd])$/.exec(text) ?? [];
  const factor = DURATION_SECONDS[unit ?? ''];
  if (count === undefined || factor === undefined)
    throw casError('CAS_INPUT_INVALID', `"${text}" is not a duration: write 30m, 1h or 7d`);
  return Number(count) * factor;
}

export async function tokenCreate(options: {
  config?: string;
  group?: string;
  replace?: string;
  ttl: string;
  uses: string;
}): Promise<void> {
  const { group, replace } = options;
  const order = {
    ...(group === undefined ? {} : { group }),
    ...(replace === undefined ? {} : { replace }),
    ttlSeconds: parseDuration(options.ttl),
    uses: Number(options.uses),
  };
  const { token } = await withCore(options.config, (core) =>
    createToken(core.ctx, caller(), order).then(unwrap),
  );
  process.stdout.write(`${token}\n`);
}

export async function userCreate(
  name: string,
  options: { config?: string; role: string; passwordFile?: string },
): Promise<void> {
  const password = readPassword(options.passwordFile);
  const person = await withCore(options.config, (core) =>
    createUser(core.ctx, caller(), { name, role: options.role, password }).then(unwrap),
  );
  process.stderr.write(`made ${person.role} "${person.name}"\n`);
}

/** A webhook target before anybody can sign in. Without a file for its secret one is made, and printed once. */
export async function targetCreate(
  name: string,
  options: { config?: string; url: string; secretFile?: string },
): Promise<void> {
  const given =
    options.secretFile === undefined ? null : readText(options.secretFile, 'CAS_INPUT_INVALID').trim();
  const order = { name, url: options.url, enabled: true, severityMin: 'low' } as const;
  const { secret } = await withCore(options.config, (core) =>
    createTarget(core.ctx, caller(), given === null ? order : { ...order, secret: given }).then(unwrap),
  );
  if (secret !== undefined) process.stdout.write(`${secret}\n`);
  process.stderr.write(`made target "${name}"\n`);
}

export async function backup(file: string, options: { config?: string }): Promise<void> {
  const path = resolve(file);
  if (existsSync(path))
    throw casError('CAS_INPUT_INVALID', `${path} is there already: a backup never overwrites`);
  await withCore(options.config, async ({ ctx, store }) => {
    unwrap(
      await audited(ctx, { actor: caller(), action: 'backup.make', object: path }, async () => undefined),
    );
    await store.backup(path);
  });
  chmodSync(path, 0o600);
  process.stderr.write(`wrote ${path}; the master key is not in it: keep that apart\n`);
}

export async function auditVerify(options: { config?: string }): Promise<void> {
  const check = await withCore(options.config, ({ store }) => verifyAudit(store));
  process.stdout.write(`${JSON.stringify(check)}\n`);
  if (check.brokenAt !== null) {
    throw casError(
      'CAS_CONFLICT',
      `line ${check.brokenAt} of the audit does not fit the one before it: it, or one near it, was changed`,
    );
  }
}

export function configPrint(options: { config?: string; origin?: boolean }): void {
  for (const { path, value, origin } of loadSettings(options.config).origins) {
    process.stdout.write(`${path}: ${JSON.stringify(value)}${options.origin ? `    # ${origin}` : ''}\n`);
  }
}

async function withCore<T>(config: string | undefined, work: (core: Core) => Promise<T>): Promise<T> {
  const { adapters, options } = setUp(config);
  const core = await openCore(adapters, options);
  try {
    return await work(core);
  } finally {
    await core.store.close();
  }
}

export function caller(): string {
  return `cli:${userInfo().username}`;
}

function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw result.error;
  return result.value;
}
