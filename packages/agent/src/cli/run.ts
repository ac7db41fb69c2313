import { existsSync } from 'node:fs';
import { casError } from '@castellan/shared/errors/cas-error';
import { Command } from 'commander';
import { nodePorts } from '../adapters/node-ports.js';
import { nodeRunLock } from '../adapters/node-run-lock.js';
import { nodeStateStore } from '../adapters/node-state-store.js';
import { nodeExecutor } from '../app/node-executor.js';
import { agentNotifier, logOf } from '../app/own-signals.js';
import { startAgent } from '../app/start-agent.js';
import { issuingOf } from '../config/settings.js';
import { ServiceSigning } from '../link/service-signing.js';
import type { Log } from '../ports/log.js';
import type { RunLock } from '../ports/run-lock.js';
import { StateProblem } from '../ports/state-store.js';
import type { Output } from './output.js';
import { readPolicy } from './read-policy.js';
import { settingsOf } from './settings-of.js';

export function runCommand(output: Output, signal: AbortSignal): Command {
  return new Command('run')
    .description('the daemon: watch, judge, report (READY, WATCHDOG and STOPPING go to systemd)')
    .option('--config <file>', 'the settings file (default /etc/castellan/agent.yaml, where it exists)')
    .option(
      '--beside <file>',
      'look after the nodes of this file instead, from here over OpenSSH (docs/beside.md)',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  castellan-agent run\n  castellan-agent run --config /etc/castellan/agent.yaml\n  CASTELLAN_LOG_LEVEL=debug castellan-agent run',
    )
    .action(async (options: { readonly config?: string; readonly beside?: string }) => {
      if (options.beside !== undefined) {
        if (options.config !== undefined)
          throw casError(
            'CAS_INPUT_INVALID',
            '--config is of the agent of this host, and --beside of other nodes: name one of them',
          );
        const { runBeside } = await import('./run-beside.js');
        await runBeside(options.beside, signal);
        output.note('castellan-agent: stopped\n');
        return;
      }
      const { settings } = settingsOf(options.config, {});
      const log = logOf(settings.logLevel);
      const ports = nodePorts(settings.root, { live: settings.live, probe: settings.probe });
      const store = nodeStateStore(settings.state);
      const isLive = settings.live || settings.root === '/';
      const policy = settings.policy === null ? null : readPolicy(settings.policy);
      const instance = takeInstance(nodeRunLock(`${settings.state}/agent.lock`), settings.state, log);
      const signing = new ServiceSigning(ports.clock, ports.random);
      const isAuditOnly = (): boolean => existsSync(settings.auditOnlyFile);
      const ended = await startAgent({
        settings,
        ports,
        store,
        log,
        notifier: agentNotifier(process.env, log),
        ...(policy ? { policy } : {}),
        executor: nodeExecutor({
          ports,
          store,
          lock: nodeRunLock(`${settings.state}/run.lock`),
          settings: {
            nodeName: settings.name,
            assumeMomentum: settings.assumeMomentum,
            probe: settings.probe && isLive,
            live: isLive,
          },
          issuing: issuingOf(settings),
          signer: signing,
          ...(policy ? { policy } : {}),
          allow: settings.allow,
          isAuditOnly,
          signal,
        }),
        isAuditOnly,
        signing,
        signal,
      }).finally(() => instance?.release());
      if (!ended.ok) throw ended.error;
      output.note('castellan-agent: stopped\n');
    });
}

/** Two agents on one state folder would send each other's records and throw each other off the link. Null: it cannot be locked. */
export function takeInstance(lock: RunLock, state: string, log: Log): { release(): void } | null {
  try {
    const held = lock.take();
    if (held !== null) return held;
  } catch (error) {
    if (!(error instanceof StateProblem)) throw error;
    if ((lock.holder?.() ?? null) === null) {
      log.warn({ event: 'agent.unlocked', detail: error.message }, 'the state folder cannot be locked');
      return null;
    }
  }
  throw casError(
    'CAS_AGENT_RUNNING',
    `${state} is in use by the agent of process ${lock.holder?.() ?? 'unknown'}`,
  );
}
