import { execFileSync } from 'node:child_process';
import { stateDigest } from '@castellan/shared/model/state-digest';
import { describe, expect, test } from 'vitest';
import {
  connect,
  connectedAgent,
  enrol,
  hello,
  newCsr,
  state,
  type TestAgent,
  transition,
  verdict,
} from '../../testing/agent.js';
import { enrolNew, eventually, newToken, startTestServer } from '../../testing/server.js';
import { authorityMaker } from '../adapters/authority.js';
import type { Clock } from '../ports/clock.js';
import { revokeNode } from '../services/nodes.js';

describe('a node that joins', () => {
  test('gets a certificate in its own name for its own key, and may connect with it', async () => {
    const server = await startTestServer();
    const enrolled = await enrolNew(server);
    const agent = await connectedAgent(enrolled);
    expect(agent.inbox[0]).toMatchObject({ type: 'welcome', nodeId: enrolled.nodeId, protocol: 1 });
    expect((await server.ctx.store.read.nodes.get(enrolled.nodeId))?.connected).toBe(true);
    await agent.close();
    await eventually(
      async () => (await server.ctx.store.read.nodes.get(enrolled.nodeId))?.connected === false,
      'the parting',
    );
  });

  test.each([
    [
      'was used up',
      async (server: Parameters<typeof newToken>[0]) => {
        const token = await newToken(server);
        await enrol(server, token);
        return token;
      },
      'CAS_TOKEN_USED',
      401,
    ],
    [
      'is not known',
      async (server: Parameters<typeof newToken>[0]) =>
        (await newToken(server)).replace(/\.[\w-]{43}\./, `.${'x'.repeat(43)}.`),
      'CAS_TOKEN_UNKNOWN',
      401,
    ],
    [
      'is cut short',
      async (server: Parameters<typeof newToken>[0]) => (await newToken(server)).slice(0, -4),
      'CAS_TOKEN_MALFORMED',
      400,
    ],
  ])('with a token that %s is refused, and told so', async (_name, tokenOf, code, status) => {
    const server = await startTestServer();
    const answer = await enrol(server, await tokenOf(server));
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test('with a token that has expired is refused, and told so', async () => {
    let ahead = 0;
    const clock: Clock = { now: () => Date.now() + ahead };
    const server = await startTestServer({ adapters: { clock, maker: authorityMaker(clock) } });
    const token = await newToken(server, { ttlSeconds: 60 });
    ahead = 61_000;
    expect((await enrol(server, token)).body.code).toBe('CAS_TOKEN_EXPIRED');
  });

  test.each([
    ['names another node', async () => (await newCsr('mta2.example.com')).csr],
    ['is no request at all', async () => 'hello'],
    [
      'has a key of another kind',
      async () =>
        execFileSync(
          'openssl',
          [
            'req',
            '-new',
            '-newkey',
            'rsa:2048',
            '-nodes',
            '-keyout',
            '/dev/null',
            '-subj',
            '/CN=mta1.example.com',
          ],
          { stdio: ['ignore', 'pipe', 'ignore'] },
        ).toString(),
    ],
  ])('with a certificate request that %s is refused, and the token stays good', async (_name, csrOf) => {
    const server = await startTestServer();
    const token = await newToken(server);
    const refused = await enrol(server, token, { csr: await csrOf() });
    expect([refused.status, refused.body.code]).toEqual([400, 'CAS_CSR_INVALID']);
    expect((await enrol(server, token)).status).toBe(200);
  });

  test('again under its name and with its key gets a new certificate, and the old one is revoked', async () => {
    const server = await startTestServer();
    const first = await enrolNew(server);
    const second = (await enrol(server, await newToken(server), { oldKeyPem: first.keyPem })).enrolled;
    expect(second.nodeId).toBe(first.nodeId);
    expect(await connect(first)).toMatchObject({ status: 401, body: { code: 'CAS_CERT_REVOKED' } });
    await connectedAgent(second);
  });
});

describe('a connection', () => {
  test('without a certificate is refused before the handshake', async () => {
    const server = await startTestServer();
    const { url, authority } = await enrolNew(server);
    expect(await connect({ url, authority })).toMatchObject({
      status: 401,
      body: { code: 'CAS_CERT_MISSING' },
    });
  });

  test('with a certificate of another authority is refused, also when it carries the name of a node', async () => {
    const server = await startTestServer();
    const enrolled = await enrolNew(server);
    const maker = authorityMaker({ now: () => Date.now() });
    const other = await maker.open(await maker.make(server.ctx.facts.serverId));
    const { csr, keyPem } = await newCsr('mta1.example.com');
    const issued = await other.issueNode({
      csrPem: csr,
      nodeId: enrolled.nodeId,
      name: 'mta1.example.com',
      lifeMs: 60_000,
    });
    expect(issued.ok).toBe(true);
    const certificate = issued.ok ? issued.value.pem : '';
    expect(await connect({ ...enrolled, certificate, keyPem })).toMatchObject({
      status: 401,
      body: { code: 'CAS_CERT_UNKNOWN_CA' },
    });
  });

  test('with the certificate of a server of ours is refused: it is no node', async () => {
    const server = await startTestServer();
    const enrolled = await enrolNew(server);
    const { certificatePem, keyPem } = await server.ctx.authorities.serving.issueServer([enrolled.nodeId]);
    expect(await connect({ ...enrolled, certificate: certificatePem, keyPem })).toMatchObject({
      status: 401,
      body: { code: 'CAS_CERT_UNKNOWN_CA' },
    });
  });

  test('with an expired certificate is refused', async () => {
    let ahead = 0;
    const clock: Clock = { now: () => Date.now() + ahead };
    const server = await startTestServer({ adapters: { clock, maker: authorityMaker(clock) } });
    const enrolled = await enrolNew(server);
    ahead = 91 * 86_400_000;
    expect(await connect(enrolled)).toMatchObject({ status: 401, body: { code: 'CAS_CERT_EXPIRED' } });
  });

  test('with a revoked certificate is refused, and one that is open is closed', async () => {
    const server = await startTestServer();
    const enrolled = await enrolNew(server);
    const agent = await connectedAgent(enrolled);
    await revokeNode(server.ctx, 'user:admin', enrolled.nodeId, 'stolen');
    expect((await agent.closed).code).toBe(4003);
    expect(await connect(enrolled)).toMatchObject({ status: 401, body: { code: 'CAS_CERT_REVOKED' } });
  });

  test('closes the older one of the same node', async () => {
    const server = await startTestServer();
    const enrolled = await enrolNew(server);
    const older = await connectedAgent(enrolled);
    const newer = await connectedAgent(enrolled);
    expect((await older.closed).code).toBe(4001);
    newer.send(transition(1));
    expect(await newer.take('ack')).toMatchObject({ upTo: 1 });
    expect((await server.ctx.store.read.nodes.get(enrolled.nodeId))?.connected).toBe(true);
  });
});

describe('a frame', () => {
  test.each([
    ['that is not JSON', '{"type":', 1008, 'CAS_FRAME_NOT_JSON'],
    ['of an unknown type', '{"type":"reboot"}', 1008, 'CAS_MESSAGE_UNKNOWN'],
    ['that does not fit its schema', '{"type":"transition","seq":0}', 1008, 'CAS_FRAME_INVALID'],
    ['that is a second hello', JSON.stringify(hello()), 1008, 'CAS_FRAME_INVALID'],
  ])(
    '%s ends its session with a reason, is counted, and harms nobody else',
    async (_name, frame, closeCode, code) => {
      const server = await startTestServer();
      const agent = await connectedAgent(await enrolNew(server));
      const other = await connectedAgent(await enrolNew(server, 'mta2.example.com'));
      agent.send(frame);
      expect(await agent.take('error')).toMatchObject({ code });
      expect((await agent.closed).code).toBe(closeCode);
      expect(server.ctx.counters.entries('framesRefused')).toEqual([[code, 1]]);
      other.send(transition(1));
      expect(await other.take('ack')).toMatchObject({ upTo: 1 });
    },
  );

  test('larger than 1 MiB ends its session with 1009, and is counted', async () => {
    const server = await startTestServer();
    const agent = await connectedAgent(await enrolNew(server));
    agent.send(`{"type":"heartbeat","x":"${'x'.repeat(1024 * 1024)}"}`);
    expect((await agent.closed).code).toBe(1009);
    await eventually(() => server.ctx.counters.entries('framesRefused').length > 0, 'the count');
    expect(server.ctx.counters.entries('framesRefused')).toEqual([['CAS_FRAME_TOO_LARGE', 1]]);
  });

  test('before hello is refused', async () => {
    const server = await startTestServer();
    const agent = (await connect(await enrolNew(server))) as TestAgent;
    agent.send(transition(1));
    expect(await agent.take('error')).toMatchObject({ code: 'CAS_FRAME_INVALID' });
  });

  test('of an agent that speaks no version of ours is told so', async () => {
    const server = await startTestServer();
    const agent = (await connect(await enrolNew(server))) as TestAgent;
    agent.send(hello({ protocolMin: 7, protocolMax: 9 }));
    expect(await agent.take('error')).toMatchObject({ code: 'CAS_PROTOCOL_VERSION' });
    expect((await agent.closed).code).toBe(1008);
  });
});

describe('what a node reports', () => {
  test('is acknowledged once it is stored, and a repeat changes nothing', async () => {
    const server = await startTestServer();
    const enrolled = await enrolNew(server);
    const agent = await connectedAgent(enrolled);
    for (const seq of [1, 2, 3]) agent.send(transition(seq, { subject: `listener ${seq}` }));
    await eventually(() => agent.inbox.some((m) => m.type === 'ack' && m.upTo === 3), 'the acknowledgement');
    const again = await connectedAgent(enrolled);
    again.send(transition(2, { subject: 'something else' }));
    expect(await again.take('ack')).toMatchObject({ bootId: 'boot-1', upTo: 3 });
    const active = await server.ctx.store.read.findings.activeOfNode(enrolled.nodeId);
    expect(active.map((f) => f.subject).sort()).toEqual(['listener 1', 'listener 2', 'listener 3']);
  });

  test('in a new boot begins at 1 again and is never locked out', async () => {
    const server = await startTestServer();
    const enrolled = await enrolNew(server);
    const agent = await connectedAgent(enrolled);
    agent.send(transition(5));
    await agent.take('ack');
    const next = await connectedAgent(enrolled, { bootId: 'boot-2' });
    next.send(transition(1, { status: 'pass' }, 'boot-2'));
    expect(await next.take('ack')).toEqual({ type: 'ack', bootId: 'boot-2', upTo: 1 });
    expect(await server.ctx.store.read.findings.activeOfNode(enrolled.nodeId)).toEqual([]);
  });

  test('with a gap is taken, and the whole state is asked for', async () => {
    const server = await startTestServer();
    const agent = await connectedAgent(await enrolNew(server));
    agent.send(transition(1));
    agent.send(transition(4, { subject: 'other' }));
    expect(await agent.take('needFull')).toMatchObject({ why: 'numbers are missing' });
  });

  test('is compared by digest: only what differs is asked for', async () => {
    const server = await startTestServer();
    const enrolled = await enrolNew(server);
    const verdicts = [verdict(), verdict({ control: 'MOM-PERM-001', status: 'pass' })];
    const first = await connectedAgent(enrolled, { stateDigest: stateDigest(verdicts) });
    await first.take('needFull');
    first.send(state(verdicts));
    await eventually(
      async () => (await server.ctx.store.read.verdicts.ofNode(enrolled.nodeId)).length === 2,
      'the state',
    );
    const second = await connectedAgent(enrolled, { stateDigest: stateDigest(verdicts) });
    second.send({
      type: 'heartbeat',
      at: new Date().toISOString(),
      stateDigest: stateDigest(verdicts),
      watchers: [],
      spool: { records: 0, bytes: 0, droppedTotal: 0 },
    });
    await second.take('heartbeatAck');
    second.send(transition(1, { subject: 'x' }));
    await second.take('ack');
    expect(second.inbox.map((m) => m.type)).not.toContain('needFull');
  });

  test('as a whole state ends the findings whose subject is gone', async () => {
    const server = await startTestServer();
    const enrolled = await enrolNew(server);
    const agent = await connectedAgent(enrolled);
    agent.send(transition(1, { subject: 'gone' }));
    agent.send(transition(2, { subject: 'stays' }));
    agent.send(state([verdict({ subject: 'stays' })]));
    const active = await eventually(async () => {
      const list = await server.ctx.store.read.findings.activeOfNode(enrolled.nodeId);
      // The first of the two may be stored alone for a moment.
      return list.length === 1 && list[0]?.subject !== 'gone' ? list : null;
    }, 'the end of the finding');
    expect(active[0]?.subject).toBe('stays');
  });

  test('as a whole state with a wrong digest is refused and leaves what was known', async () => {
    const server = await startTestServer();
    const enrolled = await enrolNew(server);
    const agent = await connectedAgent(enrolled);
    agent.send(transition(1));
    await agent.take('ack');
    agent.send({ ...state([]), digest: `sha256:${'0'.repeat(64)}` } as never);
    await agent.closed;
    expect(await server.ctx.store.read.findings.activeOfNode(enrolled.nodeId)).toHaveLength(1);
  });

  test('late, from the spool, does not turn the time back', async () => {
    const server = await startTestServer();
    const enrolled = await enrolNew(server);
    const before = new Date(Date.now() - 60_000).toISOString();
    const agent = await connectedAgent(enrolled);
    agent.send(state([verdict({ status: 'pass' })]));
    agent.send({ ...(transition(1) as { type: 'transition' }), at: before } as never);
    await agent.take('ack');
    expect(await server.ctx.store.read.findings.activeOfNode(enrolled.nodeId)).toEqual([]);
  });
});
