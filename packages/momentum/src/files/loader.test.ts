import { describe, expect, test } from 'vitest';
import { memory } from '../../testing/memory.js';
import { RememberingLoader } from './loader.js';

describe('a loader that remembers', () => {
  test('asks once for each file and folder', () => {
    const calls: string[] = [];
    const inner = memory({ '/d/a': 'text' });
    const loader = new RememberingLoader({
      read: (path) => {
        calls.push(`read ${path}`);
        return inner.read(path);
      },
      list: (path) => {
        calls.push(`list ${path}`);
        return inner.list(path);
      },
    });
    for (let time = 0; time < 2; time += 1) {
      expect(loader.read('/d/a')).toEqual({ ok: true, text: 'text' });
      expect(loader.read('/d/b')).toMatchObject({ ok: false, problem: 'missing' });
      expect(loader.list('/d')).toEqual(['a']);
      expect(loader.list('/d/a')).toBeNull();
    }
    expect(calls).toEqual(['read /d/a', 'read /d/b', 'list /d', 'list /d/a']);
  });

  test('gives the same answers again, some texts replaced', () => {
    const loader = new RememberingLoader(memory({ '/d/a': 'old', '/d/b': 'kept', '/d/c': 'never asked' }));
    for (const path of ['/d/a', '/d/b', '/d/x']) loader.read(path);
    loader.list('/d');
    loader.list('/d/a');
    const again = loader.replay(
      new Map([
        ['/d/a', ''],
        ['/d/new', 'new'],
      ]),
    );
    expect(again.read('/d/a')).toEqual({ ok: true, text: '' });
    expect(again.read('/d/new')).toEqual({ ok: true, text: 'new' });
    expect(again.read('/d/b')).toEqual({ ok: true, text: 'kept' });
    expect(again.read('/d/x')).toMatchObject({ ok: false, problem: 'missing', detail: '/d/x is not there' });
    expect(again.read('/d/c')).toMatchObject({ problem: 'missing', detail: '/d/c was not read before' });
    expect(again.list('/d')).toEqual(['c', 'b', 'a']);
    expect(again.list('/d/a')).toBeNull();
    expect(again.list('/e')).toBeNull();
  });
});
