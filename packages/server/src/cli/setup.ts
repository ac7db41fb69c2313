import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CasError, casError } from '@castellan/shared/errors/cas-error';
import { authorityMaker } from '../adapters/authority.js';
import { httpOut } from '../adapters/http-out.js';
import { openLog } from '../adapters/log.js';
import { mailOut } from '../adapters/mail-out.js';
import { systemClock, systemRandom } from '../adapters/system.js';
import { argon2Hasher, openVault, readMasterKey } from '../adapters/vault.js';
import type { Adapters, ServerOptions } from '../app/server.js';
import { type ReadSettings, readSettings } from '../config/read.js';
import type { Settings } from '../config/settings.js';

export const CONFIG_DEFAULT = '/etc/castellan/server.yaml';
export const DATABASE_NAME = 'castellan.db';
const OWN_FILE = /^(castellan\.db(-wal|-shm|-journal)?|master\.key)$/;
const PACKAGE = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

export const VERSION: string = (
  JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string }
).version;

export interface Setup {
  readonly settings: Settings;
  readonly adapters: Adapters;
  readonly options: ServerOptions;
  /** For people: where the master key came from. */
  readonly masterKeyFrom: string;
}

/** The file given, else CASTELLAN_CONFIG, else the default place if something is there. */
export function loadSettings(configFile: string | undefined): ReadSettings {
  const path =
    configFile ?? process.env.CASTELLAN_CONFIG ?? (existsSync(CONFIG_DEFAULT) ? CONFIG_DEFAULT : null);
  const read = readSettings(
    path === null ? null : { path, text: readText(path, 'CAS_CONFIG_INVALID') },
    process.env,
  );
  if (!read.ok) throw read.error;
  return read.value;
}

export function setUp(configFile: string | undefined): Setup {
  const { settings } = loadSettings(configFile);
  // The database, its side files and its copies: nobody else's, whatever the shell's umask is.
  process.umask(0o077);
  makeDataFolder(settings.data);
  keepToOwner(settings.data);
  const masterKey = readMasterKey(process.env.CASTELLAN_MASTER_KEY, settings.data);
  const adapters: Adapters = {
    clock: systemClock,
    random: systemRandom,
    log: openLog(settings.log.level),
    vault: openVault(masterKey.key),
    hasher: argon2Hasher,
    maker: authorityMaker(systemClock),
    httpOut: httpOut({ allowPrivate: settings.webhook.allowPrivate, clock: systemClock }),
    mailOut: mailOut({ allowPrivate: settings.webhook.allowPrivate, clock: systemClock }),
  };
  return {
    settings,
    adapters,
    options: optionsOf(settings, adapters.httpOut),
    masterKeyFrom: masterKey.from,
  };
}

function makeDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw casError(
      'CAS_STATE_UNUSABLE',
      `${folder} cannot be made: ${(cause as Error).message}; set "data" or CASTELLAN_DATA`,
      cause,
    );
  }
}

/** A folder that was there may be open, and what is in it too: files of the store are their owner's alone. */
function keepToOwner(folder: string): void {
  try {
    const { mode } = statSync(folder);
    if ((mode & 0o1002) === 0o002)
      throw casError('CAS_STATE_UNUSABLE', `everybody may write to ${folder}: take that away with chmod o-w`);
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (OWN_FILE.test(name) && lstatSync(path).isFile()) chmodSync(path, 0o600);
    }
  } catch (cause) {
    if (cause instanceof CasError) throw cause;
    throw casError(
      'CAS_STATE_UNUSABLE',
      `${folder} cannot be kept to its owner: ${(cause as Error).message}`,
      cause,
    );
  }
}

function optionsOf(settings: Settings, checks: Pick<Adapters['httpOut'], 'problemOf'>): ServerOptions {
  const { people } = settings;
  const tls = people.tls && {
    key: readText(people.tls.key, 'CAS_CONFIG_INVALID'),
    cert: readText(people.tls.cert, 'CAS_CONFIG_INVALID'),
  };
  const dist = resolve(PACKAGE, '../web/dist');
  return {
    databaseFile: join(settings.data, DATABASE_NAME),
    version: VERSION,
    heartbeatMs: settings.heartbeatMs,
    reconnectWindowMs: settings.reconnectWindowMs,
    people: {
      ...people,
      url: people.url.replace(/\/+$/, ''),
      tls,
      metricsToken:
        settings.metrics.tokenFile === ''
          ? null
          : readText(settings.metrics.tokenFile, 'CAS_CONFIG_INVALID').trim() || null,
      consoleFolder: existsSync(join(dist, 'index.html')) ? dist : null,
    },
    agents: settings.agents,
    certificates: settings.certificates,
    services: settings.services,
    plans: settings.plans,
    configuration: settings.configuration,
    alerts: settings.alerts,
    heartbeatUrl: heartbeatUrlOf(settings.alerts.heartbeatUrlFile, checks),
  };
}

/** The URL may hold a secret: it is in a file of its own, and what is wrong with it is said without it. */
function heartbeatUrlOf(file: string, checks: Pick<Adapters['httpOut'], 'problemOf'>): string | null {
  if (file === '') return null;
  const url = readText(file, 'CAS_CONFIG_INVALID').trim();
  const problem = checks.problemOf(url);
  if (problem !== null) throw casError('CAS_CONFIG_INVALID', `alerts.heartbeatUrlFile: ${file}: ${problem}`);
  return url;
}

export function readText(path: string, code: 'CAS_CONFIG_INVALID' | 'CAS_INPUT_INVALID'): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw casError(
      code,
      `${path} cannot be read: ${(cause as NodeJS.ErrnoException).code ?? 'unknown'}`,
      cause,
    );
  }
}

/** A password from a file, the environment or stdin; the newline at its end is not part of it. */
export function readPassword(passwordFile: string | undefined): string {
  const fromEnvironment = process.env.CASTELLAN_PASSWORD;
  if (passwordFile === undefined && fromEnvironment !== undefined) return fromEnvironment;
  if (passwordFile === undefined && process.stdin.isTTY) {
    throw casError(
      'CAS_INPUT_INVALID',
      'give the password with --password-file FILE, in CASTELLAN_PASSWORD, or on stdin',
    );
  }
  const text =
    passwordFile === undefined ? readFileSync(0, 'utf8') : readText(passwordFile, 'CAS_INPUT_INVALID');
  return text.replace(/\r?\n$/, '');
}
