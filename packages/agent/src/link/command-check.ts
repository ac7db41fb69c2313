import { err, ok, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import { COMMAND_LIFE_S_MAX } from '@castellan/shared/model/bounds';
import type { CommandPayload } from '@castellan/shared/protocol/command';
import type { Clock } from '../ports/clock.js';
import type { StateStore } from '../ports/state-store.js';
import type { Identity } from './identity.js';
import { LEEWAY_S, remember } from './remembered.js';

export interface CommandGate {
  /** Verifies signature, addressee, time and that it is new, and remembers it on disk, in this order. */
  accept(jws: string): Promise<Result<CommandPayload>>;
}

/** `serverClock`: a command's life is measured by the clock that it was issued by, so that a wrong one here ends no command. */
export function commandGate(
  identity: Identity,
  store: StateStore,
  serverClock: Pick<Clock, 'now'>,
): CommandGate {
  return {
    accept: async (jws) => {
      const payload = await verified(jws, identity);
      if (!payload.ok) return payload;
      const nowS = serverClock.now() / 1000;
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
  const [{ verifiedPayload }, { Compile }, { CommandPayload: Schema }] = await Promise.all([
    import('./signed.js'),
    import('typebox/compile'),
    import('@castellan/shared/protocol/command'),
  ]);
  const signed = await verifiedPayload(jws, identity.commandKey);
  if (!signed.ok) return signed;
  const { value } = signed;
  if (!Compile(Schema).Check(value))
    return err(casError('CAS_COMMAND_NOT_ALLOWED', 'it is of no kind that this node knows'));
  const payload = value as CommandPayload;
  if (payload.aud !== identity.nodeId)
    return err(casError('CAS_COMMAND_SIGNATURE', `the command is for the node ${payload.aud}`));
  if (payload.iss !== identity.serverId)
    return err(casError('CAS_COMMAND_SIGNATURE', `the command is of the server ${payload.iss}`));
  return ok(payload);
}
