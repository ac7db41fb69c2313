import type { FileReader } from '../../ports/files.js';
import { trustedFor } from './managed-paths.js';
import { CONSOLE_SOCKET } from './programs.js';

/**
 * Why the MTA's console is not to be asked: everybody may put a socket into /tmp while the MTA is down, and whoever
 * answers at it could say that it reloaded. Null: the socket is the service's, root's, or not there, which ec_console
 * itself tells of.
 */
export function consoleBlocker(files: FileReader): string | null {
  const socket = files.lstat(CONSOLE_SOCKET);
  if (!socket.ok)
    return socket.problem === 'missing'
      ? null
      : `${CONSOLE_SOCKET} could not be inspected (${socket.problem})`;
  const { kind, uid } = socket.value;
  if (kind !== 'socket') return `${CONSOLE_SOCKET} is no socket`;
  const users = [0, ...trustedFor(files, '/opt/msys').map((user) => user.uid)];
  return users.includes(uid)
    ? null
    : `${CONSOLE_SOCKET} belongs to user ${uid}, so it is not Momentum that answers there`;
}
