import { judgeAnswers, type SubjectAnswer } from '../../knowledge/listeners/answer.js';
import { networkAnswers } from '../../knowledge/listeners/console-network.js';
import { socketsOf } from '../../knowledge/listeners/entrances.js';
import { defineControl } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

export default defineControl({
  id: 'MOM-CTL-001',
  slug: 'console-network',
  title: 'Control_Listener not on network w/o auth',
  severity: 'critical',
  otherSeverities: ['high'],
  subject: 'console',
  reads: ['momentumConfig'],
  sources: [manual3('conf.aaa'), manual3('eccluster.conf3')],
  remediation: 'control-listener',
  params: {},

  evaluate({ facts }) {
    const { severity, subject } = this;
    const sockets = socketsOf(facts, 'control_listener').filter(({ enabled }) => enabled);
    const answers = sockets.flatMap((socket) =>
      networkAnswers(socket).map((answer): SubjectAnswer => ({ subject: socket.subject, ...answer })),
    );
    const none = 'There is no Control_Listener with a Listen.';
    return judgeAnswers(
      { severity, subject, what: 'a further Listen of the console', none },
      facts.momentumConfig,
      answers,
    );
  },
});
