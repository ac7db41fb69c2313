import {
  type Config,
  evaluate,
  formatScope,
  parseBoolean,
  type ScopeStep,
  scopesNamed,
} from '@castellan/momentum';
import { type Answer, judgeAnswers, type SubjectAnswer } from '../../knowledge/listeners/answer.js';
import { defineControl } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

const MODULES = ['ds_ldap', 'ds_core'];
/** Levels that say less than DEBUG, as a log daemon has them; the manual shows NOTICE and INFO, and ERROR is the default. */
const QUIETER = new Set([
  'emergency',
  'emerg',
  'alert',
  'critical',
  'crit',
  'error',
  'err',
  'warning',
  'warn',
  'notice',
  'info',
]);

export default defineControl({
  id: 'MOM-LDAP-004',
  slug: 'ldap-debug-log',
  title: 'DEBUG logging of LDAP/ds off',
  severity: 'high',
  subject: 'ds-debug',
  reads: ['momentumConfig'],
  sources: [manual3('conf.ldaps'), manual3('webui-common.example'), manual3('modules.overview.implicit')],
  remediation: null,
  params: {},

  evaluate({ facts }) {
    const { severity, subject } = this;
    const { configs } = facts.momentumConfig;
    const answers = configs.flatMap(({ config, instance }) =>
      MODULES.flatMap((module) =>
        scopesNamed(config, module).map(({ path, at }): SubjectAnswer => {
          const label = formatScope(path);
          return {
            subject: configs.length > 1 ? `${instance} ${label}` : label,
            ...answerOf(config, path, at),
          };
        }),
      ),
    );
    const hasSource = configs.some(({ config }) => scopesNamed(config, 'datasource').length > 0);
    // A module loads with what uses it, and then has its defaults (Manual, modules.overview.implicit).
    const byDefault: SubjectAnswer = {
      subject,
      kind: 'ok',
      summary: 'Data sources log errors only, the default.',
    };
    return judgeAnswers(
      { severity, subject: `${subject} unread`, what: 'a debug level', none: 'There is no data source.' },
      facts.momentumConfig,
      answers.length === 0 && hasSource ? [byDefault] : answers,
    );
  },
});

function answerOf(config: Config, path: readonly ScopeStep[], at: { file: string; line: number }): Answer {
  const label = formatScope(path);
  const enabled = evaluate(config, path, 'enabled');
  const level = evaluate(config, path, 'debug_level');
  if (!enabled.indeterminate && parseBoolean(enabled.text ?? 'true') === false)
    return { kind: 'exempt', reason: 'The module is switched off.' };
  if (level.indeterminate) return { kind: 'doubt', reason: `debug_level in ${label}: ${level.why}` };
  const word = (level.text ?? 'error').trim().toLowerCase();
  if (word === 'debug') {
    const { origin } = level;
    const violation = {
      at: { ...(origin.kind === 'file' ? { file: origin.file, line: origin.line } : at), scope: label },
      found: `debug_level = ${level.text ?? ''}`,
      proposed: 'no debug_level, which is error',
    };
    return enabled.indeterminate
      ? { kind: 'doubt', reason: `enabled in ${label}: ${enabled.why}`, violation }
      : { kind: 'fault', summary: 'Queries are logged with the passwords that they bind with', violation };
  }
  return QUIETER.has(word)
    ? { kind: 'ok', summary: `The debug level is ${word}: queries are not logged.` }
    : {
        kind: 'doubt',
        reason: `debug_level = "${level.text ?? ''}" in ${label} is a level that no page names.`,
      };
}
