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

/** One attempt. `isNew`: the receiver has it, and had nothing under its id. `isUnsure`: the server cannot tell. */
export interface Attempted {
  readonly message: AlertMessage;
  readonly isNew: boolean;
  readonly isUnsure: boolean;
}

export class SimulatedReceiver {
  mood: Mood = 'well';
  readonly attempts: Attempted[] = [];
  readonly #ids = new Set<string>();

  /** The messages that it has, repeats left out. */
  get heard(): AlertMessage[] {
    return this.attempts.filter(({ isNew }) => isNew).map(({ message }) => message);
  }

  take(id: string, message: AlertMessage): Outcome {
    const { taken, answer } = MOODS[this.mood];
    const outcome = answer();
    this.#note(id, message, taken, outcome.kind === 'failed' && outcome.isAmbiguous);
    return outcome;
  }

  /** The server is killed in the middle of an attempt. */
  takeLast(id: string, message: AlertMessage, hasLeft: boolean): void {
    this.#note(id, message, hasLeft && MOODS[this.mood].taken, true);
  }

  #note(id: string, message: AlertMessage, taken: boolean, isUnsure: boolean): void {
    const isNew = taken && !this.#ids.has(id);
    if (isNew) this.#ids.add(id);
    this.attempts.push({ message, isNew, isUnsure });
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
        receiver.takeLast(id, message, random.share() < 0.5);
        return never();
      }
      return receiver.take(id, message);
    },
  };
  return new Map([[channel.kind, channel]]);
}
