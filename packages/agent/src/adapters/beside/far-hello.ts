import { casError } from '@castellan/shared/errors/cas-error';
import { decodeFields } from './fields.js';
import type { SessionMode } from './first-line.js';

export const PROTOCOL = 1;
const FIELDS = 14;

/** What the far program says of itself and of where it runs. Texts are the node's: for a person only. */
export interface FarHello {
  readonly perl: string;
  readonly perlPath: string;
  readonly system: string;
  readonly release: string;
  readonly machine: string;
  readonly uid: number;
  readonly euid: number;
  readonly gids: readonly number[];
  /** The node's clock, milliseconds since 1970, by whole seconds. */
  readonly timeMs: number;
  /** `carried`: sent along with this session; `laid`: installed on the node. */
  readonly mode: 'carried' | 'laid';
  /** What it permits, which is never more than was asked for. */
  readonly may: SessionMode;
  /** Why it permits less: the login's user, its key's forced command, or the node's own audit-only; null: it does not. */
  readonly why: 'user' | 'key' | 'audit-only' | null;
}

const WHYS = ['user', 'key', 'audit-only'] as const;

/** Throws what a person has to do where this is another program than ours. */
export function readHello(body: Buffer, digest: string, where: string): FarHello {
  const texts = decodeFields(body)?.map((field) => field.toString('latin1')) ?? [];
  const [protocol, told, perl = '', system = '', release = '', machine = '', ...rest] = texts;
  const [uid = '', euid = '', time = '', mode, perlPath = '', gids = '', may, why = ''] = rest;
  if (protocol !== String(PROTOCOL) && protocol !== undefined && /^\d{1,9}$/.test(protocol))
    throw casError(
      'CAS_BESIDE_PROTOCOL',
      `${where}: the far program speaks protocol ${protocol}, and this agent ${PROTOCOL}: install the castellan-far of this release on the node`,
    );
  const numbers = [uid, euid, time];
  const isWhole =
    texts.length === FIELDS &&
    numbers.every((number) => /^\d{1,12}$/.test(number)) &&
    (may === 'look' || may === 'change') &&
    (mode === 'carried' || mode === 'laid');
  if (!isWhole || (may !== 'look' && may !== 'change') || (mode !== 'carried' && mode !== 'laid'))
    throw casError('CAS_BESIDE_PROTOCOL', `${where}: what answered is not the far program`);
  if (told !== digest)
    throw casError(
      'CAS_BESIDE_PROTOCOL',
      mode === 'laid'
        ? `${where}: the castellan-far that is installed on the node is of another release: install the one of this agent`
        : `${where}: the far program did not arrive as it was sent`,
    );
  return {
    perl: perl.slice(0, 64),
    perlPath: perlPath.slice(0, 256),
    system: system.slice(0, 64),
    release: release.slice(0, 128),
    machine: machine.slice(0, 64),
    uid: Number(uid),
    euid: Number(euid),
    gids: [
      ...new Set(
        gids
          .split(' ')
          .filter((gid) => /^\d{1,10}$/.test(gid))
          .map(Number),
      ),
    ],
    timeMs: Number(time) * 1000,
    mode,
    may,
    why: WHYS.find((one) => one === why) ?? null,
  };
}
