/** Who owns a file of the tree, by Momentum's names (Manual, executable.create_ssl_cert and conf.ref.user). */
export type Owner = 'root' | 'ecuser' | 'msyspg';

export interface Ids {
  readonly uid: number;
  readonly gid: number;
}

/** How the tree's etc/passwd numbers the users. Single-user: everything belongs to whoever lays the tree. */
export interface Principals {
  readonly isSingleUser: boolean;
  readonly ids: Readonly<Record<Owner, Ids>>;
}

/** Numbers that Debian, RHEL and container images leave alone. */
const ECUSER = 7100;
const MSYSPG = 7101;

export function principalsHere(): Principals {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  if (uid === 0) {
    return {
      isSingleUser: false,
      ids: {
        root: { uid: 0, gid: 0 },
        ecuser: { uid: ECUSER, gid: ECUSER },
        msyspg: { uid: MSYSPG, gid: MSYSPG },
      },
    };
  }
  return {
    isSingleUser: true,
    ids: { root: { uid: 0, gid: 0 }, ecuser: { uid, gid }, msyspg: { uid, gid } },
  };
}

export function passwdText({ ids }: Principals): string {
  return [
    'root:x:0:0:root:/root:/bin/bash',
    'bin:x:1:1:bin:/bin:/sbin/nologin',
    'nobody:x:99:99:Nobody:/:/sbin/nologin',
    `ecuser:x:${ids.ecuser.uid}:${ids.ecuser.gid}:Momentum:/opt/msys/ecelerity:/bin/bash`,
    `msyspg:x:${ids.msyspg.uid}:${ids.msyspg.gid}:Momentum PostgreSQL:/var/db/msyspg:/bin/bash`,
    '',
  ].join('\n');
}

export function groupText({ ids }: Principals): string {
  return [
    'root:x:0:',
    'bin:x:1:',
    'nobody:x:99:',
    `ecuser:x:${ids.ecuser.gid}:`,
    `msyspg:x:${ids.msyspg.gid}:`,
    '',
  ].join('\n');
}
