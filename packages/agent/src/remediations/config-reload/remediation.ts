import { VALIDATE_AND_RELOAD } from '../../knowledge/eccfg/config-edit.js';
import { CONSOLE_SOCKET, EC_CONSOLE, VALIDATE_CONFIG } from '../../knowledge/momentum/programs.js';
import {
  defineRemediation,
  type PlanContext,
  type Planned,
  type Verified,
  type VerifyContext,
} from '../../units/remediation.js';
import type { Step } from '../../units/step.js';

type Reads = 'momentumConfig';

const CONTROLS = [
  'MOM-CRT-007',
  'MOM-TLS-001',
  'MOM-TLS-003',
  'MOM-TLS-005',
  'MOM-TLS-006',
  'MOM-TLS-007',
  'MOM-TLS-008',
  'MOM-TLS-010',
];

export default defineRemediation<Reads>({
  slug: 'config-reload',
  title: 'Have the running Momentum read its configuration',
  fixes: CONTROLS,
  risk: 'Everything that stands in the configuration and is not in force yet comes into force, whoever wrote it.',
  reads: ['momentumConfig'],
  params: {
    control: { kind: 'text', required: true, oneOf: CONTROLS, text: 'the control that saw the difference' },
    subject: { kind: 'text', required: true, text: 'what it judged: the listener, with "served" behind it' },
  },
  timeoutMs: 180_000,
  plan,
  verify,
});

/** No file is put back that would have another reload take it back. */
const STEPS: readonly Step[] = VALIDATE_AND_RELOAD.map((step) =>
  step.kind === 'program' && step.program === EC_CONSOLE
    ? {
        ...step,
        againOnRollback: false,
        lasting: 'what Momentum has read since (config reload) is in force and is not taken back',
      }
    : step,
);

function plan({ facts, params }: PlanContext<Reads>): Planned {
  const mta = facts.momentumConfig.configs.filter(({ kind }) => kind === 'mta');
  if (mta.length === 0)
    return {
      kind: 'refused',
      code: 'CAS_PLAN_REFUSED',
      why: 'this node has no ecelerity.conf: there is no MTA to read it',
    };
  return {
    kind: 'draft',
    draft: {
      steps: STEPS,
      changes: [
        {
          kind: 'program',
          target: VALIDATE_CONFIG,
          summary: 'must say "Configuration valid"',
          before: null,
          after: null,
        },
        {
          kind: 'program',
          target: EC_CONSOLE,
          summary: `${CONSOLE_SOCKET} config reload`,
          before: null,
          after: null,
        },
      ],
      effects: [
        'Momentum reads its configuration again (config reload): all that was edited since it last did comes into force',
      ],
      verification: [
        `${params.text('control')} passes for ${params.text('subject')}: the listener is probed again`,
      ],
      notes: [],
      contents: {},
    },
  };
}

/** The listener itself is asked: a reload that changed nothing is no success. */
async function verify(context: VerifyContext<Reads>): Promise<Verified> {
  const [control, subject] = [context.params.text('control') ?? '', context.params.text('subject') ?? ''];
  const { status, summary } = await context.recheck(control, subject);
  context.note(`${control}, ${subject}: ${status}. ${summary}`);
  return status === 'pass'
    ? { ok: true }
    : { ok: false, why: `${control} is ${status} for ${subject} after the reload: ${summary}` };
}
