/** Members that are struck out of every log line, down to two levels below the top. One list: add here, nowhere else. */
const NAMES = [
  'password',
  'secret',
  'secrets',
  'token',
  'key',
  'keyPem',
  'privateKey',
  'csr',
  'params',
  'jws',
  'jwe',
  'content',
  'contents',
  'authorization',
];

export const REDACTED_PATHS: readonly string[] = NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
export const REDACTION = '[redacted]';
