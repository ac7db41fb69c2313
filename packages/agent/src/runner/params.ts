import { assert } from '@castellan/shared/base/assert';
import { err, ok, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import type { ParamReader, Remediation, RemediationParam } from '../units/remediation.js';

const VALUE_LENGTH_MAX = 4096;

export interface CheckedParams {
  readonly reader: ParamReader;
  /** As the plan shows them. */
  readonly shown: Readonly<Record<string, string | { readonly given: true }>>;
  /** Values that may appear in no output. */
  readonly secrets: readonly string[];
}

export function checkParams(
  remediation: Remediation,
  given: Readonly<Record<string, string>>,
): Result<CheckedParams> {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(remediation.params, name));
  if (unknown !== undefined) {
    const known = Object.keys(remediation.params).join(', ') || 'none';
    return err(
      casError('CAS_PARAM_INVALID', `${remediation.slug} has no parameter "${unknown}"; it has: ${known}`),
    );
  }
  const values = new Map<string, string>();
  const shown: Record<string, string | { readonly given: true }> = {};
  const secrets: string[] = [];
  for (const [name, param] of Object.entries(remediation.params)) {
    const value = given[name] ?? param.default;
    if (value === undefined && !param.required) continue;
    const problem = value === undefined ? 'it is required' : problemOf(param, value);
    if (value === undefined || problem !== null) {
      return err(
        casError(
          'CAS_PARAM_INVALID',
          `parameter "${name}" of ${remediation.slug}: ${problem} (${param.text})`,
        ),
      );
    }
    values.set(name, value);
    shown[name] = param.kind === 'secret' ? { given: true } : value;
    if (param.kind === 'secret') secrets.push(value);
  }
  return ok({ reader: readerOf(remediation, values), shown, secrets });
}

function problemOf(param: RemediationParam, value: string): string | null {
  if (value.length > VALUE_LENGTH_MAX) return `it is longer than ${VALUE_LENGTH_MAX} characters`;
  if (/[\u0000-\u001f\u007f]/.test(value)) return 'it holds a control character or a line break';
  if (value === '') return 'it is empty';
  if (param.oneOf && !param.oneOf.includes(value)) return `it must be one of ${param.oneOf.join(', ')}`;
  if (param.kind === 'number' && !/^[0-9]{1,9}$/.test(value)) return 'it must be a whole number';
  if (param.kind === 'boolean' && value !== 'true' && value !== 'false') return 'it must be true or false';
  return null;
}

function readerOf(remediation: Remediation, values: ReadonlyMap<string, string>): ParamReader {
  return {
    given: (name) => values.has(name),
    text(name) {
      assert(remediation.params[name]?.kind !== 'secret', `${name} is a secret: reveal it`);
      return values.get(name) ?? null;
    },
    reveal(name) {
      const value = values.get(name);
      assert(value !== undefined, `${name} was not given`);
      return value;
    },
  };
}
