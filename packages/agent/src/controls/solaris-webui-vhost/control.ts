import { defineControl, fail, indeterminate, notApplicable, pass } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

export default defineControl({
  id: 'MOM-SOL-001',
  slug: 'solaris-webui-vhost',
  title: 'Solaris web UI starts with SSL',
  severity: 'medium',
  subject: 'webui',
  reads: ['install', 'webuiHttpd'],
  sources: [manual3('install.solaris'), manual3('install.security')],
  remediation: 'webui-vhost',
  params: {},

  evaluate({ facts: { install, webuiHttpd } }) {
    if (install.os.family === 'linux') return notApplicable('This is not Solaris.');
    if (install.os.family === 'unknown') return indeterminate('Which system this is is not known.');
    if (webuiHttpd.state === 'missing') return notApplicable('This node has no web UI.');
    if (webuiHttpd.state !== 'parsed')
      return indeterminate(`${webuiHttpd.path} could not be read. Run as root.`);
    const vhost = webuiHttpd.vhosts.find((v) => v.sslEngine && /(^|\s)_default_:/i.test(v.address));
    const [unread] = webuiHttpd.unread;
    if (!vhost && unread)
      return indeterminate(`${unread} could not be read, and may hold a virtual host named _default_.`);
    const [unknown] = webuiHttpd.unknowns;
    if (!vhost && unknown)
      return indeterminate(
        `A virtual host named _default_ may be there: ${unknown.file}:${unknown.line}: ${unknown.why}.`,
      );
    if (!vhost && webuiHttpd.authority.kind === 'differs')
      return indeterminate(
        `${webuiHttpd.authority.program} sees other virtual hosts than ${webuiHttpd.path} names.`,
      );
    if (!vhost) return pass('No virtual host with SSL is named _default_.');
    if (webuiHttpd.nameServiceCache === false) return pass('The name-service cache is off.');
    if (webuiHttpd.nameServiceCache === null)
      return indeterminate(
        'Whether the name-service cache is on could not be told: run svcs name-service-cache.',
      );
    return fail('The web UI does not start: _default_ with SSL, and the name-service cache is on', [
      {
        at: { file: vhost.file, line: vhost.line },
        found: `<VirtualHost ${vhost.address}>`,
        proposed: `<VirtualHost ${vhost.address.replace(/_default_/gi, '*')}>`,
      },
    ]);
  },
});
