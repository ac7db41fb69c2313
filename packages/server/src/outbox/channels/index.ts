import type { Channels } from '../channel.js';
import { channel as webhook } from './webhook/index.js';

/** Every channel, in the order in which people are offered them. */
export const CHANNELS: Channels = new Map([webhook].map((channel) => [channel.kind, channel]));
