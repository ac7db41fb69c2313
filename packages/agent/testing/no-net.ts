import type { Net, Unseen } from '../src/ports/net.js';

/** A network on which nothing may be probed, but for what a test gives. */
export function noNet(over: Partial<Net> = {}): Net {
  const forbidden = () => Promise.resolve<Unseen>({ kind: 'forbidden', detail: 'no net in this test' });
  return { probeTls: forbidden, exchange: forbidden, injectStarttls: forbidden, ...over };
}
