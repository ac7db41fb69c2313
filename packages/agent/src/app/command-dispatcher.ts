import { parseJson } from '@castellan/shared/base/parse-json';
import { err, ok, type Result } from '@castellan/shared/base/result';
import { CasError, casError } from '@castellan/shared/errors/cas-error';
import { plainText } from '@castellan/shared/model/bounds';
import type { Plan } from '@castellan/shared/model/plan';
import type { RunEvent } from '@castellan/shared/model/run';
import type { ApplyCommand, CommandPayload } from '@castellan/shared/protocol/command';
import type { AgentMessage, Command } from '@castellan/shared/protocol/messages';
import { openSealed } from '../link/open-sealed.js';
import { type Clock, instant } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import { StateProblem } from '../ports/state-store.js';
import { remediations } from '../registry/remediations.generated.js';
import { refusalOf } from '../runner/admission.js';
import type { ServerIssuing } from '../units/issuing.js';
import type { Remediation } from '../units/remediation.js';
import type { ServerClock } from './server-clock.js';

/** What carries out a remediation, with secrets opened. The same for a command from the server and one from the shell. */
export interface Executor {
  /** Finishes or undoes what a killed run left behind. */
  recover(progress: (event: RunEvent) => void): Promise<void>;
  /** Whether the run was begun here: its own events say how it ends, at the latest after the next start. */
  hasBegun(runId: string): boolean;
  /** Runs that are worth another try; absent: none ever is. */
  unfinished?(): number;
  /** Whether another living process (`castellan-agent apply`) carries a run out on this node now; absent: none ever does. */
  isOtherAtIt?(): boolean;
  /** How the latest runs ended, as it was told then: whoever lost it hears it again. */
  lastWords?(): readonly RunEvent[];
  /** `services`: how the server signs certificates of services; absent: it was not the server that asked. */
  plan(
    slug: string,
    params: Readonly<Record<string, string>>,
    services?: ServerIssuing,
  ): Promise<Result<Plan>>;
  apply(request: ExecutorApply, progress: (event: RunEvent) => void): Promise<void>;
}

export interface ExecutorApply {
  readonly runId: string;
  readonly slug: string;
  readonly params: Readonly<Record<string, string>>;
  readonly planDigest: string;
  /** As for a plan. */
  readonly services?: ServerIssuing;
}

export interface CommandDispatcherDeps {
  readonly executor: Executor;
  readonly allow: readonly string[];
  /** Whether the node's own administrator forbids changes, now. */
  isAuditOnly(): boolean;
  /** The node's keys that a parameter may be sealed to, the newest first; none: not enrolled. */
  keys(): readonly string[];
  readonly clock: Clock;
  readonly serverClock: Pick<ServerClock, 'fault'>;
  readonly log: Log;
  /** Numbered, kept until acknowledged. */
  progress(event: RunEvent): void;
}

type Answer = (message: AgentMessage) => boolean;

/** Takes commands that the gate let through: the node's own word first, then the executor. */
export class CommandDispatcher {
  readonly #deps: CommandDispatcherDeps;
  #underWay = new Set<Promise<void>>();
  /** Ids of the commands that are being carried out. */
  readonly #inHand = new Set<string>();

  constructor(deps: CommandDispatcherDeps) {
    this.#deps = deps;
  }

  recover(): Promise<void> {
    return this.#deps.executor.recover((event) => this.#deps.progress(event));
  }

  /**
   * Takes what the gate says of a command, to its end. Whatever is not carried out is answered by `commandRefused` with
   * the true reason, also what failed here before it was begun.
   */
  take(command: Command, gate: Promise<Result<CommandPayload>>, answer: Answer): Promise<void> {
    const work = this.#answered(command, gate, answer).finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
    return work;
  }

  /** Resolves when nothing is being carried out. */
  async idle(): Promise<void> {
    await Promise.allSettled([...this.#underWay]);
  }

  async #answered(
    { commandId, jws }: Command,
    gate: Promise<Result<CommandPayload>>,
    answer: Answer,
  ): Promise<void> {
    const { log, executor } = this.#deps;
    const refuse = (error: CasError): void => {
      const { code } = error;
      log.error({ event: 'command.refused', commandId, code }, 'a command was refused');
      answer({ type: 'commandRefused', commandId, ...told(error) });
    };
    let runId: string | null = null;
    try {
      const payload = await gate;
      if (!payload.ok) {
        if (!this.#isRepeatInHand(commandId, jws, payload.error)) refuse(payload.error);
        return;
      }
      runId = payload.value.kind === 'apply' ? payload.value.runId : null;
      this.#inHand.add(commandId);
      await this.#carryOut(commandId, payload.value, answer, refuse);
    } catch (cause) {
      log.error({ event: 'command.failed', commandId, err: cause }, 'a command failed');
      if (runId === null || !executor.hasBegun(runId)) refuse(errorOf(cause));
    } finally {
      this.#inHand.delete(commandId);
    }
  }

  /**
   * A repeat is what "at least once" looks like: what is being carried out, or was begun, is told by its run. One that
   * was remembered and never begun (a kill between the two) will not be, so that it is refused as what it is.
   */
  #isRepeatInHand(commandId: string, jws: string, error: CasError): boolean {
    if (error.code !== 'CAS_COMMAND_REPLAYED') return false;
    const runId = runIdIn(jws);
    const isInHand = this.#inHand.has(commandId) || (runId !== null && this.#deps.executor.hasBegun(runId));
    if (isInHand) this.#deps.log.info({ event: 'command.repeated', commandId }, 'a command came again');
    return isInHand;
  }

  async #carryOut(
    commandId: string,
    command: CommandPayload,
    answer: Answer,
    refuse: (error: CasError) => void,
  ): Promise<void> {
    this.#deps.log.info(
      { event: 'command.taken', commandId, kind: command.kind, remediation: command.remediation },
      'a command is carried out',
    );
    if (command.kind === 'plan') {
      const plan = await this.#plan(command);
      answer({
        type: 'plan',
        commandId,
        plan: plan.ok ? plan.value : null,
        error: plan.ok ? null : told(plan.error),
      });
      return;
    }
    // Before a secret is opened for what is not let in.
    const refusal = refusalOf(this.#deps, command.remediation);
    const params = refusal ? err(refusal) : await this.#opened(command.remediation, command.params);
    if (!params.ok) {
      refuse(params.error);
      this.#refuse(command, params.error);
      return;
    }
    const { runId, remediation: slug, planDigest } = command;
    await this.#deps.executor.apply(
      { runId, slug, params: params.value, planDigest, services: issuingBy(command) },
      (event) => {
        // Said at once as well: the numbered line that follows may wait in a spool, or for room on a full disk.
        const isRefusal = event.index === 1 && (event.state === 'refused' || event.state === 'stale');
        if (isRefusal && event.error !== undefined)
          answer({ type: 'commandRefused', commandId, code: event.error, detail: event.line });
        this.#deps.progress(event);
      },
    );
  }

  async #plan(command: CommandPayload): Promise<Result<Plan>> {
    const { remediation: slug } = command;
    const params = await this.#opened(slug, command.params);
    return params.ok ? this.#deps.executor.plan(slug, params.value, issuingBy(command)) : params;
  }

  async #opened(
    slug: string,
    given: Readonly<Record<string, string>>,
  ): Promise<Result<Readonly<Record<string, string>>>> {
    const remediation: Remediation | undefined = remediations.find((one) => one.slug === slug);
    if (!remediation)
      return err(casError('CAS_REMEDIATION_UNKNOWN', `there is no remediation "${slug}" in this agent`));
    const clockFault = remediation.datesByClock ? this.#deps.serverClock.fault : null;
    if (clockFault) return err(clockFault);
    const opened: Record<string, string> = {};
    for (const [name, value] of Object.entries(given)) {
      if (remediation.params[name]?.kind !== 'secret') {
        opened[name] = value;
        continue;
      }
      const secret = await this.#openedBy(value);
      if (!secret.ok) return secret;
      opened[name] = secret.value;
    }
    return ok(opened);
  }

  /** A secret that was sealed before a renewal is opened by the key before. */
  async #openedBy(sealed: string): Promise<Result<string>> {
    let last: Result<string> = err(casError('CAS_NOT_ENROLLED'));
    for (const key of this.#deps.keys()) {
      last = await openSealed(sealed, key);
      if (last.ok) return last;
    }
    return last;
  }

  #refuse({ runId }: ApplyCommand, error: CasError): void {
    const event: RunEvent = {
      runId,
      index: 1,
      at: instant(this.#deps.clock),
      state: 'refused',
      line: plainText(error.detail.slice(0, 2048)),
      error: error.code,
    };
    this.#deps.progress(event);
  }
}

function told(error: CasError): { readonly code: string; readonly detail: string } {
  return { code: error.code, detail: plainText(error.detail.slice(0, 4096)) };
}

function errorOf(cause: unknown): CasError {
  if (cause instanceof CasError) return cause;
  if (cause instanceof StateProblem) return casError('CAS_STATE_UNUSABLE', cause.message, cause);
  return casError('CAS_INTERNAL', 'the command failed on the node; its log says more', cause);
}

/** Who signs certificates of services, as the command says. */
function issuingBy({ services }: CommandPayload): ServerIssuing {
  if (services === undefined)
    return { why: 'the server is of a version that signs no certificates of services: upgrade it' };
  return 'why' in services ? services : { authorityPem: services.authority, daysMax: services.daysMax };
}

/** The run that a command names. Only for one whose signature the gate has checked. */
function runIdIn(jws: string): string | null {
  const payload = parseJson(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8'));
  const runId = (payload as { runId?: unknown } | null)?.runId;
  return typeof runId === 'string' ? runId : null;
}
