import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { casError } from '@castellan/shared/errors/cas-error';
import { hash, verify } from '@node-rs/argon2';
import type { PasswordHasher, Vault } from '../ports/vault.js';

const FORMAT = 'v1';

/** AES-256-GCM; the context is authenticated with the text. `v1.<nonce>.<tag>.<text>`, base64url. */
export function openVault(masterKey: Uint8Array): Vault {
  return {
    seal(plain, context) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', masterKey, nonce).setAAD(Buffer.from(context));
      const text = Buffer.concat([cipher.update(plain), cipher.final()]);
      return [FORMAT, ...[nonce, cipher.getAuthTag(), text].map((part) => part.toString('base64url'))].join(
        '.',
      );
    },
    open(sealed, context) {
      const [format, ...parts] = sealed.split('.');
      const [nonce, tag, text] = parts.map((part) => Buffer.from(part, 'base64url'));
      if (format !== FORMAT || !nonce || !tag || !text)
        throw casError('CAS_STATE_UNUSABLE', `${context}: the stored secret is damaged`);
      try {
        const decipher = createDecipheriv('aes-256-gcm', masterKey, nonce)
          .setAAD(Buffer.from(context))
          .setAuthTag(tag);
        return Buffer.concat([decipher.update(text), decipher.final()]);
      } catch (cause) {
        throw casError(
          'CAS_STATE_UNUSABLE',
          `${context}: cannot be opened: the master key is not the one it was sealed with`,
          cause,
        );
      }
    },
  };
}

export interface MasterKey {
  readonly key: Uint8Array;
  /** For people: where it came from. */
  readonly from: string;
}

/** From the environment (any text of 32 characters or more), else from a 0600 file in the data folder, made if missing. */
export function readMasterKey(fromEnvironment: string | undefined, dataFolder: string): MasterKey {
  if (fromEnvironment !== undefined) {
    if (fromEnvironment.length < 32)
      throw casError('CAS_CONFIG_INVALID', 'CASTELLAN_MASTER_KEY has fewer than 32 characters');
    return {
      key: createHash('sha256').update(fromEnvironment).digest(),
      from: 'environment CASTELLAN_MASTER_KEY',
    };
  }
  const file = join(dataFolder, 'master.key');
  if (!existsSync(file)) makeKeyFile(file, dataFolder);
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url');
  if (key.length !== 32) throw casError('CAS_STATE_UNUSABLE', `${file} does not hold a key of 32 bytes`);
  return { key, from: `file ${file}` };
}

function makeKeyFile(file: string, dataFolder: string): void {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  let handle: number;
  try {
    handle = openSync(file, 'wx', 0o600);
  } catch (cause) {
    // Another process (the command line beside the server) was quicker: its key is the one.
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw casError('CAS_STATE_UNUSABLE', `${file} cannot be made`, cause);
  }
  writeSync(handle, `${randomBytes(32).toString('base64url')}\n`);
  fsyncSync(handle);
  closeSync(handle);
}

/** argon2id with the library's defaults (19 MiB, 2 passes, 1 lane: OWASP's minimum). */
export const argon2Hasher: PasswordHasher = inTurn({
  hash: (password) => hash(password),
  verify: (stored, password) => verify(stored, password),
});

/** Passwords that wait for their turn. */
export const PASSWORDS_WAITING_MAX = 64;

/** One at a time: hashing shares its few threads with the database, which must not wait for a flood of sign-ins. */
export function inTurn(hasher: PasswordHasher): PasswordHasher {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const turn = <T>(work: () => Promise<T>): Promise<T> => {
    if (waiting >= PASSWORDS_WAITING_MAX)
      return Promise.reject(
        casError('CAS_TOO_MANY', 'too many passwords at once: try again in some seconds'),
      );
    waiting += 1;
    const mine = last.then(work);
    last = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine.finally(() => {
      waiting -= 1;
    });
  };
  return {
    hash: (password) => turn(() => hasher.hash(password)),
    verify: (stored, password) => turn(() => hasher.verify(stored, password)),
  };
}
