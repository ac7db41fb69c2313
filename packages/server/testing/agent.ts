import 'reflect-metadata';
import { sign, webcrypto } from 'node:crypto';
import { stateDigest } from '@castellan/shared/model/state-digest';
import type { Verdict } from '@castellan/shared/model/verdict';
import { type EnrolAnswer, proofText } from '@castellan/shared/protocol/enrolment';
import type { AgentMessage, ServerMessage } from '@castellan/shared/protocol/messages';
import * as x509 from '@peculiar/x509';
import { Agent, request } from 'undici';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';

export interface Enrolled extends EnrolAnswer {
  readonly keyPem: string;
}

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

export async function newCsr(name: string | null): Promise<{ csr: string; keyPem: string }> {
  const keys = await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({
    ...(name === null ? {} : { name: `CN=${name}` }),
    keys,
    signingAlgorithm: EC,
  });
  return {
    csr: csr.toString('pem'),
    keyPem: x509.PemConverter.encode(
      await webcrypto.subtle.exportKey('pkcs8', keys.privateKey),
      'PRIVATE KEY',
    ),
  };
}

/** What a node signs with the key that it has: ECDSA over the text, r and s joined. */
export function proofOf(keyPem: string, request: { token: string; name: string; csr: string }): string {
  const key = { key: keyPem, dsaEncoding: 'ieee-p1363' } as const;
  return sign('sha256', Buffer.from(proofText(request)), key).toString('base64url');
}

/** Joins as an agent would. `changes` spoils the request; `oldKeyPem` in it signs the request with the node's key. */
export async function enrol(
  server: { agentsUrl: string },
  token: string,
  changes: Record<string, unknown> = {},
) {
  const name = typeof changes.name === 'string' ? changes.name : 'mta1.example.com';
  const { csr, keyPem } = await newCsr(name);
  const { oldKeyPem, ...others } = changes;
  const body = { token, name, csr, agentVersion: '0.0.0-test', ...others };
  const proof = typeof oldKeyPem === 'string' ? { proof: proofOf(oldKeyPem, body) } : {};
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  const answer = await request(`${server.agentsUrl}/enrol`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, ...proof }),
    dispatcher,
  });
  const said = (await answer.body.json()) as EnrolAnswer & { code: string; detail: string };
  await dispatcher.close();
  return { status: answer.statusCode, body: said, enrolled: { ...said, keyPem } as Enrolled };
}

export interface TestAgent {
  readonly socket: WebSocket;
  /** Everything that has come, in order. */
  readonly inbox: ServerMessage[];
  readonly closed: Promise<{ code: number; reason: string }>;
  send(message: AgentMessage | string): void;
  /** The first message of this type that has not been taken yet. */
  take<T extends ServerMessage['type']>(type: T): Promise<Extract<ServerMessage, { type: T }>>;
  close(): Promise<void>;
}

export interface Refused {
  readonly status: number;
  readonly body: { code: string };
}

/** Opens the WebSocket; the answer to the upgrade when it is refused. */
export async function connect(identity: {
  url: string;
  authority: string;
  certificate?: string;
  keyPem?: string;
}): Promise<TestAgent | Refused> {
  const socket = new WebSocket(identity.url, {
    ca: identity.authority,
    ...(identity.certificate === undefined ? {} : { cert: identity.certificate, key: identity.keyPem }),
    perMessageDeflate: false,
  });
  onTestFinished(() => socket.terminate());
  const inbox: ServerMessage[] = [];
  const waiting: (() => void)[] = [];
  socket.on('message', (data) => {
    inbox.push(JSON.parse(String(data)) as ServerMessage);
    for (const wake of waiting.splice(0)) wake();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      resolve({ code, reason: String(reason) });
      for (const wake of waiting.splice(0)) wake();
    });
  });
  const refusal = await new Promise<Refused | null>((resolve, reject) => {
    socket.on('open', () => resolve(null));
    socket.on('error', reject);
    socket.on('unexpected-response', (_request, response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as { code: string } }),
      );
    });
  });
  if (refusal) return refusal;
  socket.removeAllListeners('error');
  socket.on('error', () => socket.terminate());
  const taken = new Set<ServerMessage>();
  return {
    socket,
    inbox,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async take(type) {
      for (;;) {
        const message = inbox.find((m) => m.type === type && !taken.has(m));
        if (message) {
          taken.add(message);
          return message as never;
        }
        if (socket.readyState === socket.CLOSED)
          throw new Error(
            `the connection closed before "${type}" came; had ${inbox.map((m) => m.type).join(' ')}`,
          );
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    async close() {
      socket.close();
      await closed;
    },
  };
}

export function hello(changes: Partial<Extract<AgentMessage, { type: 'hello' }>> = {}): AgentMessage {
  return {
    type: 'hello',
    protocolMin: 1,
    protocolMax: 1,
    caps: [],
    agentVersion: '0.0.0-test',
    bootId: 'boot-1',
    clock: new Date().toISOString(),
    description: {
      name: 'mta1.example.com',
      roles: ['mta'],
      os: 'Debian',
      momentum: { version: '3.6.6', from: 'console' },
      tls: { library: 'openssl', version: '1.0.1' },
    },
    stateDigest: null,
    ...changes,
  };
}

/** Connected and welcomed. */
export async function connectedAgent(
  identity: Enrolled,
  changes: Parameters<typeof hello>[0] = {},
): Promise<TestAgent> {
  const agent = await connect(identity);
  if (!('socket' in agent)) throw new Error(JSON.stringify(agent.body));
  agent.send(hello(changes));
  await agent.take('welcome');
  return agent;
}

/** A sign of life of an agent that lives well. */
export function heartbeat(changes: Partial<Extract<AgentMessage, { type: 'heartbeat' }>> = {}): AgentMessage {
  return {
    type: 'heartbeat',
    at: new Date().toISOString(),
    stateDigest: null,
    watchers: [],
    spool: { records: 0, bytes: 0, droppedTotal: 0 },
    ...changes,
  };
}

export function verdict(changes: Partial<Verdict> = {}): Verdict {
  return {
    control: 'MOM-TLS-001',
    title: 'SSLv3 is disabled',
    severity: 'high',
    status: 'fail',
    subject: 'inbound',
    summary: 'One binding offers SSLv3.',
    violations: [
      {
        at: { file: '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf', line: 12 },
        found: '+ALL',
        proposed: '+ALL:-SSLv3',
      },
    ],
    reason: null,
    remediation: 'tls-protocols',
    sources: [],
    ...changes,
  };
}

export function transition(seq: number, changes: Partial<Verdict> = {}, bootId = 'boot-1'): AgentMessage {
  return {
    type: 'transition',
    bootId,
    seq,
    at: new Date().toISOString(),
    previous: null,
    verdict: verdict(changes),
  };
}

/** A whole state in one part. */
export function state(verdicts: Verdict[]): AgentMessage {
  return {
    type: 'state',
    digest: stateDigest(verdicts),
    part: 1,
    parts: 1,
    observedAt: new Date().toISOString(),
    verdicts,
  };
}
