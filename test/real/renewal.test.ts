import { createPrivateKey, type X509Certificate } from 'node:crypto';
import { chmodSync, renameSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SERVICE_PASSWORD } from '../standin/src/lay/texts/ecelerity-conf.js';
import { svn } from '../standin/src/running/real/subversion.js';
import { openNode } from '../standin/src/running/standin-node.js';
import { describeReal } from './parts.js';
import { ECUSER, MSYSPG, RealNode, run, served } from './real-node.js';

const RENEWAL_MS = 180_000;

interface Row {
  readonly service: 'ecconfigd' | 'ecwebui' | 'msyspg';
  readonly pair: string;
  readonly owner: { readonly uid: number; readonly gid: number };
  readonly controls: readonly string[];
  readonly starttls?: 'postgres';
}

const ROWS: readonly Row[] = [
  { service: 'ecconfigd', pair: '/var/ecconfigd/apache/server', owner: ECUSER, controls: ['MOM-CRT-006'] },
  {
    service: 'ecwebui',
    pair: '/opt/msys/ecwebui/config/site/server',
    owner: ECUSER,
    controls: ['MOM-CRT-004'],
  },
  {
    service: 'msyspg',
    pair: '/var/db/msyspg/server',
    owner: MSYSPG,
    controls: ['MOM-CRT-002'],
    starttls: 'postgres',
  },
];

describeReal('certificate-renew on the real services', () => {
  let node: RealNode;

  beforeAll(async () => {
    node = await RealNode.lay();
    for (const { pair } of ROWS) node.expire(pair);
    await node.start();
  });
  afterAll(() => node?.remove());

  test.each(ROWS)(
    '$service serves the new certificate, and its owner and mode are kept',
    { timeout: RENEWAL_MS },
    async ({ service, pair, owner, controls, starttls }) => {
      const [key, certificate] = [`${pair}.key`, `${pair}.crt`];
      const port = node.settings.ports[service];
      const before = await served(port, starttls);
      expect(Date.parse(before.validTo)).toBeLessThan(Date.now());
      expect(await judged(node, controls)).toEqual(controls.map(() => 'fail'));
      const texts = node.text(key) + node.text(certificate);

      const planned = await node.plan('certificate-renew', ['--set', `service=${service}`]);
      expect([planned.code, planned.stderr]).toEqual([0, '']);
      expect(node.text(key) + node.text(certificate)).toBe(texts);

      // Whoever starts the agent may have a umask that is worse than the one it complains of.
      const applied = await run('sh', [
        '-c',
        'umask 0077; exec "$@"',
        'sh',
        ...node.applyArgv('certificate-renew', ['--set', `service=${service}`]),
      ]);
      expect([applied.code, applied.stderr]).toEqual([0, expect.stringContaining('done and verified')]);

      const after = await served(port, starttls);
      expect(after.fingerprint256).toBe(node.certificate(certificate).fingerprint256);
      expect(after.fingerprint256).not.toBe(before.fingerprint256);
      expect(Date.parse(after.validTo)).toBeGreaterThan(Date.now());
      expect(after.checkPrivateKey(createPrivateKey(node.text(key)))).toBe(true);
      expect(node.access(key)).toEqual({ ...owner, mode: '0600' });
      expect(node.access(certificate)).toEqual({ ...owner, mode: '0644' });
      expect(await judged(node, controls)).toEqual(controls.map(() => 'pass'));
      const again = await node.plan('certificate-renew', ['--set', `service=${service}`]);
      expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('valid until')]);
    },
  );

  test("ecconfigd that is down is up again with a pair of the product's own create_ssl_cert, and nothing of its making is left", {
    timeout: RENEWAL_MS,
  }, async () => {
    expect(await node.program('/etc/init.d/ecconfigd', ['stop'])).toMatchObject({ code: 0 });
    node.expire('/var/ecconfigd/apache/server');
    const { code, stderr } = await node.apply('certificate-renew', [
      '--set',
      'service=ecconfigd',
      '--set',
      'issuer=product',
    ]);
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/ecconfigd start\) done[\s\S]+done and verified/),
    ]);
    const made = node.certificate('/var/ecconfigd/apache/server.crt');
    expect((await served(node.settings.ports.ecconfigd)).fingerprint256).toBe(made.fingerprint256);
    expect(node.access('/var/ecconfigd/apache/server.key')).toEqual({ ...ECUSER, mode: '0600' });
    expect((await run('find', [node.root, '-name', '.castellan-*'])).stdout).toBe('');
  });

  test('Subversion, which refused the expired certificate, talks to ecconfigd again', async () => {
    const url = `https://127.0.0.1:${node.settings.ports.ecconfigd}/config/default/boot`;
    const info = await svn(openNode(node.root), ['info', url]);
    expect([info.code, info.output]).toEqual([0, expect.stringContaining('Revision: ')]);
    const pull = await node.program('/opt/msys/ecelerity/bin/eccfg', ['pull']);
    expect([pull.code, pull.stdout]).toEqual([0, 'OK\n']);
  });

  test("PostgreSQL lets in who requires TLS, and who trusts nothing but the new certificate by its node's name", async () => {
    const port = node.settings.ports.msyspg;
    const psql = (rest: string) =>
      run(
        'psql',
        [
          `host=mta1.example.com hostaddr=127.0.0.1 port=${port} user=ecuser dbname=ecelerity ${rest}`,
          '-Atc',
          'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
        ],
        { env: { PGPASSWORD: SERVICE_PASSWORD } },
      );
    const verified = `sslmode=verify-full sslrootcert=${node.at('/var/db/msyspg/server.crt')}`;
    expect(await psql('sslmode=require')).toMatchObject({ code: 0, stdout: 't\n' });
    expect(await psql(verified)).toMatchObject({ code: 0, stdout: 't\n' });
    expect(
      await psql(`sslmode=verify-full sslrootcert=${node.at('/var/ecconfigd/apache/server.crt')}`),
    ).toMatchObject({ code: 2, stderr: expect.stringContaining('certificate verify failed') });
  });

  test('the web UI answers a client that trusts nothing but the new certificate', async () => {
    const { stdout } = await run('openssl', [
      's_client',
      '-connect',
      `127.0.0.1:${node.settings.ports.ecwebui}`,
      '-servername',
      'mta1.example.com',
      '-verify_hostname',
      'mta1.example.com',
      '-CAfile',
      node.at('/opt/msys/ecwebui/config/site/server.crt'),
    ]);
    expect(stdout).toContain('Verify return code: 0 (ok)');
  });

  test('the web UI with an RSA and an ECDSA pair: each is renewed by its path, and seen by its kind', {
    timeout: RENEWAL_MS,
  }, async () => {
    const [rsa, ec] = ['server', 'ecdsa'].map((name) => `/opt/msys/ecwebui/config/site/${name}`) as [
      string,
      string,
    ];
    await run('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-subj', '/CN=mta1.example.com', '-days', '1', '-keyout', node.at(`${ec}.key`)],
      ...['-out', node.at(`${ec}.crt`)],
    ]);
    const conf = '/opt/msys/ecwebui/config/httpd.conf';
    const second = `  SSLCertificateFile ${ec}.crt\n  SSLCertificateKeyFile ${ec}.key\n`;
    node.write(conf, node.text(conf).replace('</VirtualHost>', `${second}</VirtualHost>`));
    await node.program('/etc/init.d/ecwebconsole', ['restart']);
    const before = [rsa, ec].map((pair) => node.text(`${pair}.crt`));
    const report = await node.agent(['check', '--root', node.root, '--live', '--only', 'MOM-CRT-004']);
    const fix = ['--set', 'service=ecwebui', '--set', `certificate=${ec}.crt`];
    expect(report.stdout.replaceAll(/\s+/g, ' ')).toContain(`certificate-renew ${fix.join(' ')}`);
    const { code, stderr } = await node.apply('certificate-renew', fix);
    expect([code, stderr]).toEqual([0, expect.stringContaining('done and verified')]);
    expect(node.text(`${rsa}.crt`)).toBe(before[0]);
    expect(node.text(`${ec}.crt`)).not.toBe(before[1]);
    expect(node.certificate(`${ec}.crt`).publicKey.asymmetricKeyType).toBe('ec');
  });
});

describeReal('certificate-renew of a service that does not come up', () => {
  let node: RealNode;

  beforeAll(async () => {
    node = await RealNode.lay(['ecconfigd-certificate-expired']);
    for (const { pair } of ROWS) node.expire(pair);
    await node.start();
  });
  afterAll(() => node?.remove());

  test.each(ROWS)(
    '$service is not started with the new pair: the old one is back, and served again',
    { timeout: RENEWAL_MS },
    async ({ service, pair, starttls }) => {
      const before = pairOf(node, pair);
      const init = `/etc/init.d/${service === 'ecwebui' ? 'ecwebconsole' : service}`;
      failsOnce(node, init);
      const { code, stderr } = await node.apply('certificate-renew', ['--set', `service=${service}`]);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/rolledBack +everything is as it was/)]);
      expect(stderr).toContain(`${init} restart) ended with 1`);
      expect(pairOf(node, pair)).toEqual(before);
      const shown: X509Certificate = await served(node.settings.ports[service], starttls);
      expect(shown.fingerprint256).toBe(node.certificate(`${pair}.crt`).fingerprint256);
    },
  );

  test('PostgreSQL that was down and does not come up: the old pair is back, and that it is down is said', {
    timeout: RENEWAL_MS,
  }, async () => {
    const settings = '/var/db/msyspg/postgresql.conf';
    const text = node.text(settings);
    const before = pairOf(node, '/var/db/msyspg/server');
    await node.program('/etc/init.d/msyspg', ['stop']);
    node.write(settings, `${text}no_such_setting = on\n`);
    const { code, stderr } = await node.apply('certificate-renew', ['--set', 'service=msyspg']);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/rolledBack +everything is as it was before the run, but msyspg is down/),
    ]);
    expect(pairOf(node, '/var/db/msyspg/server')).toEqual(before);
    node.write(settings, text);
    expect(await node.program('/etc/init.d/msyspg', ['start'])).toMatchObject({ code: 0 });
  });

  test('PostgreSQL whose own settings are broken stays down: this is said, and the old pair is on the disk', {
    timeout: RENEWAL_MS,
  }, async () => {
    const settings = '/var/db/msyspg/postgresql.conf';
    const text = node.text(settings);
    const before = pairOf(node, '/var/db/msyspg/server');
    node.write(settings, `${text}no_such_setting = on\n`);
    const { code, stderr } = await node.apply('certificate-renew', ['--set', 'service=msyspg']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/rollbackFailed +putting back failed/)]);
    expect(stderr).toContain('/etc/init.d/msyspg restart) ended with 1');
    expect(pairOf(node, '/var/db/msyspg/server')).toEqual(before);
    node.write(settings, text);
    expect(await node.program('/etc/init.d/msyspg', ['start'])).toMatchObject({ code: 0 });
    expect((await served(node.settings.ports.msyspg, 'postgres')).fingerprint256).toBe(
      node.certificate('/var/db/msyspg/server.crt').fingerprint256,
    );
  });
});

async function judged(node: RealNode, controls: readonly string[]): Promise<(string | undefined)[]> {
  const statuses = await node.statuses();
  return controls.map((control) => statuses[control]);
}

function pairOf(node: RealNode, pair: string): readonly unknown[] {
  return ['key', 'crt'].flatMap((kind) => [node.text(`${pair}.${kind}`), node.access(`${pair}.${kind}`)]);
}

/** The init script stops the service and then does not start it, once: as a daemon does that cannot read its new key. */
function failsOnce(node: RealNode, init: string): void {
  const script = node.at(init);
  renameSync(script, `${script}.real`);
  const body = `#!/bin/sh
if [ "$1" = restart ] && mv '${script}.once' '${script}.failed' 2>/dev/null; then
  '${script}.real' stop
  exit 1
fi
exec '${script}.real' "$@"
`;
  writeFileSync(script, body);
  chmodSync(script, 0o755);
  writeFileSync(`${script}.once`, '');
}
