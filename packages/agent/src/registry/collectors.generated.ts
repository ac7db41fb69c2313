// Made by tools/gen-registry.mjs from the folders of packages/agent/src/collectors. Do not edit: npm run gen
import type { Collector } from '../kit/fact.js';
import configTree from '../collectors/config-tree/collector.js';
import credentialStore from '../collectors/credential-store/collector.js';
import install from '../collectors/install/collector.js';
import momentumVersion from '../collectors/momentum-version/collector.js';
import umask from '../collectors/umask/collector.js';

export const collectors: readonly Collector[] = [
  configTree as unknown as Collector,
  credentialStore as unknown as Collector,
  install as unknown as Collector,
  momentumVersion as unknown as Collector,
  umask as unknown as Collector,
];
