import type { ServedListener } from '../../facts/served-tls.js';
import type { Net } from '../../ports/net.js';

type Wire = ServedListener['wire'];

/**
 * Below the daemon's usual interval between two full scans: each of these asks anew, and of changes between them only
 * those that may change what is served (see `decidedBy`).
 */
export const RECENT_MS_MAX = 240_000;
const ENTRIES_MAX = 64;

interface Entry {
  readonly atMs: number;
  readonly wire: Wire;
}

/** A process's probes, and gone with its network: a `check` begins with none. */
const byNet = new WeakMap<Net, Map<string, Entry>>();

export function recentWire(net: Net, key: string, nowMs: number): Wire | null {
  const entry = byNet.get(net)?.get(key);
  return entry && nowMs - entry.atMs < RECENT_MS_MAX ? entry.wire : null;
}

/** Only what was seen: a listener that gave no answer is asked again at the next scan. */
export function rememberWire(net: Net, key: string, wire: Wire, nowMs: number): void {
  if (wire.state !== 'seen') return;
  const entries = byNet.get(net) ?? new Map<string, Entry>();
  byNet.set(net, entries);
  entries.set(key, { atMs: nowMs, wire });
  for (const oldest of entries.keys()) {
    if (entries.size <= ENTRIES_MAX) break;
    entries.delete(oldest);
  }
}
