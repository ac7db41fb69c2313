import { type Config, evaluate, formatScope, type TlsLibrary } from '@castellan/momentum';
import { CONFIG_EDIT_PARAMS, type CommitReads } from '../../knowledge/eccfg/commit.js';
import { optionEdits, type WantedOption } from '../../knowledge/eccfg/option-edits.js';
import { planConfigEdit, refused } from '../../knowledge/eccfg/plan-edit.js';
import { runningValue } from '../../knowledge/momentum/running-value.js';
import { librariesOf, otherReader, ownValues } from '../../knowledge/tls/own-values.js';
import { leftBy, UNSET_CIPHERS, withoutWeak } from '../../knowledge/tls/weak/without-weak.js';
import { recheckAll } from '../../units/recheck.js';
import {
  defineRemediation,
  type PlanContext,
  type Planned,
  type Verified,
  type VerifyContext,
} from '../../units/remediation.js';

type Reads = 'momentumConfig' | 'momentumVersion' | CommitReads;

const OPTION = 'TLS_Ciphers';
const CONTROLS = ['MOM-TLS-008'];
const SCOPES_ASKED_MAX = 50;

export default defineRemediation<Reads>({
  slug: 'tls-ciphers',
  title: 'Take weak ciphers off, everywhere',
  fixes: CONTROLS,
  risk: 'Servers and clients that know no better cipher can no longer use TLS with this node: mail to and from them goes in clear text, or not at all where TLS is required.',
  reads: ['momentumConfig', 'momentumVersion', 'credentialStore', 'serviceCertificates', 'install'],
  params: {
    ciphers: {
      kind: 'text',
      required: false,
      text: 'list for where nothing is set, in the words of the library that reads it; if not given, its usual one without what is weak',
    },
    ...CONFIG_EDIT_PARAMS,
  },
  timeoutMs: 300_000,
  plan,
  verify,
});

function plan(context: PlanContext<Reads>): Promise<Planned> | Planned {
  const { facts, params } = context;
  const mta = facts.momentumConfig.configs.filter(({ kind }) => kind === 'mta').map(({ config }) => config);
  if (mta.length === 0) return refused('this node has no ecelerity.conf: its TLS is not set here');
  let refusal: string | null = null;
  const edits = optionEdits(mta, (config) => {
    const wanted = librariesOf(config).map((library) =>
      wantedFor(config, { ...readerOf(facts.momentumVersion, library), given: params.text('ciphers') }),
    );
    refusal ??= wanted.find((one) => one.refusal !== null)?.refusal ?? null;
    return wanted.flatMap(({ options }) => options);
  });
  if (refusal !== null) return refused(refusal);
  if (!edits.ok) return refused(edits.why);
  return planConfigEdit(context, {
    slug: 'tls-ciphers',
    controls: CONTROLS,
    changes: edits.changes,
    none: 'no scope offers a weak cipher',
    verification: [`the running Momentum evaluates ${OPTION} without weak ciphers`],
    notes: edits.notes,
  });
}

type Reader = ReturnType<typeof readerOf>;

function readerOf(
  { version, tlsLibrary }: PlanContext<Reads>['facts']['momentumVersion'],
  library: TlsLibrary,
) {
  const libraryVersion = tlsLibrary.name === library ? tlsLibrary.version : null;
  return { library, libraryVersion, release: version };
}

function wantedFor(config: Config, reader: Reader & { readonly given: string | null }) {
  const options: WantedOption[] = [];
  let refusal: string | null = null;
  const { library, given } = reader;
  const isWeak = (text: string) => {
    const { on, unclear, wrong } = leftBy(text, reader);
    return wrong !== null || on.length > 0 || unclear.length > 0;
  };
  const mended = (text: string) => withoutWeak(text, leftBy(text, reader), library);
  if (given !== null && isWeak(given))
    refusal = `ciphers "${given}" offers weak ciphers, or may: ${mended(given)} does not`;
  const unset = UNSET_CIPHERS[library];
  if (!evaluate(config, [], OPTION).set && isWeak(unset)) {
    const other = otherReader(config, library);
    if (other !== null)
      refusal ??= `${OPTION} at the top level would reach ${other.label} too, which speaks by ${other.library} and reads it otherwise: set ${OPTION} there first`;
    options.push({ path: [], option: OPTION, value: given ?? mended(unset) });
  }
  for (const { path, text } of ownValues(config, library, OPTION)) {
    if (!isWeak(text)) continue;
    const value = mended(text);
    if (isWeak(value))
      refusal ??= `${formatScope(path) || 'the global scope'}: what "${text}" offers is not understood well enough to be mended: a person must`;
    options.push({ path, option: OPTION, value });
  }
  return { options, refusal };
}

/** The files are judged again, and the running Momentum is asked what it makes of them. */
async function verify(context: VerifyContext<Reads>): Promise<Verified> {
  const asked = context.facts.momentumConfig.configs
    .filter(({ kind }) => kind === 'mta')
    .flatMap(({ config }) =>
      librariesOf(config).flatMap((library) =>
        ownValues(config, library, OPTION).map(({ path }) => ({ library, path })),
      ),
    );
  for (const { library, path } of asked.slice(0, SCOPES_ASKED_MAX)) {
    const where = formatScope(path) || 'the global scope';
    const running = await runningValue(context, path, OPTION.toLowerCase());
    if (running === null) context.note(`${where}: the console gave no answer that could be read`);
    else if (leftBy(running, readerOf(context.facts.momentumVersion, library)).on.length > 0)
      return { ok: false, why: `the running Momentum still has ${OPTION} = "${running}" in ${where}` };
  }
  return recheckAll(context, CONTROLS);
}
