/** Members that are struck out of every log line, at the top and one level down. One list: add here, nowhere else. */
const NAMES = [
  'password',
  'passwordHash',
  'secret',
  'secretHash',
  'secretSealed',
  'token',
  'cookie',
  'authorization',
  'set-cookie',
  'jws',
  'params',
  'csr',
  'keyPem',
  'privateKey',
  'masterKey',
  'webhook-signature',
];

export const REDACTED_PATHS: readonly string[] = NAMES.flatMap((name) => {
  const member = name.includes('-') ? `["${name}"]` : name;
  const below = (parent: string) => (name.includes('-') ? `${parent}${member}` : `${parent}.${member}`);
  return [member, below('*'), below('*.*')];
});

export const REDACTION = '[redacted]';
