import type { Facts } from '../../src/facts/facts.generated.js';
export declare const CASE_MAIN = '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf';
/** The fact of a node whose whole configuration is this text. */
export declare function caseConfig(text: string): Pick<Facts, 'momentumConfig'>;
/** With the release that the documented gates of TLS_Protocols begin with. */
export declare function caseTls(
  text: string,
  version?: string | null,
): Pick<Facts, 'momentumConfig' | 'momentumVersion'>;
export declare function caseVersion(version: string | null): Pick<Facts, 'momentumVersion'>;
//# sourceMappingURL=config.d.ts.map
