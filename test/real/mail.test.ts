import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { channel } from '../../packages/server/src/outbox/channels/email/index.js';
import {
  alertMessage,
  HOSTILE_MESSAGE,
  LARGEST,
  STORM,
  sendBy,
} from '../../packages/server/testing/messages.js';
import { eventually } from '../../packages/server/testing/server.js';
import { freePorts } from '../standin/src/lay/free-ports.js';
import { hostUser } from '../standin/src/running/real/host-user.js';
import { describeReal } from './parts.js';

describeReal('mail by Postfix', () => {
  let folder: string;
  let ports: { starttls: number; implicit: number };
  let ca: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'castellan-mail-'));
    chmodSync(folder, 0o755);
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
    const made = ['-newkey', 'rsa:2048', '-nodes'];
    openssl(
      'req',
      '-x509',
      ...made,
      '-keyout',
      'ca.key',
      '-out',
      'ca.crt',
      '-days',
      '30',
      '-subj',
      '/CN=test CA',
    );
    openssl('req', ...made, '-keyout', 'mail.key', '-out', 'mail.csr', '-subj', '/CN=localhost');
    writeFileSync(join(folder, 'names'), 'subjectAltName = DNS:localhost\n');
    const signed = [
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-set_serial',
      '7',
      '-days',
      '30',
      '-extfile',
      'names',
    ];
    openssl('x509', '-req', '-in', 'mail.csr', ...signed, '-out', 'mail.crt');
    ca = readFileSync(join(folder, 'ca.crt'), 'utf8');
    const [starttls = 0, implicit = 0] = await freePorts(2);
    ports = { starttls, implicit };
    layPostfix(folder, ports);
    execFileSync('/usr/sbin/postfix', ['-c', join(folder, 'etc'), 'start'], { stdio: 'ignore' });
  });
  afterAll(() => {
    execFileSync('/usr/sbin/postfix', ['-c', join(folder, 'etc'), 'stop'], { stdio: 'ignore' });
    rmSync(folder, { recursive: true, force: true });
  });

  const settings = (changes: object = {}) => ({
    host: 'localhost',
    port: ports.starttls,
    tls: 'starttls',
    ca,
    from: 'castellan@castellan.example',
    to: ['oncall@example.com'],
    ...changes,
  });
  const mails = () => {
    const place = join(folder, 'mail/oncall/new');
    try {
      return readdirSync(place).map((name) => readFileSync(join(place, name), 'utf8'));
    } catch {
      return [];
    }
  };
  const mailWith = (id: string) =>
    eventually(async () => mails().find((mail) => mail.includes(`Message-ID: <${id}@`)), `mail ${id}`);
  const header = (mail: string, name: string) =>
    new RegExp(`^${name}: ((?:.|\\r?\\n[ \\t])*)$`, 'mi').exec(mail)?.[1]?.replace(/\r?\n[ \t]/g, ' ');

  test('arrives by STARTTLS with a CA of our own, in one thread with what is said later', async () => {
    for (const [id, reason] of [
      ['msg_first', 'opened'],
      ['msg_second', 'resolved'],
    ] as const)
      expect(
        await sendBy(channel, { id, settings: settings(), message: alertMessage(reason) }),
      ).toMatchObject({
        kind: 'delivered',
        status: null,
      });
    const [first, second] = [await mailWith('msg_first'), await mailWith('msg_second')];
    expect(header(first, 'Subject')).toBe('[high] SSLv3 is off: 2 nodes in production');
    expect(header(second, 'Subject')).toBe('Resolved: SSLv3 is off: 2 nodes in production');
    for (const mail of [first, second])
      for (const name of ['In-Reply-To', 'References'])
        expect(header(mail, name)).toBe('<alr_example.alert@castellan.example>');
    expect(header(first, 'Auto-Submitted')).toBe('auto-generated');
    expect(header(first, 'Content-Type')).toMatch(/^text\/plain/);
    expect(first).toContain('https://castellan.example/alerts/alr_example');
    expect(header(first, 'Received')).toMatch(/using TLS/);
  });

  test('arrives by TLS from the first byte', async () => {
    const set = settings({ port: ports.implicit, tls: 'implicit' });
    expect(await sendBy(channel, { id: 'msg_tls', settings: set, message: STORM })).toMatchObject({
      kind: 'delivered',
    });
    expect(await mailWith('msg_tls')).toContain('and 12 more');
  });

  test.each([
    ['hostile names', HOSTILE_MESSAGE],
    ['the largest', LARGEST],
  ])('%s arrive as one mail without a header of theirs', async (_, message) => {
    const id = `msg_${message === LARGEST ? 'largest' : 'hostile'}`;
    expect(await sendBy(channel, { id, settings: settings(), message })).toMatchObject({ kind: 'delivered' });
    const mail = await mailWith(id);
    expect(header(mail.split(/\r?\n\r?\n/)[0] ?? '', 'Bcc')).toBeUndefined();
  });

  test('a server whose certificate nobody trusts gets nothing', async () => {
    expect(
      await sendBy(channel, { id: 'msg_untrusted', settings: settings({ ca: '' }), message: STORM }),
    ).toMatchObject({ kind: 'failed', isFinal: false, isAmbiguous: false });
    expect(mails().some((mail) => mail.includes('msg_untrusted'))).toBe(false);
  });

  test('a recipient that is refused is a failure that says the code, and is tried again', async () => {
    const nobody = 'nobody@example.com';
    expect(await sendBy(channel, { settings: settings({ to: [nobody] }), message: STORM })).toMatchObject({
      kind: 'failed',
      isFinal: false,
      detail: expect.stringMatching(/550/),
    });
    expect(
      await sendBy(channel, {
        id: 'msg_partly',
        settings: settings({ to: ['oncall@example.com', nobody] }),
        message: STORM,
      }),
    ).toMatchObject({
      kind: 'failed',
      isFinal: false,
      isAmbiguous: true,
      detail: '550 for 1 of 2 recipients',
      retryAfterMs: 3_600_000,
    });
    await mailWith('msg_partly');
  });
}, ['postfix', 'openssl']);

/** One mailbox, oncall@example.com, in a folder. */
function layPostfix(folder: string, ports: { starttls: number; implicit: number }): void {
  const { uid, gid } = hostUser('postfix');
  const nobody = hostUser('nobody');
  for (const name of ['etc', 'queue', 'data', 'mail']) mkdirSync(join(folder, name));
  chownSync(join(folder, 'data'), uid, gid);
  chownSync(join(folder, 'mail'), nobody.uid, nobody.gid);
  writeFileSync(join(folder, 'boxes'), 'oncall@example.com oncall/\n');
  writeFileSync(
    join(folder, 'etc/main.cf'),
    `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.example.com
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
virtual_mailbox_domains = example.com
virtual_mailbox_base = ${folder}/mail
virtual_mailbox_maps = texthash:${folder}/boxes
virtual_uid_maps = static:${nobody.uid}
virtual_gid_maps = static:${nobody.gid}
virtual_minimum_uid = 1
smtpd_relay_restrictions = reject_unauth_destination
maillog_file = ${folder}/queue/mail.log
maillog_file_prefixes = /
alias_maps =
smtpd_tls_security_level = may
smtpd_tls_cert_file = ${folder}/mail.crt
smtpd_tls_key_file = ${folder}/mail.key
smtpd_tls_received_header = yes
`,
  );
  writeFileSync(
    join(folder, 'etc/master.cf'),
    `127.0.0.1:${ports.starttls} inet n - n - - smtpd
127.0.0.1:${ports.implicit} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`,
  );
}
