import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { nodePorts } from '../adapters/node-ports.js';
import { nodeStateStore } from '../adapters/node-state-store.js';
import { lookingOnly } from '../app/carrier.js';
import { startAgent } from '../app/start-agent.js';
import { agentNotifier, logOf } from '../app/own-signals.js';
import type { Output } from './output.js';
import { readPolicy } from './read-policy.js';
import { settingsOf } from './settings-of.js';

export function runCommand(output: Output, signal: AbortSignal): Command {
  return new Command('run')
    .description('the daemon: watch, judge, report (READY, WATCHDOG and STOPPING go to systemd)')
    .option('--config <file>', 'the settings file (default /etc/castellan/agent.yaml, where it exists)')
    .addHelpText('after', '\nExamples:\n  castellan-agent run\n  castellan-agent run --config /etc/castellan/agent.yaml\n  CASTELLAN_LOG_LEVEL=debug castellan-agent run')
    .action(async (options: { readonly config?: string }) => {
      const { settings } = settingsOf(options.config, {});
      const log = logOf(settings.logLevel);
      const ports = nodePorts(settings.root, { live: settings.live, probe: settings.probe });
      const ended = await startAgent({
        settings,
        ports,
        store: nodeStateStore(settings.state),
        log,
        notifier: agentNotifier(process.env, log),
        ...(settings.policy === null ? {} : { policy: readPolicy(settings.policy) }),
        carrier: lookingOnly(ports.clock),
        isAuditOnly: () => existsSync(settings.auditOnlyFile),
        signal,
      });
      if (!ended.ok) throw ended.error;
      output.note('castellan-agent: stopped\n');
    });
}
