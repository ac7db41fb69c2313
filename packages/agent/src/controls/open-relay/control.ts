import { type Config, evaluate, formatScope, scopesNamed, settingsNamed } from '@castellan/momentum';
import type { Facts } from '../../facts/facts.generated.js';
import { judgeAnswers, type SubjectAnswer } from '../../knowledge/listeners/answer.js';
import { socketsOf } from '../../knowledge/listeners/entrances.js';
import { isPrivate } from '../../knowledge/listeners/reach.js';
import { defineControl } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';
import { OPTIONS, relayingOf } from './relaying.js';

type Read = Pick<Facts, 'momentumConfig' | 'momentumVersion'>;

export default defineControl({
  id: 'MOM-REL-001',
  slug: 'open-relay',
  title: 'No open relay',
  severity: 'critical',
  otherSeverities: ['high', 'medium'],
  subject: 'relay',
  reads: ['momentumConfig', 'momentumVersion'],
  sources: [manual3('ecelerity.conf'), manual3('conf.ref.relay_hosts'), manual3('conf.ref.relay_domains')],
  remediation: null,
  params: {},

  evaluate({ facts }) {
    const { severity, subject } = this;
    const none = 'There is no SMTP listener.';
    return judgeAnswers(
      { severity, subject, what: 'further listeners, or who may relay', none },
      facts.momentumConfig,
      [...byListener(facts), ...byPathway(facts)],
    );
  },
});

function byListener(facts: Read): SubjectAnswer[] {
  const isSeveral = facts.momentumConfig.configs.length > 1;
  return socketsOf(facts, 'esmtp_listener')
    .filter(({ enabled }) => enabled)
    .flatMap((socket): SubjectAnswer[] => {
      if (socket.reach !== 'network')
        return [{ subject: socket.subject, kind: 'exempt', reason: 'It is reached from this host only.' }];
      return socket.entrances.flatMap((entrance) => {
        const subject = isSeveral ? `${socket.instance} ${entrance.label}` : entrance.label;
        const { peer, isMet } = entrance;
        if (peer?.block && isPrivate(peer.block))
          return [
            { subject, kind: 'exempt', reason: 'Nobody outside has an address of this Peer.' } as const,
          ];
        if (isMet === 'no')
          return [
            { subject, kind: 'exempt', reason: 'Its Peers leave nobody whom it meets itself.' } as const,
          ];
        return relayingOf(entrance.setting, entrance.label, peer?.block ?? null).map(
          (answer): SubjectAnswer => {
            if (answer.kind !== 'fault' || isMet === 'yes') return { subject, ...answer };
            const reason = `Its Peers have every address of one family, and whether ${socket.name} takes the other the system decides.`;
            return { subject, kind: 'doubt', reason, violation: answer.violation };
          },
        );
      });
    });
}

/** A pathway that no line of the configuration attaches may be chosen at run time (Manual, conf.ref.pathway). */
function byPathway({ momentumConfig, momentumVersion: { version } }: Read): SubjectAnswer[] {
  const isSeveral = momentumConfig.configs.length > 1;
  return momentumConfig.configs.flatMap(({ config, instance }) => {
    const attached = new Set(settingsNamed(config, 'pathway').map(({ text }) => text.toLowerCase()));
    return scopesNamed(config, 'pathway')
      .filter(({ path }) => !attached.has(path.at(-1)?.name?.toLowerCase() ?? ''))
      .flatMap(({ path }) => {
        const label = formatScope(path);
        // What it does not say itself is its listener's, which is judged there.
        const own = OPTIONS.filter((option) => isSetIn(config, option, label));
        const setting = (option: string) =>
          evaluate(config, path, option, { momentumVersion: version ?? undefined });
        const subject = isSeveral ? `${instance} ${label}` : label;
        return own.length === 0
          ? []
          : relayingOf(setting, label, null, own).map((answer): SubjectAnswer => ({ subject, ...answer }));
      });
  });
}

function isSetIn(config: Config, option: string, label: string): boolean {
  return settingsNamed(config, option).some((setting) => setting.label === label);
}
