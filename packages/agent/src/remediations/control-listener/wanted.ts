import { type Config, renameScope, setOption } from '@castellan/momentum';
import type { Facts } from '../../facts/facts.generated.js';
import type { WantedEdit } from '../../knowledge/eccfg/option-edits.js';
import { networkAnswers } from '../../knowledge/listeners/console-network.js';
import { socketAnswers } from '../../knowledge/listeners/console-socket.js';
import { type Socket, socketsOf } from '../../knowledge/listeners/entrances.js';
import { hostOf } from '../../knowledge/listeners/reach.js';

type Reads = Pick<Facts, 'momentumConfig' | 'controlSocket'>;
type Loaded = Facts['momentumConfig']['configs'][number];

/** A Listen that anybody in the network, or anybody of the host, commands the server by. */
interface Opening {
  readonly socket: Socket;
  readonly kind: 'network' | 'mode';
}

/** What the controls fault, of one configuration as its text is by now. */
export function openings(
  { momentumConfig, controlSocket }: Reads,
  loaded: Loaded,
  config: Config,
): Opening[] {
  const configs = momentumConfig.configs.map((one) => (one === loaded ? { ...one, config } : one));
  return socketsOf({ momentumConfig: { ...momentumConfig, configs } }, 'control_listener')
    .filter((socket) => socket.enabled && socket.instance === loaded.instance)
    .flatMap((socket): Opening[] => {
      const seen = seenOf(controlSocket, socket);
      if (socket.reach === 'network')
        return networkAnswers(socket).some(({ kind }) => kind === 'fault')
          ? [{ socket, kind: 'network' }]
          : [];
      const isOpen =
        socket.reach === 'socket' && socketAnswers(socket, seen).some(({ kind }) => kind === 'fault');
      return isOpen && isSetOpen(socket) ? [{ socket, kind: 'mode' }] : [];
    });
}

/** By the configuration: what only stands open on the disk is not mended by an edit. */
function isSetOpen(socket: Socket): boolean {
  return ((modeOf(socket) ?? 0) & 0o002) !== 0;
}

/** Null: it is not clear, or is no mode. */
export function modeOf({ entrances: [first] }: Socket): number | null {
  const setting = first?.setting('file_mode');
  if (!setting || setting.indeterminate) return null;
  const text = setting.text ?? '0660';
  return /^[0-7]{3,4}$/.test(text.trim()) ? Number.parseInt(text, 8) : null;
}

/** Sockets that the configuration closes and that stand open on the disk: made with the mode of before. */
export function staleSockets({ momentumConfig, controlSocket }: Reads): string[] {
  return socketsOf({ momentumConfig }, 'control_listener').flatMap((socket) => {
    const seen = seenOf(controlSocket, socket);
    const mode = modeOf(socket);
    const isOpen = mode !== null && (mode & 0o002) === 0 && ((seen?.mode ?? 0) & 0o002) !== 0;
    return socket.enabled && isOpen
      ? [
          `${socket.name} keeps the mode that it was made with until Momentum is restarted, or chmod 0660 ${socket.name}`,
        ]
      : [];
  });
}

function seenOf({ sockets }: Reads['controlSocket'], { instance, name }: Socket) {
  return sockets.find((one) => one.instance === instance && one.path === name);
}

/** The edit that closes it: nobody gets more by it, whoever asked for less keeps less. */
export function closing({ socket, kind }: Opening): WantedEdit {
  const { path, name } = socket;
  if (kind === 'mode') {
    const mode = ((modeOf(socket) ?? 0o660) & 0o770).toString(8).padStart(4, '0');
    return {
      what: `sets File_Mode ${mode} for ${name}`,
      make: (config) => setOption(config, path, 'File_Mode', mode),
    };
  }
  const loopback = loopbackOf(name);
  return {
    what: `Listen ${name} becomes ${loopback}`,
    make: (config) => renameScope(config, path, loopback),
  };
}

/** The loopback address of the same family, and the same port. */
export function loopbackOf(listen: string): string {
  const port = /:(\d+)\s*$/.exec(listen)?.[1] ?? '2025';
  return hostOf(listen).includes(':') ? `[::1]:${port}` : `127.0.0.1:${port}`;
}

/** Every address of the host: `:2025`, `*:2025`, `0.0.0.0:2025`, `[::]:2025`. */
export function isWildcard(listen: string): boolean {
  return ['', '*', '0.0.0.0', '::'].includes(hostOf(listen));
}
