import { isIP } from 'node:net';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { type Clock, steady } from '../ports/clock.js';
import type { MailAnswer, MailOut, MailRequest, MailServer } from '../ports/mail-out.js';
import { brokenBy, isPrivateHost, type PinnedAddress, PRIVATE_DETAIL, pin } from './pinned-address.js';

const CONNECT_MS_MAX = 5_000;
/** A reply of a mail server is a line or two. */
const REPLY_BYTES_MAX = 16_384;
/** SMTP and submission (RFC 5321, 6409, 8314), and the port that providers offer where 25 is closed. */
const PUBLIC_PORTS: ReadonlySet<number> = new Set([25, 465, 587, 2525]);

/** `allowPrivate` permits loopback and private networks, any port, and mail in the clear: for a relay of one's own. */
export function mailOut(options: { allowPrivate: boolean; clock: Clock }): MailOut {
  const { allowPrivate, clock } = options;
  return {
    problemOf: (server) => problemOf(server, allowPrivate),
    async send(request) {
      const began = steady(clock);
      const ms = () => Math.round(steady(clock) - began);
      const problem = problemOf(request.server, allowPrivate);
      if (problem !== null) return { kind: 'refused', detail: problem, ms: ms() };
      const signal = AbortSignal.any([
        AbortSignal.timeout(request.timeoutMs),
        ...(request.signal ? [request.signal] : []),
      ]);
      const pinned = await pin(request.server.host, allowPrivate, signal);
      if (!pinned.ok) return { ...pinned.answer, ms: ms() };
      return exchange(request, pinned.address, signal, ms);
    },
  };
}

async function exchange(
  request: MailRequest,
  { address }: PinnedAddress,
  signal: AbortSignal,
  ms: () => number,
): Promise<MailAnswer> {
  const message = await composed(request);
  const connection = connectionTo(request.server, address, request.timeoutMs);
  // Whatever a server does or leaves undone, the exchange ends with its signal.
  const given = new Promise<never>((_, reject) => {
    const giveUp = () => reject(signal.reason);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    connection.on('error', reject);
    connection.once('end', () => reject(new Error('the connection ended')));
  });
  given.catch(() => undefined);
  let isSending = false;
  try {
    await Promise.race([given, called((done) => connection.connect(done))]);
    const { login } = request;
    if (login !== null)
      await Promise.race([
        given,
        called((done) => connection.login({ user: login.user, pass: login.password }, done)),
      ]);
    isSending = true;
    const envelope = { from: request.from, to: [...request.to] };
    const info = await Promise.race([
      given,
      called<{ rejected: string[]; rejectedErrors?: readonly { responseCode?: number }[] }>((done) =>
        connection.send(envelope, message, done),
      ),
    ]);
    // It closes by itself at the answer, or with the connection's own time limit.
    connection.quit();
    const code = info.rejectedErrors?.[0]?.responseCode ?? null;
    return { kind: 'accepted', refused: info.rejected.length, code, ms: ms() };
  } catch (cause) {
    connection.close();
    return { ...failedBy(cause, isSending), ms: ms() };
  }
}

function connectionTo({ host, port, tls, ca }: MailServer, address: string, timeoutMs: number) {
  return new SMTPConnection({
    // The address that was checked: what the name resolves to later does not matter.
    host: address,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    allowInternalNetworkInterfaces: true,
    connectionTimeout: CONNECT_MS_MAX,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    maxResponseSize: REPLY_BYTES_MAX,
    ...(isIP(host) ? {} : { servername: host }),
    tls: { ...(isIP(host) ? {} : { servername: host }), ...(ca === '' ? {} : { ca }) },
  });
}

function composed({ from, to, subject, text, messageId, thread, at }: MailRequest): Promise<Buffer> {
  return new MailComposer({
    from,
    to: [...to],
    subject,
    text,
    messageId,
    inReplyTo: thread,
    references: thread,
    date: at,
    // RFC 3834: nobody's absence note is an answer to it.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}

function called<T = unknown>(call: (done: (error?: unknown, result?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) =>
    call((error, result) => (error ? reject(error) : resolve(result as T))),
  );
}

/** The texts of a mail server's replies are a stranger's, and are left out. */
function failedBy(cause: unknown, isSending: boolean) {
  const {
    responseCode,
    command = '',
    code = '',
  } = cause as { responseCode?: number; command?: string; code?: string };
  if (typeof responseCode === 'number' && responseCode > 0)
    return { kind: 'rejected', code: responseCode, command } as const;
  if (code === 'ETLS')
    return { kind: 'broken', detail: 'TLS could not be agreed on', isAmbiguous: false } as const;
  return { ...brokenBy(cause), isAmbiguous: isSending };
}

function problemOf({ host, port, tls, ca }: MailServer, allowPrivate: boolean): string | null {
  if (isIP(host) === 0 && !/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?\.?$/.test(host))
    return 'host: this is not the name or the address of a server';
  if (ca !== '' && !/^\s*-----BEGIN CERTIFICATE-----/.test(ca))
    return 'ca: it begins with -----BEGIN CERTIFICATE-----';
  if (allowPrivate) return null;
  if (tls === 'none') return 'tls: mail in the clear would show the page to the network; use TLS';
  if (!PUBLIC_PORTS.has(port)) return `port: ${port} is not a port of mail servers (25, 465, 587, 2525)`;
  return isPrivateHost(host) ? `host: ${PRIVATE_DETAIL}` : null;
}
