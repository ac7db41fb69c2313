import { err, ok, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import { COMMAND_LIFE_S_MAX } from '@castellan/shared/model/bounds';
import type { CommandPayload } from '@castellan/shared/protocol/command';
import type { Clock } from '../ports/clock.js';
import type { StateStore } from '../ports/state-store.js';
import type { Identity } from './identity.js';

/** Two clocks are never the same. */
const LEEWAY_S = 60;
/** Ids that are remembered; the oldest expire first. An id is kept until well after its command has expired. */
export const SEEN_MAX = 10_000;
const FILE = 'commands-seen.json';

export interface CommandGate {
  /** Verifies signature, addressee, time and that it is new, and remembers it on disk, in this order. */
  accept(jws: string): Promise<Result<CommandPayload>>;
}

export function commandGate(identity: Identity, store: StateStore, clock: Clock): CommandGate {
  return {
    accept: async (jws) => {
      const payload = await verified(jws, identity);
      if (!payload.ok) return payload;
      const nowS = clock.now() / 1000;
      const lifeS = payload.value.exp - payload.value.iat;
      if (lifeS <= 0 || lifeS > COMMAND_LIFE_S_MAX)
        return err(
          casError(
            'CAS_COMMAND_NOT_ALLOWED',
            `a command lives for at most ${COMMAND_LIFE_S_MAX} s from its issue; this one for ${lifeS} s`,
          ),
        );
      if (payload.value.exp + LEEWAY_S <= nowS)
        return err(
          casError('CAS_COMMAND_EXPIRED', `it ended at ${new Date(payload.value.exp * 1000).toISOString()}`),
        );
      return remember(payload.value, store, nowS);
    },
  };
}

async function verified(jws: string, identity: Identity): Promise<Result<CommandPayload>> {
  const [{ compactVerify, importJWK }, { Compile }, { CommandPayload: Schema }] = await Promise.all([
    import('jose'),
    import('typebox/compile'),
    import('@castellan/shared/protocol/command'),
  ]);
  let text: string;
  try {
    const key = await importJWK({ ...identity.commandKey }, 'EdDSA');
    const { payload } = await compactVerify(jws, key, { algorithms: ['EdDSA', 'Ed25519'] });
    text = new TextDecoder('utf-8', { fatal: true }).decode(payload);
  } catch (cause) {
    return err(
      casError(
        'CAS_COMMAND_SIGNATURE',
        'the signature is not of the server that this node is enrolled at',
        cause,
      ),
    );
  }
  const value = parse(text);
  if (!Compile(Schema).Check(value))
    return err(casError('CAS_COMMAND_NOT_ALLOWED', 'it is of no kind that this node knows'));
  const payload = value as CommandPayload;
  if (payload.aud !== identity.nodeId)
    return err(casError('CAS_COMMAND_SIGNATURE', `the command is for the node ${payload.aud}`));
  if (payload.iss !== identity.serverId)
    return err(casError('CAS_COMMAND_SIGNATURE', `the command is of the server ${payload.iss}`));
  return ok(payload);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** On disk before the command is carried out: a crash costs the command, it never doubles it. */
function remember(payload: CommandPayload, store: StateStore, nowS: number): Result<CommandPayload> {
  const seen = readSeen(store).filter(([, exp]) => exp + 2 * LEEWAY_S > nowS);
  if (seen.some(([jti]) => jti === payload.jti)) return err(casError('CAS_COMMAND_REPLAYED', payload.jti));
  // Forgetting an id that may still come again would let it be carried out twice.
  if (seen.length >= SEEN_MAX)
    return err(casError('CAS_TOO_MANY', `more than ${SEEN_MAX} commands that have not expired`));
  store.replace(FILE, JSON.stringify([...seen, [payload.jti, payload.exp]]));
  return ok(payload);
}

function readSeen(store: StateStore): [string, number][] {
  const text = store.read(FILE)?.toString('utf8');
  const list = text === undefined ? [] : parse(text);
  return Array.isArray(list) ? (list as [string, number][]) : [];
}
