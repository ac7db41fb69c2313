import type { ServerContext } from './context.js';

/** A line about one node's mistakes, of which it has a share: what is beyond is in the counters. */
export function warnAbout(
  { log, meters }: Pick<ServerContext, 'log' | 'meters'>,
  nodeId: string,
  fields: { readonly event: string; readonly [name: string]: unknown },
  message: string,
): void {
  if (meters.mayLog(nodeId)) log.warn({ ...fields, nodeId }, message);
}
