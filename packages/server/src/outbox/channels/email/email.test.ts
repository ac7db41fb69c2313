import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  alertMessage,
  HOSTILE_MESSAGE,
  MESSAGES,
  OUT,
  problemWith,
  sendBy,
} from '../../../../testing/messages.js';
import { channel, SUBJECT_MAX } from './index.js';

const SETTINGS = {
  host: 'mail.example.com',
  port: 587,
  tls: 'starttls',
  from: 'castellan@example.com',
  to: ['oncall@example.com'],
};

/** A scripted mail server in the clear: what it says to each command, by its first word. A missing answer is silence. */
async function scripted(answers: Readonly<Record<string, string>>) {
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let isData = false;
    let text = '';
    const say = (word: string) => {
      const answer = answers[word];
      if (answer !== undefined) socket.write(`${answer}\r\n`);
    };
    say('hello');
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      text += String(chunk);
      for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        lines.push(line);
        if (isData) {
          if (line !== '.') continue;
          isData = false;
          say('.');
          continue;
        }
        const word = line.split(/[ :]/)[0]?.toUpperCase() ?? '';
        isData = word === 'DATA' && (answers[word] ?? '').startsWith('354');
        say(word);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, lines };
}

const TAKES = {
  hello: '220 mail.example.com',
  EHLO: '250-mail.example.com\r\n250 AUTH PLAIN',
  AUTH: '235 ok',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go on',
  '.': '250 taken',
  QUIT: '221 bye',
};

const sendTo = (port: number, more: object = {}, secrets = {}) =>
  sendBy(channel, {
    settings: { ...SETTINGS, host: '127.0.0.1', port, tls: 'none', ...more },
    secrets,
    message: alertMessage('opened'),
  });

test('it signs in where a user is set, and the password is nowhere else', async () => {
  const { port, lines } = await scripted(TAKES);
  const outcome = await sendTo(port, { user: 'castellan' }, { password: 'geheim' });
  expect(outcome).toMatchObject({ kind: 'delivered', status: null });
  const plain = Buffer.from('\0castellan\0geheim').toString('base64');
  expect(lines).toContain(`AUTH PLAIN ${plain}`);
  expect(lines.join('\n').replace(plain, '')).not.toContain('geheim');
});

describe('a reply is about one attempt', () => {
  test.each([
    ['421 at the greeting', { ...TAKES, hello: '421 geheim later' }, /421/],
    ['535 to AUTH', { ...TAKES, AUTH: '535 geheim' }, /535/],
    ['451 to RCPT', { ...TAKES, RCPT: '451 geheim greylisted' }, /451/],
    ['550 to RCPT', { ...TAKES, RCPT: '550 geheim nobody' }, /550/],
    ['552 to DATA', { ...TAKES, '.': '552 geheim too much' }, /552/],
  ])('%s', async (_, answers, detail) => {
    const { port } = await scripted(answers);
    const outcome = await sendTo(port, { user: 'castellan' }, { password: 'a password' });
    expect(outcome).toMatchObject({ kind: 'failed', isFinal: false, isAmbiguous: false });
    expect(outcome).toMatchObject({ detail: expect.stringMatching(detail) });
    // What a stranger wrote is not repeated.
    expect(JSON.stringify(outcome)).not.toContain('geheim');
  });
});

describe('a server that falls silent', () => {
  test.each([
    ['before it greets', {}, false],
    ['after the mail', { ...TAKES, '.': undefined as unknown as string }, true],
  ])('%s', async (_, answers, isAmbiguous) => {
    const { port } = await scripted(answers);
    const abort = new AbortController();
    const trying = channel.send(
      { ...OUT, signal: abort.signal },
      {
        id: 'msg_1',
        settings: { ...SETTINGS, host: '127.0.0.1', port, tls: 'none' },
        secrets: {},
        message: alertMessage('opened'),
      },
    );
    setTimeout(() => abort.abort(), 500);
    expect(await trying).toMatchObject({ kind: 'failed', isFinal: false, isAmbiguous });
  });

  test('offers no STARTTLS: nothing is sent in the clear', async () => {
    const { port, lines } = await scripted(TAKES);
    expect(await sendTo(port, { tls: 'starttls', user: 'castellan' }, { password: 'geheim' })).toMatchObject({
      kind: 'failed',
      isFinal: false,
    });
    expect(lines.some((line) => /^(AUTH|MAIL|DATA)/.test(line))).toBe(false);
  });
});

test.each(MESSAGES)('%s has a subject of one line, and a text', (_, message) => {
  const [head = '', ...text] = channel.preview(message, SETTINGS).split('\n\n');
  expect(head.split('\n')).toHaveLength(3);
  expect(head.length).toBeLessThan(SUBJECT_MAX + 100);
  expect(text.join('\n').length).toBeGreaterThan(0);
});

test('a name of a file begins no line of its own', () => {
  const text = channel.preview(HOSTILE_MESSAGE, SETTINGS);
  expect(text).not.toMatch(/^(Bcc|break)/m);
});

describe('settings', () => {
  test.each([
    [{}, {}, null],
    [{ user: 'castellan' }, {}, 'password: it is missing'],
    [{ from: 'Castellan <castellan@example.com>' }, {}, 'from: this is not an address'],
    [
      { to: ['oncall@example.com', 'a@b.example\r\nRCPT TO:<x@y.example>'] },
      {},
      'to: number 2 is not an address',
    ],
    [{ tls: 'none' }, {}, expect.stringMatching(/^tls: .*clear/)],
    [{ host: '10.0.0.1' }, {}, expect.stringMatching(/^host: .*private/)],
    [{ host: 'localhost' }, {}, expect.stringMatching(/^host: .*private/)],
    [{ host: 'a b' }, {}, expect.stringMatching(/^host: /)],
    [{ port: 5432 }, {}, expect.stringMatching(/^port: 5432/)],
    [{ ca: 'geheim' }, {}, expect.stringMatching(/^ca: (?!.*geheim)/)],
  ])('%j', (changes, secrets, problem) => {
    expect(problemWith(channel, { settings: { ...SETTINGS, ...changes }, secrets })).toEqual(problem);
  });

  test('a private address is connected to only where that is meant', async () => {
    const { port, lines } = await scripted(TAKES);
    const { mailOut } = await import('../../../adapters/mail-out.js');
    const strict = { ...OUT, mailOut: mailOut({ allowPrivate: false, clock: OUT.clock }) };
    const settings = { ...SETTINGS, host: '127.0.0.1', port };
    expect(
      await channel.send(strict, { id: 'msg_1', settings, secrets: {}, message: alertMessage('opened') }),
    ).toMatchObject({ kind: 'failed', isAmbiguous: false });
    expect(lines).toEqual([]);
  });
});
