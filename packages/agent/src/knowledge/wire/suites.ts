/** What a server chooses, named as IANA does without `TLS_`. Suites of Kerberos, PSK and SRP are left out: no mail uses them. */
const NAMES: readonly (readonly [code: string, name: string])[] = [
  ['0001', 'RSA_WITH_NULL_MD5'],
  ['0002', 'RSA_WITH_NULL_SHA'],
  ['0003', 'RSA_EXPORT_WITH_RC4_40_MD5'],
  ['0004', 'RSA_WITH_RC4_128_MD5'],
  ['0005', 'RSA_WITH_RC4_128_SHA'],
  ['0006', 'RSA_EXPORT_WITH_RC2_CBC_40_MD5'],
  ['0007', 'RSA_WITH_IDEA_CBC_SHA'],
  ['0008', 'RSA_EXPORT_WITH_DES40_CBC_SHA'],
  ['0009', 'RSA_WITH_DES_CBC_SHA'],
  ['000a', 'RSA_WITH_3DES_EDE_CBC_SHA'],
  ['000b', 'DH_DSS_EXPORT_WITH_DES40_CBC_SHA'],
  ['000e', 'DH_RSA_EXPORT_WITH_DES40_CBC_SHA'],
  ['0011', 'DHE_DSS_EXPORT_WITH_DES40_CBC_SHA'],
  ['0012', 'DHE_DSS_WITH_DES_CBC_SHA'],
  ['0013', 'DHE_DSS_WITH_3DES_EDE_CBC_SHA'],
  ['0014', 'DHE_RSA_EXPORT_WITH_DES40_CBC_SHA'],
  ['0015', 'DHE_RSA_WITH_DES_CBC_SHA'],
  ['0016', 'DHE_RSA_WITH_3DES_EDE_CBC_SHA'],
  ['0017', 'DH_anon_EXPORT_WITH_RC4_40_MD5'],
  ['0018', 'DH_anon_WITH_RC4_128_MD5'],
  ['0019', 'DH_anon_EXPORT_WITH_DES40_CBC_SHA'],
  ['001a', 'DH_anon_WITH_DES_CBC_SHA'],
  ['001b', 'DH_anon_WITH_3DES_EDE_CBC_SHA'],
  ['002f', 'RSA_WITH_AES_128_CBC_SHA'],
  ['0032', 'DHE_DSS_WITH_AES_128_CBC_SHA'],
  ['0033', 'DHE_RSA_WITH_AES_128_CBC_SHA'],
  ['0034', 'DH_anon_WITH_AES_128_CBC_SHA'],
  ['0035', 'RSA_WITH_AES_256_CBC_SHA'],
  ['0038', 'DHE_DSS_WITH_AES_256_CBC_SHA'],
  ['0039', 'DHE_RSA_WITH_AES_256_CBC_SHA'],
  ['003a', 'DH_anon_WITH_AES_256_CBC_SHA'],
  ['003b', 'RSA_WITH_NULL_SHA256'],
  ['003c', 'RSA_WITH_AES_128_CBC_SHA256'],
  ['003d', 'RSA_WITH_AES_256_CBC_SHA256'],
  ['0040', 'DHE_DSS_WITH_AES_128_CBC_SHA256'],
  ['0041', 'RSA_WITH_CAMELLIA_128_CBC_SHA'],
  ['0044', 'DHE_DSS_WITH_CAMELLIA_128_CBC_SHA'],
  ['0045', 'DHE_RSA_WITH_CAMELLIA_128_CBC_SHA'],
  ['0046', 'DH_anon_WITH_CAMELLIA_128_CBC_SHA'],
  ['0062', 'RSA_EXPORT1024_WITH_DES_CBC_SHA'],
  ['0063', 'DHE_DSS_EXPORT1024_WITH_DES_CBC_SHA'],
  ['0064', 'RSA_EXPORT1024_WITH_RC4_56_SHA'],
  ['0065', 'DHE_DSS_EXPORT1024_WITH_RC4_56_SHA'],
  ['0066', 'DHE_DSS_WITH_RC4_128_SHA'],
  ['0067', 'DHE_RSA_WITH_AES_128_CBC_SHA256'],
  ['006a', 'DHE_DSS_WITH_AES_256_CBC_SHA256'],
  ['006b', 'DHE_RSA_WITH_AES_256_CBC_SHA256'],
  ['006c', 'DH_anon_WITH_AES_128_CBC_SHA256'],
  ['006d', 'DH_anon_WITH_AES_256_CBC_SHA256'],
  ['0084', 'RSA_WITH_CAMELLIA_256_CBC_SHA'],
  ['0087', 'DHE_DSS_WITH_CAMELLIA_256_CBC_SHA'],
  ['0088', 'DHE_RSA_WITH_CAMELLIA_256_CBC_SHA'],
  ['0089', 'DH_anon_WITH_CAMELLIA_256_CBC_SHA'],
  ['0096', 'RSA_WITH_SEED_CBC_SHA'],
  ['0099', 'DHE_DSS_WITH_SEED_CBC_SHA'],
  ['009a', 'DHE_RSA_WITH_SEED_CBC_SHA'],
  ['009b', 'DH_anon_WITH_SEED_CBC_SHA'],
  ['009c', 'RSA_WITH_AES_128_GCM_SHA256'],
  ['009d', 'RSA_WITH_AES_256_GCM_SHA384'],
  ['009e', 'DHE_RSA_WITH_AES_128_GCM_SHA256'],
  ['009f', 'DHE_RSA_WITH_AES_256_GCM_SHA384'],
  ['00a2', 'DHE_DSS_WITH_AES_128_GCM_SHA256'],
  ['00a3', 'DHE_DSS_WITH_AES_256_GCM_SHA384'],
  ['00a6', 'DH_anon_WITH_AES_128_GCM_SHA256'],
  ['00a7', 'DH_anon_WITH_AES_256_GCM_SHA384'],
  ['00ba', 'RSA_WITH_CAMELLIA_128_CBC_SHA256'],
  ['00bd', 'DHE_DSS_WITH_CAMELLIA_128_CBC_SHA256'],
  ['00be', 'DHE_RSA_WITH_CAMELLIA_128_CBC_SHA256'],
  ['00bf', 'DH_anon_WITH_CAMELLIA_128_CBC_SHA256'],
  ['00c0', 'RSA_WITH_CAMELLIA_256_CBC_SHA256'],
  ['00c3', 'DHE_DSS_WITH_CAMELLIA_256_CBC_SHA256'],
  ['00c4', 'DHE_RSA_WITH_CAMELLIA_256_CBC_SHA256'],
  ['00c5', 'DH_anon_WITH_CAMELLIA_256_CBC_SHA256'],
  ['1301', 'AES_128_GCM_SHA256'],
  ['1302', 'AES_256_GCM_SHA384'],
  ['1303', 'CHACHA20_POLY1305_SHA256'],
  ['1304', 'AES_128_CCM_SHA256'],
  ['1305', 'AES_128_CCM_8_SHA256'],
  ['c006', 'ECDHE_ECDSA_WITH_NULL_SHA'],
  ['c007', 'ECDHE_ECDSA_WITH_RC4_128_SHA'],
  ['c008', 'ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA'],
  ['c009', 'ECDHE_ECDSA_WITH_AES_128_CBC_SHA'],
  ['c00a', 'ECDHE_ECDSA_WITH_AES_256_CBC_SHA'],
  ['c010', 'ECDHE_RSA_WITH_NULL_SHA'],
  ['c011', 'ECDHE_RSA_WITH_RC4_128_SHA'],
  ['c012', 'ECDHE_RSA_WITH_3DES_EDE_CBC_SHA'],
  ['c013', 'ECDHE_RSA_WITH_AES_128_CBC_SHA'],
  ['c014', 'ECDHE_RSA_WITH_AES_256_CBC_SHA'],
  ['c015', 'ECDH_anon_WITH_NULL_SHA'],
  ['c016', 'ECDH_anon_WITH_RC4_128_SHA'],
  ['c017', 'ECDH_anon_WITH_3DES_EDE_CBC_SHA'],
  ['c018', 'ECDH_anon_WITH_AES_128_CBC_SHA'],
  ['c019', 'ECDH_anon_WITH_AES_256_CBC_SHA'],
  ['c023', 'ECDHE_ECDSA_WITH_AES_128_CBC_SHA256'],
  ['c024', 'ECDHE_ECDSA_WITH_AES_256_CBC_SHA384'],
  ['c027', 'ECDHE_RSA_WITH_AES_128_CBC_SHA256'],
  ['c028', 'ECDHE_RSA_WITH_AES_256_CBC_SHA384'],
  ['c02b', 'ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'],
  ['c02c', 'ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'],
  ['c02f', 'ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
  ['c030', 'ECDHE_RSA_WITH_AES_256_GCM_SHA384'],
  ['c050', 'RSA_WITH_ARIA_128_GCM_SHA256'],
  ['c051', 'RSA_WITH_ARIA_256_GCM_SHA384'],
  ['c052', 'DHE_RSA_WITH_ARIA_128_GCM_SHA256'],
  ['c053', 'DHE_RSA_WITH_ARIA_256_GCM_SHA384'],
  ['c056', 'DHE_DSS_WITH_ARIA_128_GCM_SHA256'],
  ['c057', 'DHE_DSS_WITH_ARIA_256_GCM_SHA384'],
  ['c05c', 'ECDHE_ECDSA_WITH_ARIA_128_GCM_SHA256'],
  ['c05d', 'ECDHE_ECDSA_WITH_ARIA_256_GCM_SHA384'],
  ['c060', 'ECDHE_RSA_WITH_ARIA_128_GCM_SHA256'],
  ['c061', 'ECDHE_RSA_WITH_ARIA_256_GCM_SHA384'],
  ['c072', 'ECDHE_ECDSA_WITH_CAMELLIA_128_CBC_SHA256'],
  ['c073', 'ECDHE_ECDSA_WITH_CAMELLIA_256_CBC_SHA384'],
  ['c076', 'ECDHE_RSA_WITH_CAMELLIA_128_CBC_SHA256'],
  ['c077', 'ECDHE_RSA_WITH_CAMELLIA_256_CBC_SHA384'],
  ['c09c', 'RSA_WITH_AES_128_CCM'],
  ['c09d', 'RSA_WITH_AES_256_CCM'],
  ['c09e', 'DHE_RSA_WITH_AES_128_CCM'],
  ['c09f', 'DHE_RSA_WITH_AES_256_CCM'],
  ['c0a0', 'RSA_WITH_AES_128_CCM_8'],
  ['c0a1', 'RSA_WITH_AES_256_CCM_8'],
  ['c0a2', 'DHE_RSA_WITH_AES_128_CCM_8'],
  ['c0a3', 'DHE_RSA_WITH_AES_256_CCM_8'],
  ['c0ac', 'ECDHE_ECDSA_WITH_AES_128_CCM'],
  ['c0ad', 'ECDHE_ECDSA_WITH_AES_256_CCM'],
  ['c0ae', 'ECDHE_ECDSA_WITH_AES_128_CCM_8'],
  ['c0af', 'ECDHE_ECDSA_WITH_AES_256_CCM_8'],
  ['cca8', 'ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256'],
  ['cca9', 'ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256'],
  ['ccaa', 'DHE_RSA_WITH_CHACHA20_POLY1305_SHA256'],
];

export const SUITES: ReadonlyMap<number, string> = new Map(
  NAMES.map(([code, name]) => [Number.parseInt(code, 16), name]),
);

/** What must not be offered, in the words of OpenSSL. */
export type WeakKind = 'LOW' | 'EXP' | 'eNULL' | 'aNULL' | 'RC4' | '3DES' | 'MD5';

const KINDS: readonly (readonly [WeakKind, RegExp])[] = [
  ['EXP', /EXPORT/],
  ['eNULL', /WITH_NULL/],
  ['aNULL', /_anon_/],
  ['RC4', /RC4/],
  ['3DES', /3DES|DES_192_EDE3/],
  ['MD5', /_MD5$/],
  ['LOW', /(?<!3)DES(40|_64)?_CBC|RC4_(40|56|64)|RC2/],
];

/** `TLS_RSA_WITH_RC4_128_SHA`; of a suite that is not known here its number. */
export function suiteName(code: number): string {
  const name = SUITES.get(code);
  return name === undefined ? `0x${code.toString(16).padStart(4, '0')}` : `TLS_${name}`;
}

export function weakKinds(code: number): WeakKind[] {
  return kindsOf(SUITES.get(code) ?? '');
}

/** Of a suite of SSL 2.0. */
export function sslv2Kinds(code: number): WeakKind[] {
  return kindsOf(SSLV2_SUITES.get(code) ?? '');
}

function kindsOf(name: string): WeakKind[] {
  return KINDS.filter(([, pattern]) => pattern.test(name)).map(([kind]) => kind);
}

export function isDhe(code: number): boolean {
  return /^DHE_|^DH_anon_/.test(SUITES.get(code) ?? '');
}

export function isEcdhe(code: number): boolean {
  return /^ECDHE?_/.test(SUITES.get(code) ?? '');
}

export function isCbc(code: number): boolean {
  return /_CBC(_|$)/.test(SUITES.get(code) ?? '');
}

export function isTls13(code: number): boolean {
  return code >> 8 === 0x13;
}

function codesWhere(is: (code: number) => boolean): number[] {
  return [...SUITES.keys()].filter(is);
}

/** Of which one is nearly always there: forward secret first, then RSA, then what only old servers have. */
export const USUAL: readonly number[] = [
  0xc02f, 0xc02b, 0xc030, 0xc02c, 0xcca8, 0xcca9, 0xc027, 0xc023, 0xc028, 0xc024, 0xc013, 0xc009, 0xc014,
  0xc00a, 0x009e, 0x009f, 0x0067, 0x006b, 0x0033, 0x0039, 0x0032, 0x0038, 0x009c, 0x009d, 0x003c, 0x003d,
  0x002f, 0x0035, 0x0016, 0x0013, 0x000a, 0x0005, 0x0004, 0xc011, 0xc012,
];

export const TLS13: readonly number[] = codesWhere(isTls13);
/** All others: what is asked before an alert 40 counts. */
export const RARE: readonly number[] = codesWhere((code) => !isTls13(code) && !USUAL.includes(code));
/** With which the size of the prime is told: authenticated ones first, ephemeral all. */
export const DHE: readonly number[] = codesWhere(
  (code) => /^DHE_/.test(SUITES.get(code) ?? '') && !weakKinds(code).includes('EXP'),
);
export const WEAK_SUITES: readonly number[] = codesWhere((code) => weakKinds(code).length > 0);
export const CBC: readonly number[] = codesWhere((code) => isCbc(code) && code < 0x0100 && !isEcdhe(code));

/** Of SSL 2.0, three octets each, as a server names what it has in common. */
export const SSLV2_SUITES: ReadonlyMap<number, string> = new Map([
  [0x010080, 'SSL_CK_RC4_128_WITH_MD5'],
  [0x020080, 'SSL_CK_RC4_128_EXPORT40_WITH_MD5'],
  [0x030080, 'SSL_CK_RC2_128_CBC_WITH_MD5'],
  [0x040080, 'SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5'],
  [0x050080, 'SSL_CK_IDEA_128_CBC_WITH_MD5'],
  [0x060040, 'SSL_CK_DES_64_CBC_WITH_MD5'],
  [0x060140, 'SSL_CK_DES_64_CBC_WITH_SHA'],
  [0x0700c0, 'SSL_CK_DES_192_EDE3_CBC_WITH_MD5'],
  [0x0701c0, 'SSL_CK_DES_192_EDE3_CBC_WITH_SHA'],
  [0x080080, 'SSL_CK_RC4_64_WITH_MD5'],
]);
