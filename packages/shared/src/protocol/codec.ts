import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { err, ok, type Result } from '../base/result.js';
import { casError } from '../errors/cas-error.js';
import { AgentMessage, FRAME_BYTES_MAX, ServerMessage } from './messages.js';

type Family = Readonly<Record<string, TSchema>>;

/** Decodes frames of one direction: size, then JSON, then type, then schema. Compiles each schema once, when first needed. */
function decoder<M>(family: Family): (frame: string | Buffer) => Result<M> {
  const compiled = new Map<string, Validator>();
  const validatorOf = (type: string): Validator | null => {
    const schema = Object.hasOwn(family, type) ? family[type] : undefined;
    if (!schema) return null;
    let validator = compiled.get(type);
    if (!validator) {
      validator = Compile(schema) as Validator;
      compiled.set(type, validator);
    }
    return validator;
  };

  return (frame) => {
    const bytes = typeof frame === 'string' ? Buffer.byteLength(frame) : frame.byteLength;
    if (bytes > FRAME_BYTES_MAX)
      return err(casError('CAS_FRAME_TOO_LARGE', `${bytes} bytes; the limit is ${FRAME_BYTES_MAX}`));
    let value: unknown;
    try {
      value = JSON.parse(typeof frame === 'string' ? frame : frame.toString('utf8'));
    } catch (cause) {
      return err(casError('CAS_FRAME_NOT_JSON', '', cause));
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return err(casError('CAS_FRAME_NOT_JSON'));
    const type = (value as { type?: unknown }).type;
    if (typeof type !== 'string') return err(casError('CAS_FRAME_INVALID', 'the member "type" is missing'));
    const validator = validatorOf(type);
    if (!validator) return err(casError('CAS_MESSAGE_UNKNOWN', `"${type.slice(0, 64)}"`));
    if (!validator.Check(value)) {
      const first = validator.Errors(value)[0];
      return err(
        casError(
          'CAS_FRAME_INVALID',
          `${type}${first?.instancePath ?? ''}: ${first?.message ?? 'does not fit'}`,
        ),
      );
    }
    return ok(value as M);
  };
}

export const decodeAgentMessage = decoder<AgentMessage>(AgentMessage);
export const decodeServerMessage = decoder<ServerMessage>(ServerMessage);

/** One frame's text. Throws only if our own message is too large: the sender splits before. */
export function encodeFrame(message: AgentMessage | ServerMessage): string {
  const text = JSON.stringify(message);
  if (Buffer.byteLength(text) > FRAME_BYTES_MAX)
    throw casError('CAS_FRAME_TOO_LARGE', `our own ${message.type}`);
  return text;
}
