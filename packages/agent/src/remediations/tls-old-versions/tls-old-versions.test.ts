import { expect, it } from 'vitest';
import { caseVersion } from '../../../testing/cases/config.js';
import {
  CONF,
  contentOf,
  draft,
  type Given,
  momentumConfig,
  plan,
  tree,
} from '../../../testing/remediation.js';
import tlsOldVersions from './remediation.js';

function given(text: string, params: Given['params'], openssl = '1.0.1e', version = '3.6.23'): Given {
  const root = tree({ [CONF]: text });
  return {
    root,
    facts: { momentumConfig: momentumConfig(root), ...caseVersion(version, openssl) },
    params: { localEdits: 'refuse', ...params },
  };
}

const TEXT = 'TLS = "ifavailable"\nBinding "bulk" {\n  TLS_Protocols = "+ALL:-SSLv2:-SSLv3"\n}\n';

it('takes off what is older than the oldest, where it is set and at the top', async () => {
  const after = await contentOf(await draft(tlsOldVersions, given(TEXT, { oldest: 'TLSv1.2' })), CONF);
  expect(after.match(/"\+ALL:-SSLv2:-SSLv3:-TLSv1.0:-TLSv1.1"/g)).toHaveLength(2);
  const mild = await contentOf(await draft(tlsOldVersions, given(TEXT, { oldest: 'TLSv1.1' })), CONF);
  expect(mild.match(/"\+ALL:-SSLv2:-SSLv3:-TLSv1.0"/g)).toHaveLength(2);
  expect(await plan(tlsOldVersions, given(after, { oldest: 'TLSv1.2' }))).toMatchObject({ kind: 'nothing' });
});

it.each([
  ['the library has nothing newer', given(TEXT, { oldest: 'TLSv1.2' }, '1.0.0'), /OpenSSL 1.0.0 knows none/],
  [
    'a binding would be left with nothing',
    given('TLS_Protocols = "+ALL"\nTLS = "ifavailable"\nBinding "old" {\n  TLS_Protocols = "+TLSv1.0"\n}\n', {
      oldest: 'TLSv1.2',
    }),
    /old.*no TLS at all/,
  ],
  [
    'a given list leaves it on',
    given(TEXT, { oldest: 'TLSv1.2', protocols: '+ALL:-SSLv2:-SSLv3' }),
    /protocols must leave .*TLSv1.1 off/,
  ],
])('refuses where %s', async (_name, of, why) => {
  expect(await plan(tlsOldVersions, of)).toMatchObject({
    kind: 'refused',
    why: expect.stringMatching(why),
  });
});
