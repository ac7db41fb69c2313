import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Severity } from '@castellan/shared/model/severity';
import { onTestFinished } from 'vitest';

/** As the webhook channel writes it. */
export interface PageData {
  readonly text: string;
  readonly reason: string;
  readonly alert: {
    readonly id: string;
    readonly key: string;
    readonly control: string;
    readonly severity: string;
    readonly state: string;
    readonly url: string;
  };
  readonly counts: { readonly findings: number; readonly nodes: number };
  readonly findings: readonly {
    readonly id: string;
    readonly node: { readonly name: string };
    readonly subject: string;
  }[];
  readonly alerts?: readonly { readonly control: string }[];
  readonly more: number;
}

export interface Page {
  /** Of the request: its address without the host. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: { type: string; data: PageData };
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
      pages.push({
        path: request.url ?? '',
        headers: request.headers,
        text,
        body: JSON.parse(text) as Page['body'],
      });
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

/** What a target is set up with that is told of everything at this address. */
export function webhookOf(
  url: string,
  changes: { name?: string; severityMin?: Severity; secret?: string } = {},
) {
  const { name = 'on-call', severityMin = 'low', secret } = changes;
  return {
    name,
    kind: 'webhook',
    enabled: true,
    severityMin,
    settings: { url },
    ...(secret === undefined ? {} : { secrets: { secret } }),
  } as const;
}
