import { SERVICE_DAYS_MAX } from '@castellan/shared/model/plan';
import { type Static, Type } from 'typebox';

const Port = Type.Integer({ minimum: 0, maximum: 65_535 });
/** Longer than any path or address that a system takes. */
const LENGTH_MAX = 4096;
const Ms = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum });
const DAY_MS = 86_400_000;
const closed = { additionalProperties: false } as const;

/** Every setting. A change of any of them needs a restart. */
export const Settings = Type.Object(
  {
    version: Type.Literal(1),
    data: Type.String({
      minLength: 1,
      maxLength: LENGTH_MAX,
      description: 'Folder of the database and, unless CASTELLAN_MASTER_KEY is set, of master.key',
    }),
    people: Type.Object(
      {
        host: Type.String({ minLength: 1, maxLength: 253 }),
        port: Port,
        url: Type.String({
          maxLength: LENGTH_MAX,
          description: 'How people reach the console; pages link to it. Empty: made from host and port',
        }),
        tls: Type.Union(
          [
            Type.Object(
              { key: Type.String({ maxLength: LENGTH_MAX }), cert: Type.String({ maxLength: LENGTH_MAX }) },
              closed,
            ),
            Type.Null(),
          ],
          {
            description: 'PEM files of the console; null: plain HTTP, for loopback or behind a proxy',
          },
        ),
        signInsPerMinute: Type.Integer({ minimum: 1, maximum: 10_000, description: 'From one address' }),
        trustedProxies: Type.Array(
          Type.String({ maxLength: 64, pattern: '^[0-9A-Fa-f.:]+(/[0-9]{1,3})?$' }),
          {
            maxItems: 64,
            description: 'Addresses and networks (CIDR) of proxies whose X-Forwarded-For is believed',
          },
        ),
      },
      closed,
    ),
    agents: Type.Object(
      {
        host: Type.String({ minLength: 1, maxLength: 253 }),
        port: Port,
        hostnames: Type.Array(Type.String({ minLength: 1, maxLength: 253 }), {
          minItems: 1,
          maxItems: 64,
          description:
            'Names and addresses in the certificate of the agent listener; agents are told to connect to the first',
        }),
        enrolmentsPerMinute: Type.Integer({ minimum: 1, maximum: 100_000, description: 'From one address' }),
      },
      closed,
    ),
    certificates: Type.Object(
      {
        nodeLifeMs: Type.Union([Ms(60_000, 397 * DAY_MS)], {
          description: "How long a node's certificate is good; the agent renews it at two thirds of that",
        }),
        renewalGraceMs: Type.Union([Ms(0, 397 * DAY_MS)], {
          description:
            "For so long after its end a node's certificate is renewed by proof of its key; after that only a token helps",
        }),
      },
      closed,
    ),
    services: Type.Object(
      {
        domains: Type.Array(
          Type.String({
            maxLength: 253,
            pattern:
              '^([A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*|[0-9A-Fa-f:]+)$',
          }),
          {
            maxItems: 256,
            description:
              'What the authority for services signs for: domains, with every name below them, and single addresses. Empty: nothing',
          },
        ),
        daysMax: Type.Integer({
          minimum: 1,
          maximum: SERVICE_DAYS_MAX,
          description: "The longest that a service's certificate is valid, in days",
        }),
      },
      closed,
    ),
    plans: Type.Object(
      {
        twoPersons: Type.Array(Type.String({ maxLength: 64, pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$' }), {
          maxItems: 1_000,
          description: 'Groups of nodes in which whoever asked for a plan cannot approve it',
        }),
      },
      closed,
    ),
    configuration: Type.Object(
      {
        behindMs: Type.Union([Ms(60_000, 7 * DAY_MS)], {
          description:
            'A node that lacks what a run committed to the repository of the configuration for longer is behind',
        }),
      },
      closed,
    ),
    alerts: Type.Object(
      {
        newPerMinuteMax: Type.Integer({
          minimum: 1,
          maximum: 10_000,
          description:
            'New alerts that a target gets one by one in a minute; more are told together, as one. Critical alerts are counted apart',
        }),
        newOfNodeMax: Type.Integer({
          minimum: 1,
          maximum: 10_000,
          description: 'The same of alerts about one node alone, in ten minutes',
        }),
        heartbeatUrlFile: Type.String({
          maxLength: LENGTH_MAX,
          description:
            'File of a URL that is posted to every minute while the server can send: whoever watches it outside notices that it cannot. Empty: none',
        }),
        stayedAwayMs: Type.Union([Ms(0, 3_600_000)], {
          description:
            'The end of an alert that came back within an hour is told when it has stayed away for so long; after each further time twice that, up to an hour',
        }),
      },
      closed,
    ),
    webhook: Type.Object(
      {
        allowPrivate: Type.Boolean({
          description: 'Permit targets in private networks, by plain HTTP and by mail without TLS',
        }),
      },
      closed,
    ),
    metrics: Type.Object(
      {
        tokenFile: Type.String({
          maxLength: LENGTH_MAX,
          description:
            'File of the token that a scraper of /metrics sends as Bearer. Empty: only for people signed in',
        }),
      },
      closed,
    ),
    heartbeatMs: Type.Union([Ms(100, 600_000)], {
      description: 'Nodes report that often; three missed make a node silent',
    }),
    reconnectWindowMs: Type.Union([Ms(0, 3_600_000)], {
      description: 'Nodes come back spread over this; the grace after a start',
    }),
    log: Type.Object(
      {
        level: Type.Unsafe<'debug' | 'info' | 'warn' | 'error' | 'silent'>({
          type: 'string',
          enum: ['debug', 'info', 'warn', 'error', 'silent'],
        }),
      },
      closed,
    ),
  },
  closed,
);
export type Settings = Static<typeof Settings>;

export const DEFAULTS: Settings = {
  version: 1,
  data: '/var/lib/castellan-server',
  people: { host: '127.0.0.1', port: 8080, url: '', tls: null, signInsPerMinute: 20, trustedProxies: [] },
  agents: { host: '0.0.0.0', port: 8443, hostnames: ['localhost', '127.0.0.1'], enrolmentsPerMinute: 600 },
  certificates: { nodeLifeMs: 90 * DAY_MS, renewalGraceMs: 30 * DAY_MS },
  services: { domains: [], daysMax: 90 },
  plans: { twoPersons: [] },
  configuration: { behindMs: 600_000 },
  alerts: { newPerMinuteMax: 10, newOfNodeMax: 5, stayedAwayMs: 300_000, heartbeatUrlFile: '' },
  webhook: { allowPrivate: false },
  metrics: { tokenFile: '' },
  heartbeatMs: 30_000,
  reconnectWindowMs: 10_000,
  log: { level: 'info' },
};
