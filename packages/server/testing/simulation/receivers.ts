import { Type } from 'typebox';
import type { AlertMessage } from '../../src/domain/alert/message.js';
import { failure, type Outcome, outcomeOfStatus } from '../../src/domain/delivery/schedule.js';
import type { Channel, Channels } from '../../src/outbox/channel.js';
import type { Seeded } from './seeded.js';

/** What a receiver does with a message. `taken` ones have it, whatever we hear. */
export const MOODS = {
  well: { taken: true, answer: () => outcomeOfStatus(204, 1, null) },
  refuses: { taken: false, answer: () => outcomeOfStatus(403, 1, null) },
  fails: { taken: false, answer: () => outcomeOfStatus(503, 1, null) },
  redirects: { taken: false, answer: () => outcomeOfStatus(302, 1, null) },
  'asks for later': { taken: false, answer: () => outcomeOfStatus(429, 1, 600_000) },
  'hangs before it reads': { taken: false, answer: () => failure('no answer in time', 15_000, true) },
  'drips, and breaks off after it has it': { taken: true, answer: () => failure('ECONNRESET', 9_000, true) },
  'is behind a gateway that gives up': { taken: true, answer: () => outcomeOfStatus(504, 1, null) },
} as const satisfies Record<string, { taken: boolean; answer: () => Outcome }>;
export type Mood = keyof typeof MOODS;

/** A message as the receiver has it: repeats under one id are one. */
export interface Heard {
  readonly id: string;
  readonly message: AlertMessage;
}

export class SimulatedReceiver {
  mood: Mood = 'well';
  readonly heard: Heard[] = [];
  readonly #ids = new Set<string>();

  take(id: string, message: AlertMessage): Outcome {
    const { taken, answer } = MOODS[this.mood];
    if (taken && !this.#ids.has(id)) {
      this.#ids.add(id);
      this.heard.push({ id, message });
    }
    return answer();
  }

  /** The last message of each alert. */
  last(): Map<string, AlertMessage> {
    return new Map(this.heard.map(({ message }) => [message.alert.key, message]));
  }
}

/** How the next attempts end when the server is killed during them. */
export interface Death {
  /** 0 to 1: an attempt at which the server dies. */
  share: number;
  died: boolean;
}

export function simulatedChannels(
  receivers: ReadonlyMap<string, SimulatedReceiver>,
  random: Seeded,
  death: Death,
): Channels {
  const never = () => new Promise<Outcome>(() => undefined);
  const channel: Channel = {
    kind: 'simulated',
    title: 'Simulated',
    settings: Type.Object({ name: Type.String() }),
    secrets: Type.Object({}),
    problemOf: () => null,
    preview: () => '',
    async send(_deps, { id, settings, message }) {
      if (message.type === 'target.test') return outcomeOfStatus(204, 1, null);
      const receiver = receivers.get(String(settings.name));
      if (!receiver) throw new Error('no such receiver');
      if (death.died) return never();
      if (random.share() < death.share) {
        death.died = true;
        // Before the message left, or after the receiver had it: in either case nobody writes how it ended.
        if (random.share() < 0.5) receiver.take(id, message);
        return never();
      }
      return receiver.take(id, message);
    },
  };
  return new Map([[channel.kind, channel]]);
}
