import { expect, test } from 'vitest';
import { actionOf, KEY_HELP, type Pressed, SECOND_KEY_MS_MAX } from './keys.js';

const press = (key: string, changes: Partial<Pressed> = {}): Pressed => ({
  key,
  ctrl: false,
  meta: false,
  alt: false,
  at: 0,
  ...changes,
});

test.each([
  ['/', { kind: 'search' }],
  ['?', { kind: 'help' }],
  ['j', { kind: 'next' }],
  ['k', { kind: 'previous' }],
  ['Enter', { kind: 'open' }],
  ['x', { kind: 'select' }],
  ['n', null],
  ['g', null],
  ['constructor', null],
])('%s alone', (key, action) => {
  expect(actionOf(press(key), null).action).toEqual(action);
});

test.each([
  ['n', '/nodes'],
  ['f', '/findings'],
  ['a', '/alerts'],
  ['p', '/posture'],
])('g, then %s', (key, to) => {
  const { waiting } = actionOf(press('g'), null);
  expect(actionOf(press(key, { at: SECOND_KEY_MS_MAX }), waiting)).toEqual({
    action: { kind: 'go', to },
    waiting: null,
  });
  expect(actionOf(press(key, { at: SECOND_KEY_MS_MAX + 1 }), waiting).action).toBeNull();
});

test('g, then another key means that key alone', () => {
  const { waiting } = actionOf(press('g'), null);
  expect(actionOf(press('j', { at: 1 }), waiting)).toEqual({ action: { kind: 'next' }, waiting: null });
  expect(actionOf(press('toString', { at: 1 }), waiting).action).toBeNull();
});

test('what is held with Ctrl, Cmd or Alt is the browser’s, but for the palette', () => {
  expect(actionOf(press('k', { ctrl: true }), null).action).toEqual({ kind: 'palette' });
  expect(actionOf(press('K', { meta: true }), null).action).toEqual({ kind: 'palette' });
  for (const key of ['j', '/', 'x', 'Enter'])
    expect(actionOf(press(key, { ctrl: true }), null).action).toBeNull();
  expect(actionOf(press('k', { alt: true, ctrl: true }), null).action).toBeNull();
});

test('the help names keys that do something, and only those', () => {
  for (const [keys] of KEY_HELP) {
    const [first = '', second] = keys;
    if (first === 'Ctrl') continue;
    const { action, waiting } = actionOf(press(first), null);
    const meant = second === undefined ? action : actionOf(press(second), waiting).action;
    expect(meant, keys.join(' ')).not.toBeNull();
  }
});
