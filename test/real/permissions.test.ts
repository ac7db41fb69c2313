import { afterAll, beforeAll, expect, test } from 'vitest';
import { UNREADABLE_CONF } from '../standin/src/lay/places.js';
import { describeReal } from './parts.js';
import { ECUSER, RealNode, type RunAs, run, runAs, STRANGER } from './real-node.js';

const REPAIR_MS = 120_000;
const WEBUI_KEY = '/opt/msys/ecwebui/config/site/server.key';
const REPAIRED = ['MOM-PERM-002', 'MOM-PERM-003', 'MOM-CRT-009'];

describeReal('permissions-repair and key-permissions, proved by the users themselves', () => {
  let node: RealNode;
  const canRead = async (user: RunAs, path: string): Promise<boolean> => {
    const { code, stderr } = await runAs(user, 'cat', [node.at(path)]);
    if (code !== 0) expect(stderr).toContain('Permission denied');
    return code === 0;
  };

  beforeAll(async () => {
    node = await RealNode.lay(['config-unreadable', 'webui-key-open', 'root-umask']);
    await node.start();
  });
  afterAll(() => node?.remove());

  test('ecuser reads the file that denied it, and nobody else reads the key that was open', {
    timeout: REPAIR_MS,
  }, async () => {
    expect(await canRead(ECUSER, UNREADABLE_CONF)).toBe(false);
    expect(await canRead(STRANGER, WEBUI_KEY)).toBe(true);
    expect(statusesOf(await node.statuses())).toEqual(REPAIRED.map(() => 'fail'));
    const texts = [node.text(UNREADABLE_CONF), node.text(WEBUI_KEY)];

    for (const slug of ['permissions-repair', 'key-permissions']) {
      const applied = await node.apply(slug);
      expect([applied.code, applied.stderr]).toEqual([0, expect.stringContaining('done and verified')]);
    }

    expect(await canRead(ECUSER, UNREADABLE_CONF)).toBe(true);
    expect(await canRead(STRANGER, UNREADABLE_CONF)).toBe(false);
    expect(await canRead(ECUSER, WEBUI_KEY)).toBe(true);
    expect(await canRead(STRANGER, WEBUI_KEY)).toBe(false);
    expect(node.access(UNREADABLE_CONF)).toEqual({ ...ECUSER, mode: '0640' });
    expect(node.access(WEBUI_KEY)).toEqual({ ...ECUSER, mode: '0640' });
    expect([node.text(UNREADABLE_CONF), node.text(WEBUI_KEY)]).toEqual(texts);
    expect(statusesOf(await node.statuses())).toEqual(REPAIRED.map(() => 'pass'));
  });

  test('the web UI still starts with the key that only its own user may read', {
    timeout: REPAIR_MS,
  }, async () => {
    expect(await node.program('/etc/init.d/ecwebconsole', ['restart'])).toMatchObject({ code: 0 });
    expect((await node.statuses())['MOM-CRT-003']).toBe('pass');
  });

  test("a folder made under root's umask 0027 bars ecuser from what is in it, until it is repaired", {
    timeout: REPAIR_MS,
  }, async () => {
    const file = '/opt/msys/ecelerity/etc/conf/default/later/extra.conf';
    const folder = node.at('/opt/msys/ecelerity/etc/conf/default/later');
    const made = await run('bash', [
      '-c',
      `source '${node.at('/root/.bashrc')}'; mkdir '${folder}' && echo 'Debug_Level = "low"' > '${folder}/extra.conf'`,
    ]);
    expect(made).toMatchObject({ code: 0 });
    expect(node.access(file)).toEqual({ uid: 0, gid: 0, mode: '0640' });
    expect(await canRead(ECUSER, file)).toBe(false);
    const statuses = await node.statuses();
    expect([statuses['MOM-PERM-001'], ...statusesOf(statuses)]).toEqual(['fail', 'fail', 'fail', 'pass']);

    expect(await node.apply('permissions-repair')).toMatchObject({ code: 0 });
    expect(await canRead(ECUSER, file)).toBe(true);
    expect(await canRead(STRANGER, file)).toBe(false);
    expect(statusesOf(await node.statuses())).toEqual(REPAIRED.map(() => 'pass'));
  });
});

function statusesOf(statuses: Readonly<Record<string, string>>): (string | undefined)[] {
  return REPAIRED.map((control) => statuses[control]);
}
