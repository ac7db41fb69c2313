import { expect, test } from 'vitest';
import { withoutSecrets } from './secret-words.js';

test.each([
  ['export DB_PASSWORD=x7Q', 'export DB_PASSWORD=********'],
  ['PGPASSWORD="x 7Q" umask 027', 'PGPASSWORD=******** umask 027'],
  ['[ "$SITE_TOKEN" = "x7Q" ] && umask 077', '[ "$SITE_TOKEN" = ******** ] && umask 077'],
  ['eval "login --password=x7Q $SITE"', 'eval "login --password=******** $SITE"'],
  [
    'eccfg put --username a --password x7Q; umask 027',
    'eccfg put --username a --password ********; umask 027',
  ],
  ['curl -u reader:x7Q https://a.example.com', 'curl -u reader:******** https://a.example.com'],
  ['eval "ec_console ssh://a:x7Q@m:2025 $X"', 'eval "ec_console ssh://a:********@m:2025 $X"'],
  // What is no secret stays as it is.
  ['umask u=rwx,g=rx,o=', 'umask u=rwx,g=rx,o='],
  ['. /etc/pam.d/password-auth umask 022', '. /etc/pam.d/password-auth umask 022'],
  ['[ $UID -gt 199 ] && umask 002', '[ $UID -gt 199 ] && umask 002'],
])('%s', (text, told) => {
  expect(withoutSecrets(text)).toBe(told);
});
