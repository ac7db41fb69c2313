import { err, ok, type Result } from '@castellan/shared/base/result';
import { type CasError, casError } from '@castellan/shared/errors/cas-error';
import type { Plan } from '@castellan/shared/model/plan';
import type { RunEvent } from '@castellan/shared/model/run';
import type { ApplyCommand, CommandPayload } from '@castellan/shared/protocol/command';
import type { AgentMessage } from '@castellan/shared/protocol/messages';
import type { Remediation } from '../kit/remediation.js';
import { openSealed } from '../link/open-sealed.js';
import { type Clock, instant } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import { remediations } from '../registry/remediations.generated.js';

/** What carries out a remediation, with secrets opened. The same for a command from the server and one from the shell. */
export interface Carrier {
  /** Finishes or undoes what a killed run left behind. */
  recover(progress: (event: RunEvent) => void): Promise<void>;
  /** Runs that are worth another try; absent: none ever is. */
  unfinished?(): number;
  /** Whether there is a journal of the run; absent: not known. */
  wasBegun?(runId: string): boolean;
  /** How the latest runs ended, as it was told then: whoever lost it hears it again. */
  lastWords?(): readonly RunEvent[];
  plan(slug: string, params: Readonly<Record<string, string>>): Promise<Result<Plan>>;
  apply(request: CarrierApply, progress: (event: RunEvent) => void): Promise<void>;
}

export interface CarrierApply {
  readonly runId: string;
  readonly slug: string;
  readonly params: Readonly<Record<string, string>>;
  readonly planDigest: string;
}

export interface RunDeskDeps {
  readonly carrier: Carrier;
  readonly allow: readonly string[];
  /** Whether the node's own administrator forbids changes, now. */
  isAuditOnly(): boolean;
  /** The node's key, for sealed parameters; null: not enrolled. */
  readonly keyPem: string | null;
  readonly clock: Clock;
  readonly log: Log;
  /** Numbered, kept until acknowledged. */
  progress(event: RunEvent): void;
}

type Answer = (message: AgentMessage) => boolean;

/** Takes commands that the gate let through: the node's own word first, then the carrier. */
export class RunDesk {
  readonly #deps: RunDeskDeps;
  #underWay = new Set<Promise<void>>();

  constructor(deps: RunDeskDeps) {
    this.#deps = deps;
  }

  recover(): Promise<void> {
    return this.#deps.carrier.recover((event) => this.#deps.progress(event));
  }

  /** A command that the gate refused: told, not carried out. */
  take(commandId: string, payload: Result<CommandPayload>, answer: Answer): Promise<void> {
    const work = this.#take(commandId, payload, answer).finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
    return work;
  }

  /** Resolves when nothing is being carried out. */
  async idle(): Promise<void> {
    await Promise.allSettled([...this.#underWay]);
  }

  async #take(commandId: string, payload: Result<CommandPayload>, answer: Answer): Promise<void> {
    const { log } = this.#deps;
    if (!payload.ok) {
      // A repeat is what "at least once" looks like: the first one was carried out and is reported by its run.
      const isRepeat = payload.error.code === 'CAS_COMMAND_REPLAYED';
      log[isRepeat ? 'info' : 'error'](
        { event: 'command.refused', commandId, code: payload.error.code },
        'a command was refused',
      );
      if (!isRepeat) answer({ type: 'plan', commandId, plan: null, error: told(payload.error) });
      return;
    }
    const command = payload.value;
    log.info(
      { event: 'command.taken', commandId, kind: command.kind, remediation: command.remediation },
      'a command is carried out',
    );
    if (command.kind === 'plan') {
      const plan = await this.#plan(command.remediation, command.params);
      answer({
        type: 'plan',
        commandId,
        plan: plan.ok ? plan.value : null,
        error: plan.ok ? null : told(plan.error),
      });
      return;
    }
    const params = this.#permission(command) ?? (await this.#opened(command.remediation, command.params));
    if (params.ok)
      await this.#deps.carrier.apply(
        {
          runId: command.runId,
          slug: command.remediation,
          params: params.value,
          planDigest: command.planDigest,
        },
        (event) => this.#deps.progress(event),
      );
    else this.#refuse(command, params.error);
  }

  async #plan(slug: string, given: Readonly<Record<string, string>>): Promise<Result<Plan>> {
    const params = await this.#opened(slug, given);
    return params.ok ? this.#deps.carrier.plan(slug, params.value) : params;
  }

  /** Null: permitted. The file of the node's administrator wins over all. */
  #permission(command: ApplyCommand): { readonly ok: false; readonly error: CasError } | null {
    if (this.#deps.isAuditOnly()) return err(casError('CAS_AUDIT_ONLY'));
    if (!this.#deps.allow.includes(command.remediation)) {
      return err(
        casError(
          'CAS_COMMAND_NOT_ALLOWED',
          `"${command.remediation}" is not in this node's allow-list (setting "allow")`,
        ),
      );
    }
    return null;
  }

  async #opened(
    slug: string,
    given: Readonly<Record<string, string>>,
  ): Promise<Result<Readonly<Record<string, string>>>> {
    const remediation: Remediation | undefined = remediations.find((one) => one.slug === slug);
    if (!remediation)
      return err(casError('CAS_REMEDIATION_UNKNOWN', `there is no remediation "${slug}" in this agent`));
    const opened: Record<string, string> = {};
    for (const [name, value] of Object.entries(given)) {
      if (remediation.params[name]?.kind !== 'secret') {
        opened[name] = value;
        continue;
      }
      if (this.#deps.keyPem === null) return err(casError('CAS_NOT_ENROLLED'));
      const secret = await openSealed(value, this.#deps.keyPem);
      if (!secret.ok) return secret;
      opened[name] = secret.value;
    }
    return ok(opened);
  }

  #refuse({ runId }: ApplyCommand, error: CasError): void {
    const event: RunEvent = {
      runId,
      index: 1,
      at: instant(this.#deps.clock),
      state: 'refused',
      line: error.detail.slice(0, 2048),
      error: error.code,
    };
    this.#deps.progress(event);
  }
}

function told(error: CasError): { readonly code: string; readonly detail: string } {
  return { code: error.code, detail: error.detail.slice(0, 4096) };
}
