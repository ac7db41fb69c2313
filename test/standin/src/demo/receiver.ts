import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

const BODY_BYTES_MAX = 64 * 1024;

/** One alert as on-call got it. */
export interface Page {
  readonly type: string;
  readonly receivedAtMs: number;
  readonly data: {
    readonly findingId?: string;
    readonly control?: string;
    readonly severity?: string;
    readonly summary?: string;
    readonly subject?: string;
    readonly node?: { readonly id: string; readonly name: string };
    readonly violations?: readonly { readonly at: Readonly<Record<string, unknown>>; readonly found: string }[];
  };
}

/** The on-call end: checks each signature, and keeps what it got. */
export class Receiver {
  readonly pages: Page[] = [];
  /** Requests whose signature was not right. */
  refused = 0;
  #server: Server | null = null;
  #webhook: Webhook | null = null;

  constructor(private readonly onPage: (page: Page) => void) {}

  /** Resolves with the address to give to the server. */
  async start(): Promise<string> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
      });
      request.on('end', () => {
        const isGood = bytes <= BODY_BYTES_MAX && this.#take(Buffer.concat(chunks).toString('utf8'), request.headers as Record<string, string>);
        response.writeHead(isGood ? 204 : 401).end();
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/on-call`;
  }

  expectSecret(secret: string): void {
    this.#webhook = new Webhook(secret);
  }

  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  #take(body: string, headers: Record<string, string>): boolean {
    try {
      const { type, data } = this.#webhook?.verify(body, headers) as { type: string; data: Page['data'] };
      const page = { type, data, receivedAtMs: Date.now() };
      this.pages.push(page);
      this.onPage(page);
      return true;
    } catch {
      this.refused += 1;
      return false;
    }
  }
}
