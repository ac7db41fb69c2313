import type { ControlSocket, ControlSocketFact } from '../../facts/control-socket.js';
import { socketsOf } from '../../knowledge/listeners/entrances.js';
import { userOfPlace } from '../../knowledge/momentum/managed-paths.js';
import type { FileReader } from '../../ports/files.js';
import { defineCollector } from '../../units/fact.js';

/** The configuration belongs to the service's user: it does not send root looking anywhere else. */
const FOLDERS = ['/tmp/', '/var/run/', '/run/'];

export default defineCollector({
  name: 'controlSocket',
  needs: ['momentumConfig'],
  title: "The console's sockets: the mode that the configuration gives them, and the one that they have",
  timeoutMs: 5_000,
  evidence: 'files',
  collect({ files, facts }): ControlSocketFact {
    const sockets = socketsOf(facts, 'control_listener').filter(
      ({ reach, enabled }) => reach === 'socket' && enabled,
    );
    return {
      sockets: sockets.map(({ instance, name, at, entrances }): ControlSocket => {
        const setting = entrances[0]?.setting('file_mode');
        const { origin } = setting ?? {};
        return {
          instance,
          path: name,
          fileMode: {
            text: setting?.text ?? '',
            at: origin?.kind === 'file' ? { file: origin.file, line: origin.line } : at,
            unclear: setting?.indeterminate ? setting.why : null,
          },
          ...seenAt(files, name),
        };
      }),
    };
  },
});

function seenAt(files: FileReader, path: string): Pick<ControlSocket, 'state' | 'mode'> {
  const isKnown = FOLDERS.some((folder) => path.startsWith(folder)) || userOfPlace(path) !== null;
  if (!isKnown || path.split('/').includes('..')) return { state: 'elsewhere', mode: null };
  const stat = files.lstat(path);
  if (!stat.ok) return { state: stat.problem === 'missing' ? 'missing' : 'denied', mode: null };
  return stat.value.kind === 'socket'
    ? { state: 'socket', mode: stat.value.mode }
    : { state: 'other', mode: null };
}
