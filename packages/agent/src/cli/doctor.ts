import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { visibleText } from '@castellan/shared/text/visible-text';
import { Command } from 'commander';
import { nodePorts } from '../adapters/node-ports.js';
import { nodeStateStore } from '../adapters/node-state-store.js';
import { scanOnce } from '../app/scan-once.js';
import { AGENT_VERSION } from '../app/version.js';
import type { LoadedSettings } from '../config/load-settings.js';
import { readIdentities } from '../link/candidate.js';
import { certificateFault } from '../link/identity.js';
import { type BesideOptions, rootOf, withBesideOptions } from './beside-options.js';
import { type Finding, factsOf } from './doctor-findings.js';
import type { Output } from './output.js';
import { paint } from './paint.js';
import { settingsOf } from './settings-of.js';

interface DoctorOptions extends BesideOptions {
  readonly config?: string;
  readonly root?: string;
}

export function doctorCommand(output: Output, signal: AbortSignal): Command {
  const command = new Command('doctor')
    .description('what the agent can and cannot see and do on this host, and why')
    .option('--config <file>', 'the settings file')
    .option('--root <dir>', 'another tree')
    .addHelpText('after', HELP);
  return withBesideOptions(command).action(async (given: DoctorOptions) => {
    const root = given.root === undefined ? undefined : rootOf(command, given.root, given.host);
    const { bold } = paint(output.colour);
    for (const [title, findings] of await topics({ ...given, root }, signal)) {
      output.out(
        `${bold(title)}\n${findings.map(([mark, what, detail]) => `  ${mark.padEnd(3)} ${what.padEnd(24)} ${visibleText(detail)}`).join('\n')}\n\n`,
      );
    }
  });
}

const HELP = `
Examples:
  castellan-agent doctor
  castellan-agent doctor --host castellan@mta1.example.com`;

async function topics(
  { host, root, config, ...ssh }: Omit<DoctorOptions, 'root'> & { readonly root: string | undefined },
  signal: AbortSignal,
): Promise<[string, Finding[]][]> {
  if (host === undefined) return examine(settingsOf(config, root === undefined ? {} : { root }), signal);
  const { examineBeside } = await import('./doctor-beside.js');
  return examineBeside({ ...ssh, host }, root ?? '/', signal);
}

async function examine(
  { settings, origins }: LoadedSettings,
  signal: AbortSignal,
): Promise<[string, Finding[]][]> {
  const isLive = settings.live || settings.root === '/';
  const { states } = await scanOnce({
    ports: nodePorts(settings.root, { live: settings.live, probe: settings.probe }),
    settings: {
      nodeName: settings.name,
      assumeMomentum: settings.assumeMomentum,
      probe: settings.probe && isLive,
      live: isLive,
    },
    signal,
  });
  return [
    ['This process', process_()],
    ['Facts', factsOf(states)],
    ['Watching', watching()],
    ['Tools', tools()],
    ['State folder and server', stateAndServer(settings.state)],
    [
      'Settings',
      [...origins].map(
        ([name, origin]): Finding => ['ok', name, `${JSON.stringify(settingOf(settings, name))} (${origin})`],
      ),
    ],
  ];
}

function settingOf(settings: LoadedSettings['settings'], name: string): unknown {
  return name === 'log.level' ? settings.logLevel : settings[name as keyof typeof settings];
}

function process_(): Finding[] {
  const uid = process.getuid?.() ?? -1;
  const capabilities = /^CapEff:\s*([0-9a-f]+)/m.exec(textOf('/proc/self/status') ?? '')?.[1];
  return [
    ['ok', 'version', `castellan-agent ${AGENT_VERSION}, Node ${process.version}`],
    uid === 0
      ? ['ok', 'user', 'root: all files can be read']
      : ['no', 'user', `uid ${uid}: keys and configuration that only others may read stay unknown`],
    capabilities === undefined
      ? ['--', 'capabilities', 'the system does not say']
      : ['ok', 'capabilities', `effective 0x${capabilities}`],
  ];
}

function watching(): Finding[] {
  return ['max_user_watches', 'max_user_instances', 'max_queued_events'].map((name): Finding => {
    const value = textOf(`/proc/sys/fs/inotify/${name}`)?.trim();
    return value === undefined
      ? ['--', name, 'the system does not say']
      : ['ok', name, `${value} (fs.inotify.${name})`];
  });
}

function tools(): Finding[] {
  const folders = (process.env['PATH'] ?? '').split(':').filter(Boolean);
  const uses = {
    'systemd-notify': 'tells systemd that the agent is ready',
    rpm: 'tells package versions',
    'dpkg-query': 'tells package versions',
  };
  return Object.entries(uses).map(([name, use]): Finding => {
    const place = folders.map((folder) => `${folder}/${name}`).find((path) => existsSync(path));
    return place ? ['ok', name, place] : ['--', name, `not on PATH (it ${use})`];
  });
}

function stateAndServer(path: string): Finding[] {
  const usable = canWrite(path);
  const state: Finding =
    usable === null ? ['ok', 'state folder', path] : ['no', 'state folder', `${path}: ${usable}`];
  try {
    const identity = readIdentities(nodeStateStore(path));
    if (!identity.ok) return [state, ['no', 'server', identity.error.detail]];
    const inUse = identity.value?.candidate ?? identity.value?.current ?? null;
    if (!inUse)
      return [state, ['--', 'server', 'not enrolled: findings stay on this node (castellan-agent enroll)']];
    const fault = certificateFault(inUse, Date.now());
    return [
      state,
      fault
        ? ['no', 'server', fault]
        : ['ok', 'server', `enrolled as ${inUse.name} (${inUse.nodeId}) at ${inUse.url}`],
    ];
  } catch (error) {
    return [state, ['no', 'server', error instanceof Error ? error.message : String(error)]];
  }
}

function canWrite(path: string): string | null {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'cannot be used';
    return code === 'ENOENT' ? 'does not exist yet; "run" and "enroll" make it' : code;
  }
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
