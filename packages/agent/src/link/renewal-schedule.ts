/** Between two attempts that fail, milliseconds: a random half of a span that doubles. */
const BASE_MS = 60_000;
const CAP_MS = 6 * 3_600_000;
/** Of the certificate's life: however short it is, there are several attempts in its last third. */
const LIFE_SHARE = 1 / 30;
const LOOK_MS_MIN = 100;
const LOOK_MS_MAX = 60_000;

/** A fleet that is told of a new authority renews over this, or over a twentieth of its certificates' life. */
const MOVE_SPREAD_MS_MAX = 3_600_000;
const MOVE_LIFE_SHARE = 1 / 20;

/** How long after it was told of a new authority a node asks for a certificate of it. `unit`: its place in the spread. */
export function moveAfterMs(lifeMs: number, unit: number): number {
  return unit * Math.min(MOVE_SPREAD_MS_MAX, lifeMs * MOVE_LIFE_SHARE);
}

/** How long to wait after so many failed attempts in a row. `unit` is uniform in [0, 1). */
export function retryAfterMs(failures: number, lifeMs: number, unit: number): number {
  // 2^16 minutes is far beyond the cap: counting further would end in Infinity.
  const span = Math.min(BASE_MS * 2 ** Math.min(failures - 1, 16), CAP_MS, lifeMs * LIFE_SHARE);
  return Math.round((span / 2) * (1 + unit));
}

/** How often it is looked whether a renewal is due: clocks are put forward and back, so that one long sleep would not do. */
export function lookEveryMs(lifeMs: number): number {
  return Math.max(LOOK_MS_MIN, Math.min(LOOK_MS_MAX, lifeMs / 100));
}
