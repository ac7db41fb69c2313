import type { Duplex } from 'node:stream';
import type { ExchangeRequest, ExchangeResult } from '../ports/net.js';
import { errorCode } from './file-problems.js';

type Heard = Extract<ExchangeResult, { kind: 'heard' }>;

interface Exchange {
  /** Sends the hello, and reads until it is enough, too much, or over. */
  speak(socket: Duplex): Promise<Heard>;
  /** At the deadline: what had come until then; null: the hello was not sent yet. */
  late(): Heard | null;
}

/** One hello and what comes of it. Nothing of it is understood here. */
export function exchangeHello({ hello, isEnough, bytesMax }: ExchangeRequest): Exchange {
  let bytes = Buffer.alloc(0);
  let isSent = false;
  const heard = (end: Heard['end']): Heard => ({ kind: 'heard', bytes, end });
  return {
    late: () => (isSent ? heard('silent') : null),
    speak: (socket) =>
      new Promise((resolve) => {
        socket.on('data', (chunk: Buffer) => {
          bytes = Buffer.concat([bytes, chunk.subarray(0, bytesMax - bytes.length)]);
          if (isEnough(bytes)) resolve(heard('enough'));
          else if (bytes.length >= bytesMax) resolve(heard('too-long'));
        });
        socket.on('error', (error) => resolve(heard(errorCode(error) === 'ECONNRESET' ? 'reset' : 'closed')));
        socket.on('close', () => resolve(heard('closed')));
        socket.write(hello);
        isSent = true;
        socket.resume();
      }),
  };
}
