import { createRequire } from 'node:module';

/** What `npm run gen` wrote. Named from the package's root, so that sources and built program read the one file. */
export const catalogueJson: unknown = createRequire(import.meta.url)('../../src/generated/catalogue.json');
