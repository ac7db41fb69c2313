import { expect, it } from 'vitest';
import { CONF, draft, momentumConfig, plan, tree, verify } from '../../../testing/remediation.js';
import configReload from './remediation.js';

const params = { control: 'MOM-TLS-001', subject: 'inbound served' };

function given(files: Readonly<Record<string, string>>) {
  const root = tree(files);
  return { root, facts: { momentumConfig: momentumConfig(root) }, params };
}

it('validates, reloads and touches no file', async () => {
  const made = await draft(configReload, given({ [CONF]: 'TLS_Protocols = "+ALL:-SSLv3"\n' }));
  expect(made.steps.map(({ kind, id }) => [kind, id])).toEqual([
    ['program', 'validate'],
    ['program', 'reload'],
  ]);
});

it('is refused where there is no MTA', async () => {
  const root = tree({});
  const facts = { momentumConfig: { configs: [] } };
  expect(await plan(configReload, { root, facts, params })).toMatchObject({ kind: 'refused' });
});

it.each([
  ['pass', true],
  ['fail', false],
  ['indeterminate', false],
  ['not-applicable', false],
])('a listener that is %s after the reload verifies it: %s', async (status, ok) => {
  const asked: unknown[] = [];
  const recheck = (...of: unknown[]) => {
    asked.push(of);
    return Promise.resolve({ status, summary: 'as seen' });
  };
  expect(await verify(configReload, given({ [CONF]: '' }), { recheck })).toMatchObject({ ok });
  expect(asked).toEqual([['MOM-TLS-001', 'inbound served']]);
});
