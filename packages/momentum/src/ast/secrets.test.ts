import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from '../syntax/parse.js';
import { MASK, maskSecrets, secretSpans } from './secrets.js';

/** `§` stands for the secret in the rows, and for the mask in what is expected. */
const SECRET = 's3cr3t';
const withSecret = (row: string) => row.replaceAll('§', SECRET);
const withMask = (row: string) => row.replaceAll('§', MASK);

describe('what is masked', () => {
  test.each([
    // Options whose whole value is a secret.
    ['a word', 'Password = §\n'],
    ['a text', 'Password = "§"\n'],
    ['a name in small letters', 'password="§"'],
    ['passwd', 'passwd = §'],
    ['a passphrase', 'TLS_Key_Passphrase = §'],
    ['a secret', 'Shared-Secret = "§"'],
    ['a name that ends with _pass', 'Outbound_SMTP_Auth_Pass = "§"'],
    ['HTTP_Basic_Auth', 'HTTP_Basic_Auth = "§"'],
    ['the token of GCM', 'GCM_Authorization_Token_ID = "§"'],
    ['every element of a list', 'Password = ( § "§" )'],
    ['an entry of a dictionary', 'AuthLoginParameters = [ user = "a" password = "§" ]'],
    ['an entry that is a list', 'Parameters = [ secret = ( "§" § ) ]'],
    ['an entry without an equals sign before the bracket', 'Parameters [ secret = "§" ]'],
    ['in a scope', 'server "x" { secret = "§" port = 1 }'],
    ['a text that nothing closes', 'Password = "§'],
    ['every one of several', 'Password = §\nSecret = §\nx = 1\n'],
    // Connection strings (modules.ds_core).
    ['password= in a connection string', 'uri = "pgsql:host=a;password=§;dbname=b"'],
    ['with blanks', 'uri = "pgsql:host=a password = § dbname=b"'],
    ['in other letters', 'uri = "mysql:PassWord=§"'],
    ['PWD= of ODBC', 'uri = "odbc:DSN=x;PWD=§"'],
    ['x-bindpw= of LDAP', 'uri = "ldap://h/o=x????x-bindpw=§,x-ldap-version=3"'],
    ['x-bindpw= without a scheme', 'uri = "h/o=x????x-bindpw=§"'],
    ['a quoted value, with a blank', `uri = "pgsql:password='§' host=a"`],
    ['an end with a parenthesis', 'Query = "exec:f(password=§)"'],
    ['a string that begins with a blank', 'uri = " pgsql:password=§"'],
    ['without quotes around the string', 'uri = pgsql:host=a;password=§;x=1\n'],
    ['in every element of a list', 'uri = ( "pgsql:password=§" "mysql:pwd=§" )'],
    ['two in one string', 'uri = "pgsql:password=§;pwd=§"'],
    // Addresses.
    ['a password in an address', 'url = "http://user:§@host/path"'],
    ['a password in a bare address', 'url = https://user:§@host/path\n'],
    ['two addresses in one text', 'url = "a://u:§@h b://u:§@h"'],
    ['an address with a port', 'url = "mysql+x://u:§@h:3306/db"'],
    // Comments.
    ['a line that is switched off', '# Password = §\n'],
    ['in quotes', '# Password = "§"  # again\n'],
    ['in a block', '/* a\n  Secret = §\n*/'],
    ['every element of a list that is switched off', '# Shared_Secret = ( "§" § , "§" ) # x\n'],
    ['a list in a comment that nothing closes', '# Shared_Secret = ( "§"\n# x\n'],
    ['a connection string in a comment', '# uri = "pgsql:host=a;password=§"\n'],
    ['a connection string without a scheme in a comment', '# use password=§ here\n'],
    ['an address in a comment', '# see http://u:§@h/\n'],
    ['a comment behind an option', 'x = 1 # Password = §'],
  ])('%s', (_name, row) => {
    expect(maskSecrets(withSecret(row))).toBe(withMask(row));
  });
});

describe('what is not masked', () => {
  test.each([
    ['an option about a password', 'Returns_Password = "true"'],
    [
      'whether passwords are used',
      'use_password = true\nenable_secret = 1\nrequire_password = 1\nallow_password = 1\nno_password = 1\nis_secret = 1\nhas_passwd = 1',
    ],
    ['a file of passwords', 'Password_File = /etc/x'],
    ['a longer word', 'Passwords = x\nsecrets = x'],
    ['a word that only ends so', 'compass = x\nmypassword = x\npass = x'],
    ['HTTP_Basic_Auth inside a longer name', 'My_HTTP_Basic_Auth = x\nHTTP_Basic_Auth_Realm = x'],
    ['a key of a dictionary that is none', 'x = [ user = "a" passwords = "b" ]'],
    ['a key without a value', 'x = [ password ]'],
    ['a scope of that name', 'password "x" { y = 1 }'],
    ['a placeholder with $', 'Password = "$secret"'],
    ['a placeholder with %{', 'Password = "%{vctx_conn:pw}"'],
    ['a placeholder in the middle', 'Password = "x%{pw}"'],
    ['a placeholder with a colon', 'Query = "pgsql:password=:pw"'],
    ['an empty value', 'Password = ""'],
    ['the mask', `Password = "${MASK}"`],
    ['a query that names a column', 'Query = "select password=1 from t where pwd = 2"'],
    ['a word before password', 'uri = "pgsql:mypassword=x;no-password=x;a.pwd=x"'],
    ['a word behind password', 'uri = "pgsql:password_file=x;passwords=x"'],
    ['password without a value', 'uri = "pgsql:password=;host=a"'],
    ['an address with a port only', 'url = "http://host:8080/a@b"'],
    ['an address with a user only', 'url = "http://user@host/"'],
    ['an address of mail', 'x = "user:pw@host"'],
    ['a line in a comment that holds none', '# user = "x"\n# Passwords = 1\n# Returns_Password = true\n'],
    ['a list of another option in a comment', '# Relay_Hosts = ( "a" b )\n'],
    ['an empty list in a comment', '# Shared_Secret = ( )\n'],
    ['a name in a comment without a value', '# the password = \n'],
  ])('%s', (_name, text) => {
    expect(maskSecrets(text)).toBe(text);
    expect(secretSpans(text)).toEqual([]);
  });
});

describe('secretSpans', () => {
  test('tells where each stands and what it is, in the order of the text', () => {
    const text =
      '# Password = one1\nuri = "pgsql:PASSWORD=two2"\nx = 1 # pwd=thr3\nurl = "http://u:four@h"\nmap = [ Secret = five5 ]\n';
    const spans = secretSpans(text);
    expect(spans.map(({ start, end, ...rest }) => ({ ...rest, text: text.slice(start, end) }))).toEqual([
      { text: 'one1', line: 1, what: 'password in a connection string', inComment: true },
      { text: 'two2', line: 2, what: 'password in a connection string', inComment: false },
      { text: 'thr3', line: 3, what: 'pwd in a connection string', inComment: true },
      { text: 'four', line: 4, what: 'password in an address', inComment: false },
      { text: 'five5', line: 5, what: 'value of Secret', inComment: false },
    ]);
    expect(secretSpans(parse(text).tree)).toEqual(spans);
  });

  test('a commented option that is no connection string is told by its name', () => {
    expect(secretSpans('# Shared_Secret = "ab cd"')).toEqual([
      { start: 19, end: 24, line: 1, what: 'value of Shared_Secret', inComment: true },
    ]);
  });

  test('of secrets that lie in each other the outer one is told, once', () => {
    const text = 'Password = "http://u:inner@h password=x"\n';
    expect(secretSpans(text)).toEqual([
      { start: 12, end: 39, line: 1, what: 'value of Password', inComment: false },
    ]);
    expect(maskSecrets(text)).toBe(`Password = "${MASK}"\n`);
  });

  test('of two that begin together the longer one is masked', () => {
    expect(maskSecrets('Password = a;b\n')).toBe(`Password = ${MASK}\n`);
  });

  test('a value beyond 1024 characters in a connection string is masked as far as it is inspected', () => {
    const text = `uri = "pgsql:password=${'a'.repeat(1024)}"`;
    expect(maskSecrets(text)).toBe(`uri = "pgsql:password=${MASK}"`);
  });
});

describe('lines', () => {
  test('a secret of several lines leaves as many behind', () => {
    expect(maskSecrets('Password = "a\nb\r\nc"\nx = 1\n')).toBe(`Password = "${MASK}\n\n"\nx = 1\n`);
  });
});

const letters = fc.stringMatching(/^[A-Za-z0-9]{6,24}$/);
/** Anything but what ends the value in one of the places, or makes it a placeholder. */
const marks = fc
  .stringMatching(/^[!#$%&()*+.\-<=>?^_~|A-Za-z0-9]{6,24}$/)
  .filter((text) => !text.startsWith('$') && !text.includes('%{') && !text.includes('/*'));
const PLACES: readonly ((secret: string) => string)[] = [
  (s) => `Password = ${s}`,
  (s) => `uri = "pgsql:host=a;password=${s};x=1"`,
  (s) => `uri = ( "odbc:PWD=${s}" "x" )`,
  (s) => `uri = pgsql:password=${s};a=1`,
  (s) => `# uri = "ldap://h/x-bindpw=${s}"`,
  (s) => `/* Shared_Secret = ${s} */`,
  (s) => `url = "http://user:${s}@host/"`,
  (s) => `# url = ftp://user:${s}@host/`,
  (s) => `x = [ a = 1 secret = ${s} ]`,
];
const QUOTED_PLACES: readonly ((secret: string) => string)[] = [
  (s) => `Password = "${s}"`,
  (s) => `server { Secret = ( x "${s}" ) }`,
  (s) => `x = [ password = "${s}" ]`,
  (s) => `uri = "pgsql:password='${s}' host=a"`,
  (s) => `# Password = "${s}"`,
  (s) => `url = "http://user:${s}@host/"`,
];
const line = fc.oneof(
  fc.tuple(letters, fc.constantFrom(...PLACES)),
  fc.tuple(marks, fc.constantFrom(...QUOTED_PLACES)),
);
const noise = fc.constantFrom('', 'x = 1', '# a comment', 'binding b { TLS = no }', 'y = ( a "b" )');

test('no secret is left, the lines stay, and masking again changes nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(line, noise), { minLength: 1, maxLength: 6 }),
      fc.constantFrom('\n', '\r\n'),
      (rows, eol) => {
        const text = rows.flatMap(([[secret, place], other]) => [place(secret), other]).join(eol);
        const masked = maskSecrets(text);
        for (const [[secret]] of rows) expect(masked).not.toContain(secret);
        expect(masked.split('\n')).toHaveLength(text.split('\n').length);
        expect(maskSecrets(masked)).toBe(masked);
        for (const [, other] of rows) expect(masked).toContain(other);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('in any text at all the lines stay, and no two spans meet', () => {
  const part = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom(
      'password',
      'pwd=',
      '=',
      '"',
      "'",
      '\n',
      '#',
      '/*',
      '*/',
      '(',
      ')',
      '[',
      ']',
      'a://b:c@d',
      'secret = ',
      'pgsql:',
      ' ',
    ),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
      const text = parts.join('');
      const masked = maskSecrets(text);
      expect(masked.split('\n')).toHaveLength(text.split('\n').length);
      const spans = secretSpans(text);
      for (const [i, { start, end }] of spans.entries()) {
        expect(start).toBeLessThan(end);
        expect(end).toBeLessThanOrEqual(spans[i + 1]?.start ?? text.length);
      }
    }),
    { numRuns: 2_000 },
  );
});
