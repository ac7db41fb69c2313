import { type AlertText, alertText, line } from '../domain/alert/text.js';
import type { Message } from './channel.js';

/** Any message as lines for people. */
export function textOf(message: Message, itemsMax: number): AlertText {
  if (message.type !== 'target.test') return alertText(message, itemsMax);
  return { headline: line(message.text), items: [], more: null, url: null };
}

/** The first of the bodies, from the one that says most to the one that says least, that has at most `bytesMax`. */
export function fitting(bytesMax: number, bodyWith: (itemsMax: number) => string): string {
  for (const itemsMax of [25, 15, 10, 5, 3, 1]) {
    const body = bodyWith(itemsMax);
    if (Buffer.byteLength(body) <= bytesMax) return body;
  }
  return bodyWith(0);
}
