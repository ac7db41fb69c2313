import { LEVELS, type SettingRow, type Settings } from './settings.js';

export type Reading =
  | { readonly ok: true; readonly value: Settings[keyof Settings] }
  | { readonly ok: false; readonly wanted: string };

/** A value from the settings file (of YAML's types) or from the environment (always text), as the row wants it. */
export function readValue(row: Pick<SettingRow, 'kind' | 'min' | 'max'>, given: unknown): Reading {
  switch (row.kind) {
    case 'text':
      return typeof given === 'string' && given !== '' ? good(given) : bad('a text');
    case 'path':
      return typeof given === 'string' && given.startsWith('/') && !given.includes('\0')
        ? good(given)
        : bad('an absolute path');
    case 'boolean':
      if (typeof given === 'boolean') return good(given);
      return given === 'true' || given === 'false' ? good(given === 'true') : bad('true or false');
    case 'ms':
      return whole(row, 'milliseconds', given);
    case 's':
      return whole(row, 'seconds', given);
    case 'list':
      return list(
        typeof given === 'string'
          ? given
              .split(',')
              .map((item) => item.trim())
              .filter(Boolean)
          : given,
      );
    case 'level':
      return typeof given === 'string' && LEVELS.includes(given)
        ? good(given)
        : bad(`one of ${LEVELS.join(', ')}`);
  }
}

function whole(row: Pick<SettingRow, 'min' | 'max'>, unit: string, given: unknown): Reading {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = row;
  const value = typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given;
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
    ? good(value)
    : bad(`whole ${unit} from ${min} to ${max}`);
}

function list(given: unknown): Reading {
  return Array.isArray(given) && given.every((item) => typeof item === 'string')
    ? good(given as string[])
    : bad('a list of texts');
}

function good(value: Settings[keyof Settings]): Reading {
  return { ok: true, value };
}

function bad(wanted: string): Reading {
  return { ok: false, wanted };
}
