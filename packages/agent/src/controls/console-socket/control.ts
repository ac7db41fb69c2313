import { judgeAnswers, type SubjectAnswer } from '../../knowledge/listeners/answer.js';
import { socketAnswers } from '../../knowledge/listeners/console-socket.js';
import { socketsOf } from '../../knowledge/listeners/entrances.js';
import { defineControl } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

export default defineControl({
  id: 'MOM-CTL-002',
  slug: 'console-socket',
  title: 'Control socket mode',
  severity: 'high',
  subject: 'console-socket',
  reads: ['momentumConfig', 'controlSocket'],
  sources: [manual3('conf.aaa'), manual3('eccluster.conf3')],
  remediation: 'control-listener',
  params: {},

  evaluate({ facts }) {
    const { severity, subject } = this;
    const answers = socketsOf(facts, 'control_listener')
      .filter(({ reach, enabled }) => reach === 'socket' && enabled)
      .flatMap((socket) => {
        const seen = facts.controlSocket.sockets.find(
          ({ instance, path }) => instance === socket.instance && path === socket.name,
        );
        return socketAnswers(socket, seen).map(
          (answer): SubjectAnswer => ({ subject: socket.subject, ...answer }),
        );
      });
    const none = 'The console has no Unix socket.';
    return judgeAnswers(
      { severity, subject, what: 'a further socket of the console', none },
      facts.momentumConfig,
      answers,
    );
  },
});
