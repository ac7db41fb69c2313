import type { Severity } from '@castellan/shared/model/severity';
import type { Facts } from '../../facts/facts.generated.js';
import type { ServedTls } from '../../facts/parts/served-tls.js';
import type { ServedListener } from '../../facts/served-tls.js';
import { fail, type Judgement, judgement, type Outcome, pass } from '../../units/control.js';

/** What the wire says of one rule. `silent`: the rule is not for this listener. */
export type WireSays =
  | {
      readonly kind: 'fault';
      /** What is served: `SSLv3 (TLS_RSA_WITH_RC4_128_SHA)`. */
      readonly found: string;
      readonly proposed: string;
      readonly severity?: Severity;
    }
  | { readonly kind: 'ok'; readonly found: string }
  | { readonly kind: 'unclear'; readonly reason: string }
  | { readonly kind: 'silent' };

interface Asked {
  readonly servedTls: Facts['servedTls'];
  /** Its id. */
  readonly control: string;
  /** Of the control, where its files give one outcome. */
  readonly whole: string;
  /** Under which subject the files were judged for a listener; absent: its own. */
  readonly subjectOnDisk?: string;
  says(served: ServedTls, listener: ServedListener): WireSays;
}

/** What of the columns is put into one sentence; a node has three or four listeners. */
const LISTENERS_TOLD_MAX = 4;

/**
 * The files, the running Momentum and the wire as columns of one verdict. What a listener serves against its files is a
 * failure under a subject of its own; it makes no failure of the files better, and a probe that gave no answer changes
 * nothing but the sentence.
 */
export function withServed(
  disk: Outcome | readonly Judgement[],
  { servedTls, control, whole, subjectOnDisk, says }: Asked,
): readonly Judgement[] {
  const judged = isList(disk) ? disk : [judgement(whole, disk)];
  const told = servedTls.listeners.map((listener) => ({ listener, said: saidBy(listener, says) }));
  const own = told.flatMap(({ listener, said }) => {
    const file = judged.find(({ subject }) => subject === (subjectOnDisk ?? listener.subject));
    const outcome = onItsOwn(said, listener, file);
    const subject = `${listener.subject} served`;
    if (outcome === null) return [];
    // By its files it is right: what runs has not read them.
    const isNotRead = outcome.status === 'fail' && file?.status === 'pass';
    const fix = isNotRead
      ? { remediation: 'config-reload', params: { control, subject } }
      : { remediation: null };
    return [judgement(subject, { ...outcome, ...fix })];
  });
  const besides = (subject: string) =>
    told
      .filter(({ listener }) => subject === (subjectOnDisk ?? listener.subject))
      .flatMap(({ listener, said }) => (said.kind === 'silent' ? [] : [columns(listener, said)]))
      .slice(0, LISTENERS_TOLD_MAX);
  return [...judged.map((one) => withColumns(one, besides(one.subject))), ...own];
}

type Said = WireSays | { readonly kind: 'closed' };

function saidBy(listener: ServedListener, says: Asked['says']): Said {
  const { wire } = listener;
  if (wire.state === 'closed') return { kind: 'closed' };
  return wire.state === 'seen' ? says(wire.served, listener) : { kind: 'unclear', reason: wire.why };
}

/** Null: the wire says nothing that the files do not. */
function onItsOwn(said: Said, listener: ServedListener, file: Judgement | undefined): Outcome | null {
  if (said.kind === 'ok') return pass(`On the wire: ${said.found}.`);
  // A rule that is not for these files is not for what is made of them.
  if (said.kind !== 'fault' || file?.status === 'fail' || file?.status === 'not-applicable') return null;
  const where = addressOf(listener);
  const why =
    file?.status === 'pass'
      ? 'by the files it should not: the running Momentum has not read them, or it is not Momentum that answers there'
      : 'the files do not tell, the wire does';
  return fail(
    `${where} serves ${said.found}; ${why}`,
    [
      {
        at: { ...listener.at, object: `port ${listener.endpoint.port}` },
        found: said.found,
        proposed: said.proposed,
      },
    ],
    said.severity,
  );
}

function columns(listener: ServedListener, said: Exclude<Said, { kind: 'silent' }>): string {
  const running = listener.running === null ? 'not known' : `TLS_Protocols "${listener.running}"`;
  return `On ${addressOf(listener)}: running ${running}; wire ${wireText(said)}.`;
}

function wireText(said: Exclude<Said, { kind: 'silent' }>): string {
  if (said.kind === 'closed') return 'nothing listens';
  return said.kind === 'unclear' ? `inconclusive (${said.reason})` : said.found;
}

function withColumns(one: Judgement, all: readonly string[]): Judgement {
  if (all.length === 0) return one;
  const add = (text: string) => [/[.!?]$/.test(text) ? text : `${text}.`, ...all].join(' ');
  return one.status === 'pass' || one.status === 'fail'
    ? { ...one, summary: add(one.summary) }
    : { ...one, reason: add(one.reason) };
}

function addressOf({ endpoint: { host, port } }: ServedListener): string {
  return `${host}:${port}`;
}

function isList(answer: Outcome | readonly Judgement[]): answer is readonly Judgement[] {
  return Array.isArray(answer);
}
