import type { Channel, Channels, OwnDeps } from './channel.js';
import { CHANNEL_MODULES } from './channels.generated.js';

/** Every channel, with what its callers do not hand it. */
export function channelsWith(own: OwnDeps): Channels {
  return new Map(
    CHANNEL_MODULES.map((module): [string, Channel] => [
      module.kind,
      {
        ...module,
        problemOf: (set, checks) => module.problemOf(set, { ...checks, ...own }),
        send: (deps, attempt) => module.send({ ...deps, ...own }, attempt),
      },
    ]),
  );
}
