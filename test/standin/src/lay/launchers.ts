import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BIN } from './places.js';
import type { Tree } from './tree.js';

/** The built programs, from src/lay as from dist/lay. */
const DIST = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist');

/** Momentum's commands that the stand-in answers for, and the program of ours behind each. */
const COMMANDS: Readonly<Record<string, string>> = {
  [`${BIN}/ec_console`]: 'ec-console',
  [`${BIN}/eccfg`]: 'eccfg',
  [`${BIN}/credmgr`]: 'credmgr',
  [`${BIN}/create_ssl_cert`]: 'create-ssl-cert',
  [`${BIN}/validate_config`]: 'validate-config',
  [`${BIN}/ecconfigd_ctl`]: 'service-ctl ecconfigd',
  [`${BIN}/ec_ctl`]: 'service-ctl ecelerity',
  '/etc/init.d/ecconfigd': 'service-ctl ecconfigd',
  '/etc/init.d/ecwebconsole': 'service-ctl ecwebconsole',
  '/etc/init.d/msyspg': 'service-ctl msyspg',
  '/etc/init.d/ecelerity': 'service-ctl ecelerity',
};

/** `reloads`: whether the init scripts have an arm for it. */
export function layLaunchers(tree: Tree, reloads: boolean): void {
  for (const [path, command] of Object.entries(COMMANDS)) {
    const [program = '', ...words] = command.split(' ');
    const arms = reloads && path.startsWith('/etc/init.d/') ? RELOAD_ARMS : '';
    tree.file(path, launcher(tree.dir, program, words, arms), { mode: 0o755 });
  }
}

const RELOAD_ARMS = `case "$1" in
start|stop|restart|status|reload) ;;
*) echo "Usage: $0 {start|stop|restart|status|reload}"; exit 2 ;;
esac
`;

function launcher(root: string, program: string, words: readonly string[], arms: string): string {
  const script = join(DIST, 'programs', `${program}.js`);
  return `#!/bin/sh
# A stand-in for tests and the demo. This is not Momentum.
${arms}exec ${[process.execPath, script, '--root', root, ...words].map(quoted).join(' ')} -- "$@"
`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
