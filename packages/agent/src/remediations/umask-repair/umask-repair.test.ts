import { spawnSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentOf, draft, type Given, plan, tree, verify } from '../../../testing/remediation.js';
import umaskRepair from './remediation.js';

const FILES = { from: 'files', effective: null, byFiles: null };
const PASSWD = (shell: string) => `root:x:0:0:root:/root:${shell}\n`;

function given(
  files: Readonly<Record<string, string>>,
  { umask = '0022', fact = FILES as object, shell = '/bin/bash' } = {},
): Given {
  const root = tree({ '/etc/passwd': PASSWD(shell), ...files });
  mkdirSync(join(root, '/etc/systemd/system'), { recursive: true });
  return { root, facts: { umask: fact }, params: { umask } };
}

const UNIT = '/usr/lib/systemd/system/ecelerity.service';
const OWN_UNIT = '/etc/systemd/system/ecelerity.service';
const DROP_IN = '/etc/systemd/system/ecelerity.service.d/zz-castellan-umask.conf';
const MADE = "# Momentum's user reads what its daemons make.\n[Service]\nUMask=0022\n";

type Texts = Readonly<Record<string, string>>;

describe('umask-repair', () => {
  it.each<[string, Texts, Texts, string?]>([
    ['bash', { '/root/.bashrc': 'a=1\numask 0027 # CIS\n' }, { '/root/.bashrc': 'a=1\numask 0022 # CIS\n' }],
    [
      'a line of profile.d among others',
      {
        '/etc/profile': 'for i in /etc/profile.d/*.sh; do . "$i"; done\n',
        '/etc/profile.d/site.sh': 'umask 077\n',
      },
      { '/etc/profile.d/site.sh': 'umask 022\n' },
    ],
    ['symbols', { '/root/.bashrc': 'umask u=rwx,g=rx,o=\n' }, { '/root/.bashrc': 'umask u=rwx,g=rx,o=rx\n' }],
    ['a group that may write', { '/root/.bashrc': 'umask 002\n' }, { '/root/.bashrc': 'umask 022\n' }],
    [
      'the one of several that runs',
      { '/root/.bashrc': 'if [ $UID -gt 199 ]; then\n umask 002\nelse\n umask 077\nfi\n' },
      { '/root/.bashrc': 'if [ $UID -gt 199 ]; then\n umask 002\nelse\n umask 022\nfi\n' },
    ],
    [
      'both shells of root',
      { '/root/.bash_profile': 'umask 027\n', '/root/.bashrc': 'umask 077\n' },
      { '/root/.bash_profile': 'umask 022\n', '/root/.bashrc': 'umask 022\n' },
    ],
    [
      'either way of a condition',
      { '/root/.bashrc': 'umask 027\ngrep -q x /y && umask 077\n' },
      { '/root/.bashrc': 'umask 022\ngrep -q x /y && umask 022\n' },
    ],
    ['csh', { '/root/.cshrc': 'umask 27\n' }, { '/root/.cshrc': 'umask 22\n' }, '/bin/tcsh'],
    [
      'login.defs',
      { '/etc/login.defs': '# UMASK 077\nUMASK\t\t077 # strict\n' },
      { '/etc/login.defs': '# UMASK 077\nUMASK\t\t022 # strict\n' },
    ],
    [
      'pam_umask',
      { '/etc/pam.d/common-session': 'session optional pam_umask.so umask=0027\n' },
      { '/etc/pam.d/common-session': 'session optional pam_umask.so umask=0022\n' },
    ],
    ['a unit of the vendor, by a drop-in', { [UNIT]: '[Service]\nUMask=0077\n' }, { [DROP_IN]: MADE }],
    [
      'a unit of the site',
      { [OWN_UNIT]: '[Service]\nUMask=0077\n' },
      { [OWN_UNIT]: '[Service]\nUMask=0022\n' },
    ],
    ['an init script', { '/etc/init.d/msyspg': 'umask 0\n' }, { '/etc/init.d/msyspg': 'umask 22\n' }],
    [
      'a job of Momentum',
      { '/etc/cron.d/msys': '* * * * * root umask 077; /opt/msys/ecelerity/bin/eccfg pull\n' },
      { '/etc/cron.d/msys': '* * * * * root umask 022; /opt/msys/ecelerity/bin/eccfg pull\n' },
    ],
  ])(
    '%s: the very line, in its style, and nothing to do then',
    async (_name, before, after, shell = '/bin/bash') => {
      const made = await draft(umaskRepair, given(before, { shell }));
      const texts = Object.fromEntries(
        await Promise.all(
          Object.keys(made.contents).map(async (path) => [path, await contentOf(made, path)]),
        ),
      );
      expect(texts).toEqual(after);
      const mended = given({ ...before, ...texts }, { shell });
      expect(await plan(umaskRepair, mended)).toMatchObject({ kind: 'nothing' });
      expect(await verify(umaskRepair, mended)).toEqual({ ok: true });
      expect(await verify(umaskRepair, given(before, { shell }))).toMatchObject({ ok: false });
    },
  );

  it.each<[string, Texts, RegExp]>([
    [
      'a mask that is worked out',
      { '/root/.bashrc': 'umask 027\n[ -n "$X" ] && umask 077; umask 077\numask 0077 ; umask 0077\n' },
      /not understood/,
    ],
    [
      'passwd’s own field',
      {
        '/etc/passwd': 'root:x:0:0:root,umask=077:/root:/bin/bash\n',
        '/etc/pam.d/login': 'session optional pam_umask.so\n',
      },
      /passwd/,
    ],
    [
      'a file that root’s files read from elsewhere',
      { '/root/.bashrc': '. /usr/local/site/mask\n', '/usr/local/site/mask': 'umask 027\n' },
      /no startup file/,
    ],
  ])('refuses %s', async (_name, files, why) => {
    expect(await plan(umaskRepair, given(files))).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(why),
    });
  });

  it.each(['0027', '0002', '0000', '0722', '22', '0o22', '$(id)'])('takes %s for no umask', async (umask) => {
    expect(await plan(umaskRepair, given({ '/root/.bashrc': 'umask 077\n' }, { umask }))).toMatchObject({
      kind: 'refused',
      code: 'CAS_PARAM_INVALID',
    });
  });

  it('edits no file of two names, and none in a folder that others write in', async () => {
    const of = given({ '/root/.bashrc': 'umask 077\n' });
    linkSync(join(of.root, '/root/.bashrc'), join(of.root, '/root/other'));
    expect(await plan(umaskRepair, of)).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(/2 names/),
    });
    const open = given({ '/root/.bashrc': 'umask 077\n' });
    chmodSync(join(open.root, '/root'), 0o777);
    expect(await plan(umaskRepair, open)).toMatchObject({ kind: 'refused' });
  });

  it('shows no password of a startup file, and keeps no copy of it', async () => {
    const made = await draft(
      umaskRepair,
      given({ '/root/.bashrc': 'export DB_PASSWORD=hunter2\numask 077\n' }),
    );
    expect(JSON.stringify([made.changes, made.notes])).not.toContain('hunter2');
    expect(made.steps).toMatchObject([{ kind: 'replace-files', secretBackup: true }]);
    expect(await contentOf(made, '/root/.bashrc')).toContain('hunter2');
    expect(made.opens).toMatch(/everybody/);
  });

  it('a real login shell has the last word, before and after', async () => {
    const said = { from: 'shell', effective: 0o077, byFiles: 0o022 };
    expect(await plan(umaskRepair, given({}, { fact: said }))).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(/login shell of root says 0077/),
    });
    expect(await verify(umaskRepair, given({}, { fact: said }))).toMatchObject({ ok: false });
    const made = await draft(
      umaskRepair,
      given({ '/root/.bashrc': 'case $- in *) umask u=rwx,go= ;; esac\n' }),
    );
    const asked = spawnSync('bash', ['-c', `${await contentOf(made, '/root/.bashrc')}umask`], {
      encoding: 'utf8',
    });
    expect(asked.stdout).toBe('0022\n');
  });
});
