import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeReal } from './parts.js';
import { MSYSPG, RealNode, served } from './real-node.js';

const ENABLE_MS = 180_000;
const CONF = '/var/db/msyspg/postgresql.conf';
const HTTPD = '/opt/msys/ecwebui/config/httpd.conf';

describeReal('TLS that is off on the real services', () => {
  let node: RealNode;

  beforeAll(async () => {
    node = await RealNode.lay();
    node.write(CONF, node.text(CONF).replace('ssl = on', "ssl = 'off'   # for now"));
    node.write(HTTPD, node.text(HTTPD).replace('SSLEngine on', 'SSLEngine off'));
    for (const kind of ['key', 'crt']) rmSync(node.at(`/var/db/msyspg/server.${kind}`));
    await node.start();
  }, ENABLE_MS);
  afterAll(() => node?.remove());

  test('is switched on by what the check prints, and seen by OpenSSL', { timeout: ENABLE_MS }, async () => {
    const only = 'MOM-CRT-001,MOM-CRT-003';
    const { stdout } = await node.agent(['check', '--root', node.root, '--live', '--only', only]);
    const printed = [...stdout.matchAll(/castellan-agent plan ([a-z-]+)/g)].map(([, slug]) => slug);
    expect(printed.sort()).toEqual(['postgres-tls-enable', 'webui-tls-enable']);
    for (const slug of printed) {
      const { code, stderr } = await node.apply(slug ?? '');
      expect([slug, code, stderr]).toEqual([slug, 0, expect.stringContaining('done and verified')]);
    }
    expect(node.text(CONF)).toContain("ssl = 'on'   # for now\n");
    expect(node.access('/var/db/msyspg/server.key')).toEqual({ ...MSYSPG, mode: '0600' });
    const shown = await served(node.settings.ports.msyspg, 'postgres');
    expect(shown.fingerprint256).toBe(node.certificate('/var/db/msyspg/server.crt').fingerprint256);
    const web = await served(node.settings.ports.ecwebui);
    expect(web.fingerprint256).toBe(
      node.certificate('/opt/msys/ecwebui/config/site/server.crt').fingerprint256,
    );
  });
});
