import { chmodSync, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { casError } from '@castellan/shared/errors/cas-error';
import { createTarget } from '../services/targets.js';
import { audited } from '../services/unit.js';
import { verifyAudit } from '../services/verify-audit.js';
import { caller, unwrap, withCore } from './core.js';
import { loadSettings, readText } from './setup.js';

/** A webhook target before anybody can sign in. Without a file for its secret one is made, and printed once. */
export async function targetCreate(
  name: string,
  options: { config?: string; url: string; secretFile?: string },
): Promise<void> {
  const given =
    options.secretFile === undefined ? null : readText(options.secretFile, 'CAS_INPUT_INVALID').trim();
  const order = {
    name,
    kind: 'webhook',
    settings: { url: options.url },
    ...(given === null ? {} : { secrets: { secret: given } }),
    enabled: true,
    severityMin: 'low',
  } as const;
  const { secrets } = await withCore(options.config, (core) =>
    createTarget(core.ctx, caller(), order).then(unwrap),
  );
  if (secrets !== undefined) process.stdout.write(`${secrets.secret}\n`);
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
