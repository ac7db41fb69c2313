import { createServer, type IncomingMessage, type Server } from 'node:http';
import { performance } from 'node:perf_hooks';
import { Webhook } from 'standardwebhooks';

export interface OnCallFinding {
  readonly id: string;
  readonly node: { readonly name: string };
  readonly summary: string;
  readonly violations: readonly {
    readonly at: { readonly file?: string; readonly line?: number };
    readonly found: string;
  }[];
  readonly remediation: string | null;
}

/** What on-call gets. */
export interface OnCallPage {
  /** The same for every attempt at one delivery (Standard Webhooks, webhook-id). */
  readonly id: string;
  readonly type: string;
  readonly data: {
    /** For people, in one line. */
    readonly text: string;
    readonly reason: string;
    readonly alert: {
      readonly id: string;
      readonly control: string;
      readonly severity: string;
      readonly url: string;
    };
    readonly findings: readonly OnCallFinding[];
    readonly more: number;
  };
  /** By performance.now(). */
  readonly arrivedMs: number;
}

const BODY_BYTES_MAX = 64 * 1024;

/** A receiver as any chat or paging system has one: nothing is taken whose Standard Webhooks signature is not right. */
export class WebhookReceiver {
  readonly pages: OnCallPage[] = [];
  rejected = 0;
  #webhook: Webhook | null = null;
  onPage: (page: OnCallPage) => void = () => undefined;

  private constructor(private readonly server: Server) {}

  static async listen(host = '127.0.0.1', port = 0): Promise<WebhookReceiver> {
    const server = createServer();
    const receiver = new WebhookReceiver(server);
    server.on('request', (request, response) => {
      receiver.#take(request).then(
        (status) => response.writeHead(status).end(),
        () => response.writeHead(400).end(),
      );
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
    return receiver;
  }

  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the receiver does not listen');
    return `http://127.0.0.1:${address.port}/page`;
  }

  /** The secret that the server made for this target and showed once. */
  trust(secret: string): void {
    this.#webhook = new Webhook(secret);
  }

  async #take(request: IncomingMessage): Promise<number> {
    const body = await bodyOf(request);
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    try {
      if (this.#webhook === null) throw new Error('no secret yet');
      this.#webhook.verify(body, headers);
    } catch (error) {
      this.rejected += 1;
      process.stderr.write(`A page was refused: ${error instanceof Error ? error.message : String(error)}\n`);
      return 401;
    }
    const page: OnCallPage = {
      ...JSON.parse(body),
      id: headers['webhook-id'] ?? '',
      arrivedMs: performance.now(),
    };
    this.pages.push(page);
    this.onPage(page);
    return 204;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > BODY_BYTES_MAX) throw new Error('too long');
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
}
