import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { makePair } from './pairs.js';

export interface PemFile {
  readonly name: string;
  readonly content: Buffer;
}

/** Files with a certificate, a key or both, good and spoilt, as people and programs write them. */
export async function pemFiles(): Promise<PemFile[]> {
  const pair = await makePair({ kind: 'rsa' });
  const above = await makePair({ kind: 'rsa', commonName: 'ca.example.com' });
  const ec = await makePair();
  const leaf = `${pair.certificatePem.trim()}\n`;
  const issuer = `${above.certificatePem.trim()}\n`;
  const key = `${pair.keyPem.trim()}\n`;
  const as = (type: 'pkcs1' | 'pkcs8', secret: object = {}) =>
    createPrivateKey(pair.keyPem)
      .export({ type, format: 'pem', ...secret })
      .toString();
  const rsa = as('pkcs1');
  const secret = { cipher: 'aes-256-cbc', passphrase: 'of this test' };
  const sec1 = createPrivateKey(ec.keyPem).export({ type: 'sec1', format: 'pem' }).toString();
  const trusted = execFileSync('openssl', ['x509', '-trustout'], { input: leaf, encoding: 'utf8' });
  const words = execFileSync('openssl', ['x509', '-text'], { input: leaf, encoding: 'utf8' });
  const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
  const lastBase64 = /([A-Za-z0-9+/=]+)\n-----END/;
  const header = (text: string, lines: string) => text.replace('-----\n', `-----\n${lines}`);
  const oneLine = (text: string) => {
    const [first = '', ...rest] = text.trim().split('\n');
    return `${first}\n${rest.slice(0, -1).join('')}\n${rest.at(-1)}\n`;
  };
  const rewrapped = (text: string, width: number) => {
    const [first = '', ...rest] = text.trim().split('\n');
    const body = rest.slice(0, -1).join('');
    return `${first}\n${(body.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join('\n')}\n${rest.at(-1)}\n`;
  };
  const rows: readonly [string, string | Buffer][] = [
    ['a certificate', leaf],
    ['a certificate without its last newline', leaf.trim()],
    ['a certificate with CRLF', leaf.replaceAll('\n', '\r\n')],
    ['a certificate with CR only', leaf.replaceAll('\n', '\r')],
    ['a certificate with blanks at the ends of its lines', leaf.replaceAll('\n', ' \t\n')],
    ['a certificate with blanks at the beginning of its data', leaf.replaceAll(/\n(?=[A-Za-z])/g, '\n  ')],
    ['a certificate whose first line is indented', ` ${leaf}`],
    ['a certificate whose last line is indented', leaf.replace('-----END', ' -----END')],
    ['a certificate that is indented throughout', leaf.replaceAll(/^/gm, '  ')],
    ['words before it', `Subject: mail\n${leaf}`],
    ['words after it', `${leaf}and no more\n`],
    ['the text of openssl x509 -text', words],
    ['a byte order mark', `\u00ef\u00bb\u00bf${leaf}`],
    ['a byte order mark before words', `\u00ef\u00bb\u00bfwords\n${leaf}`],
    ['NUL bytes before it', `\0\0\n${leaf}`],
    ['a NUL byte in it', leaf.replace('\n', '\n\0')],
    ['a NUL byte after it', `${leaf}\0`],
    ['UTF-16', Buffer.from(leaf, 'utf16le')],
    ['a chain', leaf + issuer],
    ['a chain without a newline between', leaf.trim() + issuer],
    ['a chain with an empty line between', `${leaf}\n${issuer}`],
    ['a chain with words between', `${leaf}issuer:\n${issuer}`],
    ['a chain whose second begins with a blank', `${leaf} ${issuer}`],
    ['a chain whose second is half', leaf + issuer.slice(0, 300)],
    ['a chain whose first is half', leaf.slice(0, 300) + issuer],
    ['a chain whose second is no certificate', leaf + issuer.replace(/\n.{64}\n/, '\n')],
    ['a chain whose second is not base64', leaf + issuer.replace(/\nM/, '\n*')],
    ['a beginning alone after it', `${leaf}-----BEGIN CERTIFICATE-----\n`],
    ['an end alone after it', `${leaf}-----END CERTIFICATE-----\n`],
    ['the label X509 CERTIFICATE', leaf.replaceAll(' CERTIFICATE', ' X509 CERTIFICATE')],
    ['a trusted certificate', trusted],
    ['a trusted certificate in the second place', leaf + trusted],
    ['the label TRUSTED CERTIFICATE on a plain one', leaf.replaceAll(' CERT', ' TRUSTED CERT')],
    ['the label CERTIFICATE REQUEST', leaf.replaceAll('CERTIFICATE-', 'CERTIFICATE REQUEST-')],
    ['a small label', leaf.replaceAll('CERTIFICATE', 'Certificate')],
    ['another label at its end', leaf.replace('END CERTIFICATE', 'END X509 CERTIFICATE')],
    ['four dashes at its beginning', leaf.replace('-----BEGIN', '----BEGIN')],
    ['six dashes at its beginning', leaf.replace('-----BEGIN', '------BEGIN')],
    ['four dashes at its end', leaf.replace(/-----\n$/, '----\n')],
    ['six dashes at its end', leaf.replace(/-----\n$/, '------\n')],
    ['no end', leaf.replace(/-----END.*/, '')],
    ['data in one line', oneLine(leaf)],
    ['data in lines of 76', rewrapped(leaf, 76)],
    ['data in lines of 60', rewrapped(leaf, 60)],
    ['data in lines of 20', rewrapped(leaf, 20)],
    ['an empty line after its beginning', header(leaf, '\n')],
    ['an empty line before its end', leaf.replace('-----END', '\n-----END')],
    ['an empty line in its middle', leaf.replace(/\n(.{64})\n/, '\n$1\n\n')],
    ['a header', header(leaf, 'Comment: mine\n\n')],
    ['a header without an empty line', header(leaf, 'Comment: mine\n')],
    ['padding in its middle', leaf.replace(/\n(.{63})./, '\n$1=')],
    ['a letter too few', leaf.replace(lastBase64, (_, last: string) => `${last.slice(1)}\n-----END`)],
    ['padding taken away', leaf.replaceAll('=', '')],
    ['a dash in its data', leaf.replace(/\n(.{30})./, '\n$1-')],
    ['a tilde in its data', leaf.replace(/\n(.{30})./, '\n$1~')],
    ['nothing between its lines', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'],
    ['a long line of words before it', `${'x'.repeat(400)}\n${leaf}`],
    ['a beginning at the end of a long line', `${'x'.repeat(254)}${leaf}`],
    ['DER', pair.certificateDer],
    ['base64 alone', leaf.replaceAll(/-----.*\n/g, '')],
    ['HTML', '<html></html>\n'],
    ['a key in PKCS #8', key],
    ['a key in PKCS #1', rsa],
    ['a key of a curve in SEC 1', sec1],
    ['parameters of a curve before its key', parameters + sec1],
    ['parameters of a curve glued to its key', parameters.trim() + sec1],
    ['a key in DER', createPrivateKey(pair.keyPem).export({ type: 'pkcs8', format: 'der' })],
    ['a key with CRLF', key.replaceAll('\n', '\r\n')],
    ['a key without its last newline', key.trim()],
    ['an encrypted key in PKCS #8', as('pkcs8', secret)],
    ['an encrypted key of the old form', as('pkcs1', secret)],
    ['a key before its certificate', key + leaf],
    ['a key after its certificate', leaf + rsa],
    ['a key glued to its certificate', leaf.trim() + rsa],
    ['a certificate glued to its key', rsa.trim() + leaf],
    ['a key after a certificate that is half', leaf.slice(0, 300) + rsa],
    ['a key after a certificate that is no certificate', leaf.replace(/\n.{64}\n/, '\n') + key],
    ['a key that is half', key.slice(0, 300)],
    ['a key with a line missing', rsa.replace(/\n.{64}\n/, '\n')],
    ['a key with a line missing before a good one', rsa.replace(/\n.{64}\n/, '\n') + key],
    ['two keys', key + sec1],
    ['an encrypted key before a plain one', as('pkcs8', secret) + key],
    ['the label of another kind of key', sec1.replaceAll('EC PRIVATE', 'RSA PRIVATE')],
    ['PKCS #8 under the label of PKCS #1', key.replaceAll(' PRIVATE', ' RSA PRIVATE')],
    ['PKCS #1 under the label of PKCS #8', rsa.replaceAll('RSA PRIVATE', 'PRIVATE')],
    ['the label OPENSSH PRIVATE KEY', key.replaceAll(' PRIVATE', ' OPENSSH PRIVATE')],
    ['a key with a header of its own', header(key, 'Comment: mine\n\n')],
    [
      'a key with attributes above it',
      `Bag Attributes\n    friendlyName: mine\nKey Attributes: <none>\n${key}`,
    ],
  ];
  return rows.map(([name, content]) => ({
    name,
    content: typeof content === 'string' ? Buffer.from(content, 'latin1') : content,
  }));
}
