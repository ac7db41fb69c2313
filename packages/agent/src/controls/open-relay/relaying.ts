import { type Cidr, type Evaluation, parseBoolean, parseCidr, type Value } from '@castellan/momentum';
import type { Severity } from '@castellan/shared/model/severity';
import type { Answer } from '../../knowledge/listeners/answer.js';
import { isEverybody, publicAddresses } from '../../knowledge/listeners/reach.js';
import { placeOf } from '../../knowledge/tls/scopes.js';

/** What lets somebody relay besides a log-in. */
export const OPTIONS = ['open_relay', 'relay_hosts', 'relay_for_sending_domains', 'relay_domains'] as const;
type Option = (typeof OPTIONS)[number];

/** More public addresses than one /8 of IPv4 or one /16 of IPv6 has: nobody trusts so many by choice. */
const MOST = { 4: 1n << 24n, 6: 1n << 112n } as const;

interface Fault {
  readonly summary: string;
  readonly found: string;
  readonly proposed: string;
  readonly severity?: Severity;
}

type Finding = Fault | { readonly doubt: string } | null;

/** Of whom mail is taken for anywhere, by each option; `peer`: who it is asked for, null: everybody. */
export function relayingOf(
  setting: (option: string) => Evaluation,
  label: string,
  peer: Cidr | null,
  options: readonly Option[] = OPTIONS,
): Answer[] {
  const answers = options.flatMap((option): Answer[] => {
    const value = setting(option);
    if (value.indeterminate) return [{ kind: 'doubt', reason: `${option} in ${label}: ${value.why}` }];
    const finding = value.set ? JUDGES[option](value, peer) : null;
    if (finding === null) return [];
    if ('doubt' in finding) return [{ kind: 'doubt', reason: finding.doubt }];
    const { summary, found, proposed, severity } = finding;
    const violation = { at: placeOf(value, label), found, proposed };
    return [{ kind: 'fault', summary, violation, ...(severity ? { severity } : {}) }];
  });
  return answers.length > 0
    ? answers
    : [
        {
          kind: 'ok',
          summary: 'From outside, mail is taken for own domains only, or of those who are named.',
        },
      ];
}

const JUDGES: Readonly<Record<Option, (value: Evaluation, peer: Cidr | null) => Finding>> = {
  open_relay: openRelay,
  relay_hosts: relayHosts,
  relay_for_sending_domains: sendingDomains,
  relay_domains: relayDomains,
};

function openRelay({ text }: Evaluation, peer: Cidr | null): Finding {
  const isOn = parseBoolean(text ?? 'false');
  if (isOn === null) return { doubt: `open_relay = "${text ?? ''}" is neither true nor false.` };
  if (!isOn) return null;
  const fault = {
    found: 'Open_Relay = true',
    proposed: 'Open_Relay = false, or true for a Peer of a private network only',
  };
  return isTooMany(peer)
    ? { summary: 'Whoever connects may send mail to anybody', ...fault }
    : {
        summary: 'Whoever has a public address of this Peer may send mail to anybody',
        ...fault,
        severity: 'high',
      };
}

function relayHosts({ value }: Evaluation, peer: Cidr | null): Finding {
  const entries = listOf(value);
  const blocks = entries.map(parseCidr);
  const known = blocks.filter((block) => block !== null);
  const wide = ([4, 6] as const).find((family) => publicAddresses(known, family) > MOST[family]);
  if (wide !== undefined) {
    const isAll = isEverybody(known, wide);
    return {
      summary: isAll
        ? `Relay_Hosts has every address of IPv${wide}: whoever connects may send mail to anybody`
        : 'Relay_Hosts has more of the Internet than anybody trusts by choice',
      found: `Relay_Hosts = ( ${entries.join(' ')} )`,
      proposed: 'the networks whose hosts send their mail through this one',
      ...(isTooMany(peer) ? {} : { severity: 'high' }),
    };
  }
  const odd = entries.find((_, i) => blocks[i] === null);
  return odd === undefined ? null : { doubt: `"${odd}" in Relay_Hosts is no block of addresses.` };
}

/** The sender is what the client says it is: whoever names the domain may relay. */
function sendingDomains({ value, text }: Evaluation): Finding {
  const domains = listOf(value);
  const isBare = domains.length === 0 || domains.includes('*') || parseBoolean(text ?? '') === true;
  if (parseBoolean(text ?? '') === false) return null;
  const proposed = 'Relay_Hosts with the networks that may send, or SMTP AUTH';
  return isBare
    ? {
        summary: 'Whoever connects may send mail to anybody: Relay_For_Sending_Domains names no domain',
        found: `Relay_For_Sending_Domains = ( ${domains.join(' ')} )`,
        proposed,
      }
    : {
        summary: 'Whoever writes one of these domains as the sender may send mail to anybody',
        found: `Relay_For_Sending_Domains = ( ${domains.join(' ')} )`,
        proposed,
        severity: 'high',
      };
}

/** `*example.com` is badexample.com as well (Manual, conf.ref.relay_domains). */
function relayDomains({ value }: Evaluation): Finding {
  const domains = listOf(value);
  const all = domains.find((domain) => /^\*\.?$/.test(domain));
  if (all !== undefined)
    return {
      summary: 'Mail is taken for every domain there is',
      found: `Relay_Domains has ${all}`,
      proposed: 'the domains that mail is taken for',
    };
  const loose = domains.find((domain) => /^\*[^.]/.test(domain));
  return loose === undefined
    ? null
    : {
        summary: 'Mail is taken for domains of others whose name ends alike',
        found: `Relay_Domains has ${loose}`,
        proposed: `${loose.slice(1)} and *.${loose.slice(1)}`,
        severity: 'medium',
      };
}

function isTooMany(peer: Cidr | null): boolean {
  return peer === null || publicAddresses([peer], peer.family) > MOST[peer.family];
}

function listOf(value: Value | null): readonly string[] {
  if (value === null) return [];
  const texts =
    typeof value === 'string'
      ? [value]
      : Array.isArray(value)
        ? (value as readonly string[])
        : Object.keys(value);
  return texts.flatMap((text) => text.split(/[\s,]+/)).filter((word) => word !== '');
}
