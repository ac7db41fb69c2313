// A node that this process plays over the real wire: numbered records, kept until they are acknowledged.
import { createRequire } from 'node:module';

// The wire's own library is the server's; the tools of the repository depend on nothing themselves.
const { WebSocket } = createRequire(new URL('../../packages/server/package.json', import.meta.url))('ws');
const BOOT = 'boot-1';

export class PlayedNode {
  #identity;
  #socket = null;
  #records = [];
  acked = 0;

  constructor(identity) {
    this.#identity = identity;
  }

  get nodeId() {
    return this.#identity.nodeId;
  }

  get numbered() {
    return this.#records.length;
  }

  get hasAll() {
    return this.acked === this.#records.length;
  }

  /** Resolves when the server has said welcome; what was not acknowledged is sent again. */
  async connect() {
    const { url, certificatePem: cert, keyPem: key, authorityPem: ca, name } = this.#identity;
    const socket = new WebSocket(url, { cert, key, ca, perMessageDeflate: false });
    this.#socket = socket;
    await new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.on('close', () => reject(new Error(`${name}: the connection closed`)));
      socket.on('open', () => socket.send(JSON.stringify(hello(name))));
      socket.on('message', (text) => this.#received(JSON.parse(String(text)), resolve));
    });
    for (const record of this.#records.slice(this.acked)) socket.send(record);
  }

  #received(message, welcomed) {
    if (message.type === 'welcome') welcomed();
    if (message.type === 'ack') this.acked = Math.max(this.acked, message.upTo);
  }

  /** Numbers a verdict, keeps it, and sends it if there is a connection. */
  tell(status, control, subject) {
    const record = JSON.stringify({
      type: 'transition',
      bootId: BOOT,
      seq: this.#records.length + 1,
      at: new Date().toISOString(),
      previous: null,
      verdict: verdict(status, control, subject),
    });
    this.#records.push(record);
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(record);
  }

  /** Resolves when nothing more can come from a server that is dead. */
  async gone() {
    const socket = this.#socket;
    if (socket && socket.readyState !== WebSocket.CLOSED)
      await new Promise((resolve) => socket.once('close', resolve));
  }

  close() {
    this.#socket?.terminate();
  }
}

function hello(name) {
  return {
    type: 'hello',
    protocolMin: 1,
    protocolMax: 1,
    caps: [],
    agentVersion: '0.0.0-test',
    bootId: BOOT,
    clock: new Date().toISOString(),
    description: {
      name,
      roles: ['mta'],
      os: 'Debian',
      momentum: { version: '3.6.6', from: 'console' },
      tls: { library: 'openssl', version: '1.0.1' },
    },
    stateDigest: null,
  };
}

function verdict(status, control, subject) {
  return {
    control,
    title: 'SSLv3 is disabled',
    severity: 'high',
    status,
    subject,
    summary: status === 'fail' ? 'One binding offers SSLv3.' : 'No binding offers SSLv3.',
    violations: status === 'fail' ? [{ at: { object: 'a listener' }, found: '+ALL' }] : [],
    reason: null,
    remediation: null,
    sources: [],
  };
}
