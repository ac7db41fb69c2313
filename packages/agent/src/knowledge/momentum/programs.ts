import type { CertificateService } from '../../facts/parts/key-pair-location.js';
import type { FileReader } from '../../ports/files.js';
import type { ReloadWord, Service } from '../../units/step.js';

export interface ServiceCommand {
  readonly program: string;
  readonly argv: readonly string[];
}

/** Manual, executable.ecconfigd_ctl, web3.starting.web.console, operations.postgresql, operations.starting. */
const INIT_SCRIPTS: Readonly<Record<Service, string>> = {
  ecconfigd: '/etc/init.d/ecconfigd',
  ecwebui: '/etc/init.d/ecwebconsole',
  msyspg: '/etc/init.d/msyspg',
  ecelerity: '/etc/init.d/ecelerity',
};

/** The better one first: httpd's graceful cuts nobody off, and what scripts call its reload may. */
const RELOAD_WORDS: Readonly<Record<CertificateService, readonly ReloadWord[]>> = {
  ecconfigd: ['graceful', 'reload'],
  ecwebui: ['graceful', 'reload'],
  msyspg: ['reload'],
};

export const EC_CONSOLE = '/opt/msys/ecelerity/bin/ec_console';
export const VALIDATE_CONFIG = '/opt/msys/ecelerity/bin/validate_config';
export const ECCFG = '/opt/msys/ecelerity/bin/eccfg';
export const CREDMGR = '/opt/msys/ecelerity/bin/credmgr';
/** Manual, executable.create_ssl_cert. */
export const CREATE_SSL_CERT = '/opt/msys/ecelerity/bin/create_ssl_cert';
/** Manual, executable.ec_console: the MTA's own control socket. */
export const CONSOLE_SOCKET = '/tmp/2025';

export type ServiceAction = 'restart' | ReloadWord | 'start' | 'stop';

export function serviceCommand(service: Service, action: ServiceAction): ServiceCommand {
  return service === 'ecelerity' && action === 'reload'
    ? { program: EC_CONSOLE, argv: [CONSOLE_SOCKET, 'config', 'reload'] }
    : { program: INIT_SCRIPTS[service], argv: [action] };
}

export function statusCommand(service: Service): ServiceCommand {
  return { program: INIT_SCRIPTS[service], argv: ['status'] };
}

const SCRIPT_BYTES_MAX = 256 * 1024;

/**
 * The word by which a service's own init script has it read its files again while it goes on to listen. No page of the
 * manual names one, so an arm of the script's `case` must: null where there is none, and the service is restarted.
 */
export function reloadWord(files: FileReader, service: CertificateService): ReloadWord | null {
  const script = files.read(INIT_SCRIPTS[service], { bytesMax: SCRIPT_BYTES_MAX });
  if (!script.ok) return null;
  const arms = [...script.value.toString('latin1').matchAll(/^[ \t]*\(?([\w"'| \t-]{1,200})\)/gm)].flatMap(
    ([, words = '']) => words.split('|').map((word) => word.replaceAll(/["' \t]/g, '')),
  );
  return RELOAD_WORDS[service].find((word) => arms.includes(word)) ?? null;
}

/** The httpd of the product, which no page of the manual names: as the web UI's start script does. Null: it names none. */
export function httpdProgram(files: FileReader): string | null {
  const script = files.read(INIT_SCRIPTS.ecwebui, { bytesMax: SCRIPT_BYTES_MAX });
  const named = script.ok
    ? /\/opt\/msys\/[\w./-]{1,200}\/httpd(?![\w./-])/.exec(script.value.toString('latin1'))
    : null;
  return named && !named[0].includes('..') ? named[0] : null;
}
