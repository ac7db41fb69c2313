import { expect, test } from 'vitest';
import { pagedServer } from '../../testing/paged-server.js';
import { getFinding } from './findings.js';
import { createSilence } from './silences.js';

const SOURCE = { control: 'MOM-TLS-004' } as const;

test('what follows from a cause that is there is held from the start; its page names the cause', async () => {
  const s = await pagedServer();
  await s.say('release', SOURCE);
  await s.heard(1);
  await s.say('inbound');
  const source = await s.finding('release', SOURCE.control);
  const target = await s.finding('inbound');
  expect(target.inhibitedBy).toBe(source.id);
  expect(await getFinding(s.ctx, target.id)).toMatchObject({
    state: 'open',
    silence: null,
    inhibition: {
      findingId: source.id,
      control: SOURCE.control,
      why: expect.stringContaining('TLS_Protocols'),
    },
    history: [{}, { why: expect.stringMatching(/^inhibited by MOM-TLS-004: /) }],
  });
  expect(await s.heardInAll()).toEqual(['firing']);
});

test('the cause opens after its consequence was told: no more is said of it, and its end is', async () => {
  const s = await pagedServer();
  await s.say('inbound');
  await s.heard(1);
  await s.say('release', SOURCE);
  await s.heard(2);
  expect((await s.finding('inbound')).inhibitedBy).not.toBeNull();
  await s.say('inbound', { status: 'pass' });
  expect(await s.heard(3)).toEqual(['firing', 'firing', 'resolved']);
  expect(s.pages[2]?.body.data.alert.control).toBe('MOM-TLS-001');
});

test('the cause is gone: what is still open and nobody was told of pages', async () => {
  const s = await pagedServer();
  await s.say('release', SOURCE);
  await s.heard(1);
  await s.say('inbound');
  await s.say('release', { ...SOURCE, status: 'pass' });
  await s.heard(3);
  expect((await s.finding('inbound')).inhibitedBy).toBeNull();
  expect(s.pages.map(({ body }) => `${body.type} ${body.data.alert.control}`).sort()).toEqual([
    'alert.firing MOM-TLS-001',
    'alert.firing MOM-TLS-004',
    'alert.resolved MOM-TLS-004',
  ]);
});

test('a cause that was told and is gone says nothing anew of what was told before it', async () => {
  const s = await pagedServer();
  await s.say('inbound');
  await s.heard(1);
  await s.say('release', SOURCE);
  await s.heard(2);
  await s.say('release', { ...SOURCE, status: 'pass' });
  await s.heard(3);
  expect(await s.heardInAll()).toEqual(['firing', 'firing', 'resolved']);
});

test('a consequence that becomes worse than its cause pages; milder again, it is held', async () => {
  const s = await pagedServer();
  await s.say('release', { ...SOURCE, severity: 'high' });
  await s.say('inbound', { severity: 'high' });
  expect((await s.finding('inbound')).inhibitedBy).not.toBeNull();
  await s.say('inbound', { severity: 'critical' });
  expect((await s.finding('inbound')).inhibitedBy).toBeNull();
  await s.heard(2);
  await s.say('release', { ...SOURCE, severity: 'critical' });
  expect((await s.finding('inbound')).inhibitedBy).not.toBeNull();
});

test('a silence and a cause hold at once: both must end', async () => {
  const s = await pagedServer();
  await s.say('release', SOURCE);
  await s.heard(1);
  const endsAt = s.clock.now() + 3_600_000;
  const made = await createSilence(s.ctx, 'user:olga', {
    matchers: { control: 'MOM-TLS-001' },
    reason: 'an upgrade',
    schedule: { zone: 'UTC', startsAt: null, endsAt },
  });
  if (!made.ok) throw made.error;
  await s.say('inbound');
  expect(await s.finding('inbound')).toMatchObject({
    silenceId: made.value.id,
    inhibitedBy: expect.any(String),
  });
  await s.say('release', { ...SOURCE, status: 'pass' });
  await s.heard(2);
  expect(await s.finding('inbound')).toMatchObject({ silenceId: made.value.id, inhibitedBy: null });
  expect(await s.heardInAll()).toEqual(['firing', 'resolved']);
});
