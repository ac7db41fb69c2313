import { selfSigned } from '../../../../knowledge/certificates/self-signed.js';
import { defineIssuer } from '../issuer.js';

export default defineIssuer({
  name: 'self-signed',
  text: 'made on this node, signed by its own key',
  isOutside: false,
  isSelfSigned: true,
  blocker: () => null,
  describe: ({ days }) => `a new self-signed certificate, valid for ${days} days`,
  async issue({ commonName, altNames, days, keyType }, { clock }) {
    return {
      ...(await selfSigned({ commonName, altNames, nowMs: clock.now(), days, keyType })),
      chainPems: [],
    };
  },
});
