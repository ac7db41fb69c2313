import { describe, expect, test } from 'vitest';
import { decodeAgentMessage, decodeServerMessage } from './codec.js';
import { FRAME_BYTES_MAX } from './messages.js';

const heartbeat = {
  type: 'heartbeat',
  at: '2026-11-23T09:00:00.000Z',
  stateDigest: null,
  watchers: [],
  spool: { records: 0, bytes: 0, droppedTotal: 0 },
};

describe('a frame from an agent', () => {
  test('that fits its schema is decoded', () => {
    expect(decodeAgentMessage(JSON.stringify(heartbeat))).toEqual({ ok: true, value: heartbeat });
  });

  test('with a member that this version does not know is decoded all the same', () => {
    expect(decodeAgentMessage(JSON.stringify({ ...heartbeat, later: 1 })).ok).toBe(true);
  });

  test.each([
    ['is not JSON', '{"type":', 'CAS_FRAME_NOT_JSON'],
    ['is an array', '[]', 'CAS_FRAME_NOT_JSON'],
    ['is null', 'null', 'CAS_FRAME_NOT_JSON'],
    ['has no type', '{}', 'CAS_FRAME_INVALID'],
    ['has an unknown type', '{"type":"reboot"}', 'CAS_MESSAGE_UNKNOWN'],
    ['has a type that every object inherits', '{"type":"constructor"}', 'CAS_MESSAGE_UNKNOWN'],
    ['is of the other direction', '{"type":"welcome"}', 'CAS_MESSAGE_UNKNOWN'],
    ['lacks a member', JSON.stringify({ ...heartbeat, at: undefined }), 'CAS_FRAME_INVALID'],
    ['has a member of another kind', JSON.stringify({ ...heartbeat, watchers: 'none' }), 'CAS_FRAME_INVALID'],
  ])('that %s is refused', (_name, frame, code) => {
    const result = decodeAgentMessage(frame);
    expect(result.ok ? 'decoded' : result.error.code).toBe(code);
  });

  test('of exactly the limit is read, and one byte more is refused before it is parsed', () => {
    const frame = JSON.stringify(heartbeat);
    const atLimit = frame + ' '.repeat(FRAME_BYTES_MAX - frame.length);
    expect(decodeAgentMessage(atLimit).ok).toBe(true);
    const over = decodeAgentMessage(`${atLimit} `);
    expect(over.ok ? 'decoded' : over.error.code).toBe('CAS_FRAME_TOO_LARGE');
  });

  test('is measured in bytes, not characters', () => {
    const over = decodeAgentMessage(JSON.stringify({ ...heartbeat, x: 'é'.repeat(FRAME_BYTES_MAX / 2) }));
    expect(over.ok ? 'decoded' : over.error.code).toBe('CAS_FRAME_TOO_LARGE');
  });
});

test('a frame from the server is held to the other schema', () => {
  expect(decodeServerMessage('{"type":"ack","bootId":"b1","upTo":3}').ok).toBe(true);
  expect(decodeServerMessage('{"type":"ack","bootId":"b1","upTo":0}').ok).toBe(false);
});
