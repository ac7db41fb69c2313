import type { Severity } from '@castellan/shared/model/severity';
import type { Knex } from 'knex';

export interface TargetRecord {
  readonly id: string;
  readonly name: string;
  /** Of its channel. */
  readonly kind: string;
  /** As the channel's schema says. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly enabled: boolean;
  readonly secretSealed: string;
  readonly severityMin: Severity;
  /** What is still open and nobody has is said again after this; null: never. */
  readonly remindAfterMs: number | null;
  /** The target that is told of what is critical and could not be delivered here. */
  readonly fallbackId: string | null;
  /** It is told of nothing else. */
  readonly isFallback: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly lastSuccessAt: number | null;
  readonly failingSince: number | null;
  readonly lastProblem: string | null;
}

interface Row {
  id: string;
  name: string;
  kind: string;
  settings_json: string;
  enabled: number;
  secret_sealed: string;
  severity_min: Severity;
  remind_after_ms: number | null;
  fallback_id: string | null;
  is_fallback: number;
  created_at: number;
  updated_at: number;
  last_success_at: number | null;
  failing_since: number | null;
  last_problem: string | null;
}

export function targetRepository(db: Knex) {
  const table = () => db<Row>('targets');
  return {
    async get(id: string): Promise<TargetRecord | null> {
      const row = await table().where({ id }).first();
      return row ? read(row) : null;
    },
    async byName(name: string): Promise<TargetRecord | null> {
      const row = await table().where({ name }).first();
      return row ? read(row) : null;
    },
    async all(): Promise<TargetRecord[]> {
      return (await table().orderBy('name')).map(read);
    },
    async put(target: TargetRecord): Promise<void> {
      const row = write(target);
      await table().insert(row).onConflict('id').merge(row);
    },
    async remove(id: string): Promise<void> {
      await table().where({ id }).delete();
    },
    async succeeded(id: string, at: number): Promise<void> {
      await table().where({ id }).update({ last_success_at: at, failing_since: null, last_problem: null });
    },
    async failed(id: string, at: number, problem: string): Promise<void> {
      await table()
        .where({ id })
        .update({ last_problem: problem, failing_since: db.raw('coalesce(failing_since, ?)', [at]) });
    },
  };
}

function write(target: TargetRecord): Row {
  return {
    id: target.id,
    name: target.name,
    kind: target.kind,
    settings_json: JSON.stringify(target.settings),
    enabled: target.enabled ? 1 : 0,
    secret_sealed: target.secretSealed,
    severity_min: target.severityMin,
    remind_after_ms: target.remindAfterMs,
    fallback_id: target.fallbackId,
    is_fallback: target.isFallback ? 1 : 0,
    created_at: target.createdAt,
    updated_at: target.updatedAt,
    last_success_at: target.lastSuccessAt,
    failing_since: target.failingSince,
    last_problem: target.lastProblem,
  };
}

function read(row: Row): TargetRecord {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    settings: JSON.parse(row.settings_json) as TargetRecord['settings'],
    enabled: Boolean(row.enabled),
    secretSealed: row.secret_sealed,
    severityMin: row.severity_min,
    remindAfterMs: row.remind_after_ms === null ? null : Number(row.remind_after_ms),
    fallbackId: row.fallback_id,
    isFallback: Boolean(row.is_fallback),
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
    lastSuccessAt: row.last_success_at === null ? null : Number(row.last_success_at),
    failingSince: row.failing_since === null ? null : Number(row.failing_since),
    lastProblem: row.last_problem,
  };
}
