import { secretSpans } from '@castellan/momentum';
import type { Facts } from '../../facts/facts.generated.js';
import { defineControl, fail, indeterminate, pass, type Violation } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';
import { countOf } from '../../units/wording.js';

interface Secret {
  readonly file: string;
  readonly line: number;
  readonly what: string;
  readonly inComment: boolean;
}

export default defineControl({
  id: 'MOM-CRED-006',
  slug: 'plaintext-passwords',
  title: 'No plaintext passwords in config',
  severity: 'high',
  otherSeverities: ['low'],
  subject: 'configuration',
  reads: ['momentumConfig'],
  // A password stands in a file whether the file loads or not.
  weighsDoubts: true,
  sources: [manual3('modules.ds_core'), manual3('modules.securecreds')],
  remediation: 'securecreds-enable',
  params: {},

  evaluate({ facts: { momentumConfig } }) {
    const secrets = secretsOf(momentumConfig);
    const live = secrets.filter((secret) => !secret.inComment);
    const commented = secrets.filter((secret) => secret.inComment);
    if (live.length > 0) {
      return fail(
        `${countOf(live.length, 'place')} of the configuration with a password in clear text.`,
        [...live, ...commented].map(violation),
      );
    }
    if (commented.length > 0) {
      return fail(
        `${countOf(commented.length, 'place')} with a password in a comment: not used, and readable all the same.`,
        commented.map(violation),
        'low',
      );
    }
    const [doubt] = momentumConfig.doubts;
    if (doubt) return indeterminate(`No password was seen, but ${doubt.reason}`);
    if (momentumConfig.unread.length > 0) {
      const paths = momentumConfig.unread.slice(0, 5).map(({ path }) => path);
      return indeterminate(`No password was seen, but ${paths.join(', ')} could not be read.`);
    }
    return pass('No file of the configuration holds a password in clear text.');
  },
});

/** A file that both main files include is one file. */
function secretsOf({ configs }: Facts['momentumConfig']): Secret[] {
  const texts = new Map(
    configs.flatMap(({ config }) => config.files.map((file) => [file.path, file.text] as const)),
  );
  return [...texts].flatMap(([file, text]) =>
    secretSpans(text).map(({ line, what, inComment }) => ({ file, line, what, inComment })),
  );
}

/** Where and what kind; never the value, nor its length, nor a digest of it: short passwords are guessed from those. */
function violation({ file, line, what, inComment }: Secret): Violation {
  return {
    at: { file, line },
    found: inComment ? `${what} in a comment, value not shown` : `${what} in clear text, value not shown`,
    proposed: inComment
      ? 'the comment without the value; change the password'
      : 'kept by securecreds; change the password',
  };
}
