import type { Channels } from './channel.js';
import { CHANNEL_MODULES } from './channels.generated.js';

/** Every channel, by kind. */
export const CHANNELS: Channels = new Map(CHANNEL_MODULES.map((channel) => [channel.kind, channel]));
