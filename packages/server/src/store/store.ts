import { CasError } from '@castellan/shared/errors/cas-error';
import type { Knex } from 'knex';
import { alertRepository } from './alert.repository.js';
import { AUDIT_WORDS, auditRepository } from './audit.repository.js';
import { authorityRepository } from './authority.repository.js';
import { certificateRepository } from './certificate.repository.js';
import { configurationRepository } from './configuration.repository.js';
import { deliveryRepository } from './delivery.repository.js';
import { asUnavailable, type StoreFailure, storeFailureOf } from './failure.js';
import { findingRepository } from './finding.repository.js';
import { FINDING_WORDS } from './finding-search.js';
import { fleetRepository } from './fleet.repository.js';
import { heldRepository } from './held.repository.js';
import { nodeRepository } from './node.repository.js';
import { notificationRepository } from './notification.repository.js';
import { openDatabase } from './open.js';
import { planRepository } from './plan.repository.js';
import { postureRepository } from './posture.repository.js';
import { makePrivate } from './private-file.js';
import { runRepository } from './run.repository.js';
import { Vocabulary } from './search/vocabulary.js';
import { secretRepository } from './secret.repository.js';
import { serviceAuthorityRepository } from './service-authority.repository.js';
import { silenceRepository } from './silence.repository.js';
import { targetRepository } from './target.repository.js';
import { tokenRepository } from './token.repository.js';
import { userRepository } from './user.repository.js';
import { verdictRepository } from './verdict.repository.js';

/** The words of each index, which all who search have in common. */
interface Vocabularies {
  readonly findings: Vocabulary;
  readonly audit: Vocabulary;
}

function repositories(db: Knex, words: Vocabularies) {
  return {
    alerts: alertRepository(db),
    audit: auditRepository(db, words.audit),
    authorities: authorityRepository(db),
    certificates: certificateRepository(db),
    configurations: configurationRepository(db),
    deliveries: deliveryRepository(db),
    findings: findingRepository(db, words.findings),
    fleet: fleetRepository(db),
    held: heldRepository(db),
    nodes: nodeRepository(db),
    notifications: notificationRepository(db),
    plans: planRepository(db),
    posture: postureRepository(db),
    runs: runRepository(db),
    secrets: secretRepository(db),
    serviceAuthorities: serviceAuthorityRepository(db),
    silences: silenceRepository(db),
    targets: targetRepository(db),
    tokens: tokenRepository(db),
    users: userRepository(db),
    verdicts: verdictRepository(db),
  };
}

export type Repositories = ReturnType<typeof repositories>;

/** A commit of our own is proof for this long that the store takes writes. */
const COMMIT_PROVES_MS = 1_000;

export interface Store {
  /** For reading, on connections of its own: never behind a write. A write through it fails. */
  readonly read: Repositories;
  /** Single statements that need no company: each is a transaction of its own. Never inside `transaction`. */
  readonly write: Repositories;
  /** All or nothing, one after the other. Work gets the only repositories that it may use. */
  transaction<T>(work: (tx: Repositories) => Promise<T>): Promise<T>;
  /** Takes in what the words of the indexes have become, so that the next search need not. */
  followWords(): Promise<void>;
  /** Reads, and commits a row of its own. Throws what is wrong with the store. */
  probe(): Promise<void>;
  /** What the database's own check finds, at most ten lines; empty when it is whole. */
  check(): Promise<readonly string[]>;
  /** Tells of each statement that failed because the store as a whole does. */
  onFailure(tell: (failure: StoreFailure) => void): void;
  /** A consistent copy of the whole database in a new file, while the server runs. */
  backup(file: string): Promise<void>;
  close(): Promise<void>;
}

export async function openStore(file: string): Promise<Store> {
  const { writer, readers, prober, close } = await openDatabase(file).catch(rethrow);
  const words: Vocabularies = {
    findings: new Vocabulary(readers, FINDING_WORDS),
    audit: new Vocabulary(readers, AUDIT_WORDS),
  };
  let committedAtMs = Number.NEGATIVE_INFINITY;
  const transaction: Store['transaction'] = async (work) => {
    const value = await writer
      .transaction(async (trx) => {
        // Takes the write lock before anything is read: a transaction that reads first cannot wait for another process.
        await trx('meta').insert({ name: 'writer', value: '' }).onConflict('name').merge();
        return work(repositories(trx, words));
      })
      .catch(rethrow);
    committedAtMs = performance.now();
    return value;
  };
  return {
    read: told(repositories(readers, words)),
    write: eachAlone(repositories(readers, words), transaction),
    transaction,
    followWords: async () => {
      for (const each of [words.findings, words.audit]) await each.follow().catch(rethrow);
    },
    probe: async () => {
      await readers('meta').first().catch(rethrow);
      // A busy server's commits prove it better than a row of the prober, which would have to wait its turn.
      if (performance.now() - committedAtMs > COMMIT_PROVES_MS) await tryToWrite(prober).catch(rethrow);
    },
    check: async () => {
      const rows = (await readers.raw('pragma quick_check(10)').catch(rethrow)) as { quick_check: string }[];
      return rows.map((row) => row.quick_check).filter((line) => line !== 'ok');
    },
    onFailure: (tell) => {
      for (const connections of [writer, readers])
        connections.on('query-error', (cause: unknown) => {
          const failure = storeFailureOf(cause);
          if (failure) tell(failure);
        });
    },
    backup: async (target) => {
      // It fills an empty file, and would make one with the umask's mode.
      makePrivate(target);
      await writer.raw('vacuum into ?', [target]);
    },
    close,
  };
}

/** A row is written to its end: what is taken back, or only locks, succeeds on a full disk. */
async function tryToWrite(prober: Knex): Promise<void> {
  await prober('meta').insert({ name: 'probe', value: '' }).onConflict('name').merge();
}

/** The store as a whole that fails is one kind of error, which names no statement and no value. */
function rethrow(cause: unknown): never {
  const failure = storeFailureOf(cause);
  if (failure === null || cause instanceof CasError) throw cause;
  throw asUnavailable(failure, cause);
}

/** The same repositories; what they throw because the store fails is told as such. */
function told(shape: Repositories): Repositories {
  const wrap =
    (method: AnyMethod): AnyMethod =>
    (...args) => {
      const value = method(...args);
      return value instanceof Promise ? value.catch(rethrow) : value;
    };
  return eachMethod(shape, (_repository, _name, method) => wrap(method));
}

/** Repositories whose every method is a transaction of its own. */
function eachAlone(shape: Repositories, transaction: Store['transaction']): Repositories {
  return eachMethod(
    shape,
    (repository, name) =>
      (...args) =>
        transaction(async (tx) => (tx[repository] as unknown as Record<string, AnyMethod>)[name]?.(...args)),
  );
}

type AnyMethod = (...args: unknown[]) => unknown;

function eachMethod(
  shape: Repositories,
  wrap: (repository: keyof Repositories, name: string, method: AnyMethod) => AnyMethod,
): Repositories {
  const wrapped = Object.entries(shape).map(([repository, methods]) => {
    const each = Object.entries(methods as Record<string, AnyMethod>).map(
      ([name, method]) => [name, wrap(repository as keyof Repositories, name, method)] as const,
    );
    return [repository, Object.fromEntries(each)] as const;
  });
  return Object.fromEntries(wrapped) as unknown as Repositories;
}
