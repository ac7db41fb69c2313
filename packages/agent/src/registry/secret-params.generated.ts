// Made by tools/gen.mjs from the remediations. Do not edit: npm run gen

/** Secrets that a remediation must be given, by its slug. */
export const SECRET_PARAMS: Readonly<Record<string, readonly string[]>> = {
  'securecreds-enable': ['password'],
};
