/** Exit codes that scripts may rely on. */
export const EXIT = { ok: 0, failure: 1, usage: 2, findings: 3 } as const;
