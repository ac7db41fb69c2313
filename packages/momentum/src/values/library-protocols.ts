import type { Allowed, ProtocolVersion } from './tls-protocols.js';
import { compareVersions } from './version.js';

/** The libraries that Momentum speaks TLS with (Manual 4.x, config.tls_engine). */
export type TlsLibrary = 'openssl' | 'gnutls';

/** `no` where a library never has it, `unclear` where its build or the system's own settings decide. */
export interface LibraryAnswer {
  readonly answer: Allowed;
  /** Null for a plain yes. */
  readonly because: string | null;
}

const YES: LibraryAnswer = { answer: 'yes', because: null };

interface Row {
  /** The first version of the library that this holds for; rows of one protocol go from the newest to the oldest. */
  readonly from: string;
  readonly answer: Allowed;
  readonly because: string;
}

/** CHANGES of OpenSSL 0.9.8 to 3.0, and its INSTALL for what a build leaves out unless it is asked for. */
const OPENSSL: Readonly<Record<ProtocolVersion, readonly Row[]>> = {
  SSLv2: [
    { from: '1.1.0', answer: 'no', because: 'OpenSSL 1.1.0 removed SSLv2' },
    {
      from: '1.0.0',
      answer: 'unclear',
      because: 'OpenSSL 1.0 has no suite of SSLv2 in its default list, and later builds leave it out',
    },
    { from: '0', answer: 'yes', because: '' },
  ],
  SSLv3: [
    {
      from: '1.1.0',
      answer: 'unclear',
      because: 'since OpenSSL 1.1.0 a build has SSLv3 only where it was asked for',
    },
    { from: '0', answer: 'yes', because: '' },
  ],
  'TLSv1.0': [
    { from: '3.0', answer: 'unclear', because: 'OpenSSL 3 speaks it at security level 0 only' },
    { from: '1.1.0', answer: 'unclear', because: "the system's openssl.cnf may set MinProtocol" },
    { from: '0', answer: 'yes', because: '' },
  ],
  'TLSv1.1': [
    { from: '3.0', answer: 'unclear', because: 'OpenSSL 3 speaks it at security level 0 only' },
    { from: '1.1.0', answer: 'unclear', because: "the system's openssl.cnf may set MinProtocol" },
    { from: '1.0.1', answer: 'yes', because: '' },
    { from: '0', answer: 'no', because: 'OpenSSL knows it since 1.0.1' },
  ],
  'TLSv1.2': [
    { from: '1.0.1', answer: 'yes', because: '' },
    { from: '0', answer: 'no', because: 'OpenSSL knows it since 1.0.1' },
  ],
  'TLSv1.3': [
    {
      from: '1.1.1',
      answer: 'unclear',
      because: 'the manual does not say whether Momentum lets OpenSSL speak it',
    },
    { from: '0', answer: 'no', because: 'OpenSSL knows it since 1.1.1' },
  ],
};

/** NEWS of GnuTLS. What its bases switch on is read with the priority string. */
const GNUTLS: Readonly<Record<ProtocolVersion, readonly Row[]>> = {
  SSLv2: [{ from: '0', answer: 'no', because: 'GnuTLS never speaks SSLv2' }],
  SSLv3: [
    { from: '3.6.0', answer: 'unclear', because: 'since GnuTLS 3.6 a build may leave SSLv3 out' },
    { from: '0', answer: 'yes', because: '' },
  ],
  'TLSv1.0': [{ from: '0', answer: 'yes', because: '' }],
  'TLSv1.1': [{ from: '0', answer: 'yes', because: '' }],
  'TLSv1.2': [{ from: '0', answer: 'yes', because: '' }],
  'TLSv1.3': [
    { from: '3.6.3', answer: 'yes', because: '' },
    { from: '0', answer: 'no', because: 'GnuTLS knows it since 3.6.3' },
  ],
};

/**
 * What a library of this version (`1.0.1e`, `3.1.5`) can speak at all. Null: the version is not known, and only what no
 * version has is a no.
 */
export function libraryOffers(
  library: TlsLibrary,
  version: string | null,
  protocol: ProtocolVersion,
): LibraryAnswer {
  const rows = (library === 'openssl' ? OPENSSL : GNUTLS)[protocol];
  // Of an unknown version only what holds for all of them is known.
  const row =
    version === null && rows.length > 1
      ? undefined
      : rows.find(({ from }) => compareVersions(version ?? from, from) >= 0);
  return row === undefined || row.answer === 'yes' ? YES : row;
}
