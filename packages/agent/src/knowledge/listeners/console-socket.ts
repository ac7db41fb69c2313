import { parseBoolean } from '@castellan/momentum';
import type { ControlSocket } from '../../facts/control-socket.js';
import type { Answer } from './answer.js';
import type { Entrance, Socket } from './entrances.js';
import { isLoopback } from './reach.js';

/** To connect to a socket is to write to it. */
const OTHERS_WRITE = 0o002;
const PROPOSED = 'File_Mode = "0660", or Enable_Authentication = true';

/** Who gets at a Unix socket of the console: by its File_Mode, and by the mode of what stands there. */
export function socketAnswers(socket: Socket, seen: ControlSocket | undefined): Answer[] {
  if (!seen) return [{ kind: 'doubt', reason: `${socket.name} was not inspected.` }];
  const modes = [configured(seen), actual(seen)];
  const isOpen = modes.some(({ kind }) => kind === 'fault');
  const asked = isOpen ? authentication(socket) : null;
  return modes.map((answer) => (answer.kind === 'fault' && asked ? asked : answer));
}

function configured({ path, fileMode }: ControlSocket): Answer {
  if (fileMode.unclear !== null)
    return { kind: 'doubt', reason: `file_mode of ${path}: ${fileMode.unclear}` };
  const text = fileMode.text.trim();
  if (!/^[0-7]{3,4}$/.test(text))
    return { kind: 'doubt', reason: `File_Mode = "${text}" of ${path} is not three or four octal digits.` };
  return judge(Number.parseInt(text, 8), `File_Mode = ${text}`, fileMode.at);
}

function actual({ path, state, mode }: ControlSocket): Answer {
  if (state === 'socket' && mode !== null)
    return judge(mode, `${path} has mode ${mode.toString(8).padStart(4, '0')}`, { file: path });
  // Momentum makes it when it starts, with the configured mode.
  if (state === 'missing')
    return { kind: 'ok', summary: 'The socket is not there: its mode will be the configured one.' };
  const why = {
    denied: 'could not be inspected',
    other: 'is no socket',
    elsewhere: 'is outside of the folders that are inspected',
  };
  return {
    kind: 'doubt',
    reason: `${path} ${state === 'socket' ? why.denied : why[state]}: its mode is not known.`,
  };
}

function judge(mode: number, found: string, at: ControlSocket['fileMode']['at']): Answer {
  return (mode & OTHERS_WRITE) === 0
    ? { kind: 'ok', summary: 'Only the owner and the group of the socket get to the console.' }
    : {
        kind: 'fault',
        summary: 'Every user of this host commands the server through the console',
        violation: { at, found, proposed: PROPOSED },
      };
}

/** What keeps others out of a socket that is open to all; null: nothing. Its connections count as of the loopback address. */
function authentication({ entrances }: Socket): Answer | null {
  const local = entrances.filter(
    ({ peer }) => peer === null || (peer.block !== null && isLoopback(peer.block)),
  );
  const answers = local.map(askedBy);
  if (answers.includes('no')) return null;
  const [open] = local.flatMap((entrance) =>
    ['enable_authentication', 'enable_authorization', 'always_allow']
      .map((name) => entrance.setting(name))
      .filter(({ indeterminate }) => indeterminate),
  );
  return answers.includes('unclear')
    ? {
        kind: 'doubt',
        reason: `Whether the console asks who comes is not known: ${open?.why ?? 'a value is neither true nor false'}.`,
      }
    : { kind: 'ok', summary: 'The socket is open to all, and the console asks who comes.' };
}

function askedBy(entrance: Entrance): 'yes' | 'no' | 'unclear' {
  const read = (name: string): boolean | null => {
    const { indeterminate, text } = entrance.setting(name);
    return indeterminate ? null : parseBoolean(text ?? 'false');
  };
  const allowed = read('always_allow');
  const asks = [read('enable_authentication'), read('enable_authorization')];
  if (allowed === true) return 'no';
  if (asks.includes(true)) return allowed === null ? 'unclear' : 'yes';
  return asks.includes(null) ? 'unclear' : 'no';
}
