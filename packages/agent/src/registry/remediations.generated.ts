// Made by tools/gen-registry.mjs from the folders of packages/agent/src/remediations. Do not edit: npm run gen
import type { Remediation } from '../kit/remediation.js';

export const remediations: readonly Remediation[] = [
];
