import { createRequire } from 'node:module';

/** The agent's version, from its own package.json: one place to change it. */
export const AGENT_VERSION: string = (
  createRequire(import.meta.url)('../../package.json') as { version: string }
).version;
