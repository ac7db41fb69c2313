import fc from 'fast-check';

/**
 * Properties try the same values in each run, so that a change is judged by what it changed; `npm run test:properties`
 * tries others. A property that fails names its seed.
 */
const seed = Number(process.env.PROPERTY_SEED ?? 1);
if (!Number.isInteger(seed))
  throw new Error(`PROPERTY_SEED must be an integer, not "${process.env.PROPERTY_SEED}"`);

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
