import { afterAll, beforeAll, test } from 'vitest';
import { OTHER_ROWS, ROWS } from '../faults/remediation-rows.js';
import { describeReal } from '../real/parts.js';
import { expectSameRun, nameOf } from './far-sides/carried.js';
import { Sshd } from './sshd.js';

/** `npm run test:beside`: also those whose kinds of step are those of another. */
const IS_ALL = process.env['CASTELLAN_BESIDE'] === 'all';
const LOGIN = 'far-root';

describeReal('what a run does from beside it does on the node', () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await new Sshd().start([{ name: LOGIN, shell: '/bin/sh', uid: 0 }]);
  });
  afterAll(() => sshd.stop());

  test.each([...ROWS, ...(IS_ALL ? OTHER_ROWS : [])].map((row) => ({ row, name: nameOf(row) })))(
    '$name',
    ({ row }) => expectSameRun(sshd, LOGIN, row),
  );
}, ['openssh-server', 'openssh-client', 'acl']);
