import { hasModule } from '@castellan/momentum';
import { loadRunning } from '../../running/console-config.js';
import { writePostfixSettings } from '../../running/real/postfix.js';
import { runningPid } from '../../running/service-processes.js';
import type { StandinNode } from '../../running/standin-node.js';

const BAR = '##############################################';

/** Manual, console_commands.version; the product's name since 3.0.23. */
export function version({ settings: { momentumVersion } }: StandinNode): string {
  const build = momentumVersion.split('.').at(-1);
  return `${BAR}\n# ecelerity version: ${momentumVersion} r(${build})\n# Momentum Sending\n# (a stand-in for tests and the demo)\n${BAR}\n`;
}

/** Manual, console_commands.tls. The listener inspects its certificate again. */
export function tlsFlushCache(node: StandinNode): string {
  signalListener(node);
  return 'Cache flush request submitted.\n';
}

/** Tells the listener that configuration or certificates are new. */
export function signalListener(node: StandinNode): void {
  const pid = runningPid(node, 'ecelerity');
  if (pid === null) return;
  if (node.settings.form === 'real') writePostfixSettings(node);
  process.kill(pid, 'SIGHUP');
}

/** Manual, console_commands.module: one block a module. Those that the configuration names and the two implicit ones. */
export function moduleList(node: StandinNode): string {
  const config = loadRunning(node);
  const block = (name: string, description: string) =>
    `Module: ${name}\n  Scope_Name: ${name}\n  Enabled: enabled\n  API: Singleton\n  Name: ${name}.c\n  Description: ${description}\n`;
  const securecreds = hasModule(config, 'securecreds');
  const blocks = [
    block('ds_core', 'generic datasource module'),
    block('auth_ds', 'datasource authentication'),
  ];
  if (securecreds?.enabled) blocks.push(block('securecreds', 'encrypted credentials'));
  return blocks.join('');
}
