import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Page {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: { type: string; data: Record<string, unknown> };
}

export interface Receiver {
  readonly url: string;
  readonly pages: Page[];
  /** What the next requests get; the last one stays. A function may do as it likes, or nothing. */
  answer(...answers: (number | ((response: ServerResponse) => void))[]): void;
}

/** A webhook receiver on a free port of loopback. */
export async function startReceiver(): Promise<Receiver> {
  const pages: Page[] = [];
  let answers: (number | ((response: ServerResponse) => void))[] = [204];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += String(chunk);
    });
    request.on('end', () => {
      pages.push({ headers: request.headers, text, body: JSON.parse(text) as Page['body'] });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (typeof answer === 'function') answer(response);
      else response.writeHead(answer ?? 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    pages,
    answer: (...next) => {
      answers = next;
    },
  };
}
