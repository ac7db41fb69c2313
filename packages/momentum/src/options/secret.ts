/** Options whose whole value is a secret. Manual: conf.ref.outbound_smtp_auth_pass, modules.auth_radius and the like. */
const SECRET_OPTION =
  /^(.*[_-])?(password|passwd|passphrase|secret)$|^.*_pass$|^(http_basic_auth|gcm_authorization_token_id)$/i;
/** `returns_password = "true"` says something about a password and is none. */
const ABOUT_PASSWORDS = /^(returns|use|enable|require|allow|no|is|has)_/i;

/** Whether the whole value of an option of this name is a secret. */
export function isSecretOption(name: string): boolean {
  return SECRET_OPTION.test(name) && !ABOUT_PASSWORDS.test(name);
}
