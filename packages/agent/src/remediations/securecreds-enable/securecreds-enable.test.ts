import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { caseVersion } from '../../../testing/cases/config.js';
import {
  CONF,
  contentOf,
  draft,
  ECDB,
  type Given,
  momentumConfig,
  PASSWORD,
  plan,
  tree,
} from '../../../testing/remediation.js';
import securecredsEnable from './remediation.js';

describe('securecreds-enable', () => {
  const given = (password: string): Given => {
    const root = tree({
      [CONF]: 'Spoolbase = "/var/spool/ecelerity"\nreadonly_include "/opt/msys/etc/installer/ecelerity.d"\n',
      [ECDB]: `Datasource "ecdb" {\n  uri = ( "pgsql:host=db1.example.com;user=ecuser;password=${PASSWORD};" )\n}\n`,
    });
    const file = (path: string) => ({
      path,
      realPath: null,
      state: 'missing',
      access: null,
      dev: null,
      ino: null,
      isSqlite: null,
    });
    const credentialStore = {
      database: file('/opt/msys/etc/credentials.db'),
      key: file('/opt/msys/etc/credentials.key'),
    };
    return {
      root,
      facts: {
        momentumConfig: momentumConfig(root),
        ...caseVersion('3.6.6'),
        credentialStore,
        install: { roles: ['singlenode'] },
      },
      params: { password },
    };
  };

  it('makes the store, adds the block, takes the password out, and shows it nowhere', async () => {
    const made = await draft(securecredsEnable, given(PASSWORD));
    expect(await contentOf(made, ECDB)).toBe(
      'Datasource "ecdb" {\n  uri = ( "pgsql:host=db1.example.com;user=ecuser;" )\n}\n',
    );
    expect(await contentOf(made, CONF)).toMatch(/\nsecurecreds \{\s*\}\n$/);
    const programs = made.steps.flatMap((step) =>
      step.kind === 'program' ? [step.argv.map(String).slice(0, 1).join()] : [],
    );
    expect(programs).toEqual([
      'create_db',
      'create_key',
      ...Array.from({ length: 6 }, () => 'set_cred'),
      '',
      '/tmp/2025',
    ]);
    const { contents: _contents, ...shown } = made;
    expect(JSON.stringify(shown)).not.toContain(PASSWORD);
  });

  it('refuses a password that is not the one in the connection string, without telling either', async () => {
    const planned = await plan(securecredsEnable, given('another-canary'));
    expect(planned).toMatchObject({ kind: 'refused', code: 'CAS_PARAM_INVALID' });
    expect(JSON.stringify(planned)).not.toMatch(/canary/);
  });

  describe('on a node of a cluster', () => {
    const inCluster = (part?: string): Given => {
      const single = given(PASSWORD);
      return {
        ...single,
        facts: { ...single.facts, install: { roles: ['mta'] } },
        params: { password: PASSWORD, ...(part === undefined ? {} : { part }) },
      };
    };

    it('makes the store and leaves nothing uncommitted; the plan says what comes next', async () => {
      const made = await draft(securecredsEnable, inCluster());
      expect(made.steps.every(({ kind }) => kind === 'program')).toBe(true);
      expect(made.steps.map(({ id }) => id)).not.toContain('reload');
      expect(made.notes.join()).toMatch(/every other node of the cluster.*part=config/);
    });

    it('edits the configuration of all only where this node has its store', async () => {
      expect(await plan(securecredsEnable, inCluster('config'))).toMatchObject({
        kind: 'refused',
        why: expect.stringContaining('part=store'),
      });
    });
  });

  it("names the web UI's copy of the password, and not the password", async () => {
    const ini = '/opt/msys/3rdParty/etc/php.d/ecdb.ini';
    const of = given(PASSWORD);
    mkdirSync(dirname(join(of.root, ini)), { recursive: true });
    writeFileSync(join(of.root, ini), `ecdb.user = ecuser\necdb.password = "${PASSWORD}"\n`);
    const { notes } = await draft(securecredsEnable, of);
    expect(notes.join()).toContain(ini);
    expect(notes.join()).not.toContain(PASSWORD);
  });
});
