import { parseJson } from '@castellan/shared/base/parse-json';
import { err, ok, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import { compactVerify, importJWK } from 'jose';
import type { Identity } from './identity.js';

/** What a compact JWS of the enrolled server says; null inside: no JSON. Errors: CAS_COMMAND_SIGNATURE. */
export async function verifiedPayload(
  jws: string,
  commandKey: Identity['commandKey'],
): Promise<Result<unknown>> {
  try {
    const key = await importJWK({ ...commandKey }, 'EdDSA');
    const { payload } = await compactVerify(jws, key, { algorithms: ['EdDSA', 'Ed25519'] });
    return ok(parseJson(new TextDecoder('utf-8', { fatal: true }).decode(payload)));
  } catch (cause) {
    return err(
      casError(
        'CAS_COMMAND_SIGNATURE',
        'the signature is not of the server that this node is enrolled at',
        cause,
      ),
    );
  }
}
