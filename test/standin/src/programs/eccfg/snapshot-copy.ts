import { connect } from 'node:tls';
import {
  changedUpstream,
  changes,
  commit,
  headRevision,
  replaceConf,
  workingCopy,
} from '../../running/repository.js';
import { isKnown } from '../../running/repository-users.js';
import { ecconfigdEndpoint } from '../../running/service-settings.js';
import type { StandinNode } from '../../running/standin-node.js';
import type { WorkingCopy } from './working-copy.js';

const CONNECT_MS = 5000;

/** Without Subversion: whole copies as revisions; ecconfigd's double is asked for its certificate and nothing else. */
export function snapshotCopy(node: StandinNode): WorkingCopy {
  const { tree } = node;
  return {
    status: () => Promise.resolve(changes(tree)),
    async pull(choice) {
      const text = await whyNoServer(node);
      if (text !== null) return { kind: 'failed', text };
      const from = workingCopy(tree).revision;
      const to = headRevision(tree);
      const mine = changes(tree).map(({ path }) => path);
      const both = changedUpstream(tree, from, to).filter((path) => mine.includes(path));
      if (both.length > 0 && choice === null) return { kind: 'conflict', paths: both };
      if (from === to) return { kind: 'current' };
      replaceConf(tree, choice === 'theirs' ? mine.filter((path) => !both.includes(path)) : mine);
      return { kind: 'replaced' };
    },
    async commit(login, { addAll, deleteAll }) {
      const taken = changes(tree).filter(({ mark }) => mark === 'M' || (mark === '?' ? addAll : deleteAll));
      if (taken.length === 0) return { kind: 'nothing' };
      const text = await whyNoServer(node);
      if (text !== null) return { kind: 'failed', text };
      if (!isKnown(tree, login))
        return {
          kind: 'failed',
          text: 'svn: Commit failed (details follow):\nsvn: MKACTIVITY: authorization failed',
        };
      if (workingCopy(tree).revision !== headRevision(tree))
        return { kind: 'failed', text: 'svn: Commit failed (details follow):\nsvn: Out of date' };
      const left = changes(tree).filter(({ mark }) => mark === '?' && !addAll);
      return {
        kind: 'committed',
        revision: commit(
          tree,
          left.map(({ path }) => path),
        ),
        changes: taken,
      };
    },
  };
}

/**
 * Subversion is called with --trust-server-cert: a self-signed certificate is taken, an expired one is not. The text is
 * the one of Manual, executable.create_ssl_cert.
 */
async function whyNoServer(node: StandinNode): Promise<string | null> {
  const { host, port } = ecconfigdEndpoint(node);
  const url = `https://${node.settings.name}:${port}/config/default/boot`;
  const notAfter = await servedUntil(host, port);
  if (notAfter === null)
    return `svn: OPTIONS of '${url}': could not connect to server (https://${node.settings.name}:${port})`;
  if (notAfter.getTime() > Date.now()) return null;
  return [
    `ERROR: premature EOF in "svn update '--config-dir' '/opt/msys/ecelerity/etc/.eccfg' '--username' 'ecuser' '--no-auth-cache' '--non-interactive' '--trust-server-cert' '.'"`,
    `svn: OPTIONS of '${url}': Server certificate verification failed: certificate has expired, issuer is not trusted`,
  ].join('\n');
}

/** The end of the served certificate's life, or null when nothing answers with one. */
function servedUntil(host: string, port: number): Promise<Date | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, rejectUnauthorized: false, timeout: CONNECT_MS }, () => {
      const validTo = socket.getPeerCertificate().valid_to;
      socket.end();
      resolve(validTo ? new Date(validTo) : null);
    });
    socket.once('error', () => resolve(null));
    socket.once('timeout', () => {
      socket.destroy();
      resolve(null);
    });
  });
}
