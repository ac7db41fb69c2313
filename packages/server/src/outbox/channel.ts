import type { TObject } from 'typebox';
import type { AlertMessage } from '../domain/alert/message.js';
import type { Outcome } from '../domain/delivery/schedule.js';
import type { Clock } from '../ports/clock.js';
import type { HttpOut } from '../ports/http-out.js';
import type { MailOut } from '../ports/mail-out.js';
import type { Random } from '../ports/random.js';

/** An attempt of any channel ends within this time, by its own time limit. */
export const ATTEMPT_MS_MAX = 15_000;

/** Says that nothing is wrong: the test of a target. */
export interface TestMessage {
  readonly type: 'target.test';
  readonly at: number;
  readonly targetId: string;
  readonly text: string;
}

export type Message = AlertMessage | TestMessage;

export interface ChannelDeps {
  readonly clock: Clock;
  readonly httpOut: HttpOut;
  readonly mailOut: MailOut;
  /** Ends attempts that are under way when the server stops. */
  readonly signal?: AbortSignal;
}

/** What checks addresses without asking anybody. */
export interface AddressChecks {
  readonly httpOut: Pick<HttpOut, 'problemOf'>;
  readonly mailOut: Pick<MailOut, 'problemOf'>;
}

/** One attempt. `settings` and `secrets` are as the channel's schemas say. */
export interface Attempt {
  /** The same for every attempt of one message: a receiver knows a repeat by it. */
  readonly id: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, unknown>>;
  readonly message: Message;
}

/** A kind of receiver. One folder of channels/ each; the folder's name is its kind. */
export interface Channel {
  readonly kind: string;
  /** For people who choose one. */
  readonly title: string;
  /** What a target of this kind is set up with; every property has a title and a description for the console's form. */
  readonly settings: TObject;
  /** The part of it that is never shown again. */
  readonly secrets: TObject;
  /** Makes the secrets of a new target, where we choose them. */
  newSecrets?(random: Pick<Random, 'bytes'>): Readonly<Record<string, unknown>>;
  /** What is wrong with settings that the schemas let pass, for people; null: nothing. */
  problemOf(set: Pick<Attempt, 'settings' | 'secrets'>, checks: AddressChecks): string | null;
  /** What would be sent, without secrets, as text for a preview. */
  preview(message: Message, settings: Attempt['settings']): string;
  send(deps: ChannelDeps, attempt: Attempt): Promise<Outcome>;
}

/** By kind. */
export type Channels = ReadonlyMap<string, Channel>;
