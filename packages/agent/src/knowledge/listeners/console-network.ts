import { parseBoolean } from '@castellan/momentum';
import type { Place } from '@castellan/shared/model/verdict';
import type { Answer } from './answer.js';
import type { Entrance, Socket } from './entrances.js';
import { isLoopback } from './reach.js';

const SCHEMES = ['authdigestmd5parameters', 'authcrammd5parameters', 'authloginparameters'];
/** A block of at most 256 addresses of IPv4, or one network of IPv6, is one that somebody chose. */
const NARROW_PREFIX = { 4: 24, 6: 64 } as const;
const PROPOSED = 'Listen "127.0.0.1:2025", or Enable_Authentication = true with AuthDigestMD5Parameters';

/** How a Listen of the console answers whoever comes over the network, each entrance by itself. */
export function networkAnswers(socket: Socket): Answer[] {
  if (socket.reach === 'socket') return [{ kind: 'ok', summary: 'The console is a socket of this host.' }];
  if (socket.reach === 'loopback')
    return [{ kind: 'ok', summary: 'The console is reached on a loopback address only.' }];
  return socket.entrances
    .filter(({ peer, isMet }) => isMet !== 'no' && !(peer?.block && isLoopback(peer.block)))
    .map((entrance) => {
      const answer = answerOf(socket, entrance);
      if (answer.kind !== 'fault' || entrance.isMet !== 'unclear') return answer;
      const { violation } = answer;
      const reason = `Its Peers have every address of one family, and whether ${socket.name} takes the other the system decides.`;
      return { kind: 'doubt', reason, violation };
    });
}

function answerOf(socket: Socket, entrance: Entrance): Answer {
  const denied = entrance.setting('always_deny');
  if (!denied.indeterminate && parseBoolean(denied.text ?? 'false') === true)
    return { kind: 'ok', summary: 'Connections from the network are always denied.' };
  const allowed = entrance.setting('always_allow');
  if (!allowed.indeterminate && parseBoolean(allowed.text ?? 'false') === true && isBroad(entrance))
    return {
      kind: 'fault',
      summary: 'Whoever reaches the console commands the server: always_allow passes over authentication',
      violation: { at: placeOf(allowed, socket, entrance), found: 'always_allow = true', proposed: PROPOSED },
    };
  const authentication = entrance.setting('enable_authentication');
  const open = [denied, allowed, authentication].find((one) => one.indeterminate);
  if (open) return { kind: 'doubt', reason: `${open.option} in ${entrance.label}: ${open.why}` };
  return authenticated(socket, entrance, authentication);
}

function authenticated(
  socket: Socket,
  entrance: Entrance,
  authentication: ReturnType<Entrance['setting']>,
): Answer {
  const isOn = parseBoolean(authentication.text ?? 'false');
  if (isOn === null)
    return {
      kind: 'doubt',
      reason: `enable_authentication = "${authentication.text ?? ''}" in ${entrance.label} is neither true nor false.`,
    };
  const schemes = SCHEMES.map((name) => entrance.setting(name));
  const unread = schemes.find((one) => one.indeterminate);
  const violation = {
    at: placeOf(authentication, socket, entrance),
    found: authentication.set
      ? `enable_authentication = ${authentication.text ?? ''}`
      : 'enable_authentication is not set',
    proposed: PROPOSED,
  };
  if (!isOn && !authentication.set && (unread || schemes.some(({ set }) => set)))
    return {
      kind: 'doubt',
      reason: `${entrance.label} has parameters of authentication and no Enable_Authentication, whose default no page names: \`config eval\` shows it.`,
      violation,
    };
  if (!isOn)
    return {
      kind: 'fault',
      summary: 'Whoever reaches the console commands the server: it asks for no authentication',
      violation,
    };
  if (unread) return { kind: 'doubt', reason: `${unread.option} in ${entrance.label}: ${unread.why}` };
  const login = schemes.find(({ option, set }) => option === 'authloginparameters' && set);
  return login
    ? {
        kind: 'fault',
        summary: "The console's passwords cross the network in clear text: it has no TLS",
        violation: {
          at: placeOf(login, socket, entrance),
          found: 'AuthLoginParameters on a TCP socket',
          proposed: 'AuthDigestMD5Parameters, or Listen "127.0.0.1:2025" behind an encrypted tunnel',
        },
        severity: 'high',
      }
    : { kind: 'ok', summary: 'Connections from the network are authenticated.' };
}

/** Everybody, or a block so wide that nobody chose its hosts. A Peer that is no address may be anybody. */
function isBroad({ peer }: Entrance): boolean {
  if (peer === null || peer.block === null) return true;
  return peer.block.prefix < NARROW_PREFIX[peer.block.family];
}

function placeOf({ origin }: ReturnType<Entrance['setting']>, { at }: Socket, { label }: Entrance): Place {
  return origin.kind === 'file'
    ? { file: origin.file, line: origin.line, scope: label }
    : { ...at, scope: label };
}
