import type { OptionRow } from '../row.js';
import { OUTBOUND, PATHWAYS, RECEPTION_OR_GLOBAL } from '../scopes.js';

/** Conformance to the RFCs. */
// biome-ignore format: one option a line
export const CONFORMANCE_ROWS: readonly OptionRow[] = [
  { name: 'allow_null_envelope_sender', type: 'boolean', scopes: RECEPTION_OR_GLOBAL, default: 'true', page: 'conf.ref.allow_null_envelope_sender' },
  { name: 'allow_trailing_whitespace_in_commands', type: 'boolean', scopes: RECEPTION_OR_GLOBAL, default: 'false', since3: '3.0.26', page: 'conf.ref.allow_trailing_whitespace_in_commands' },
  { name: 'rfc2821_allow_whitespace_in_envelope', type: 'boolean', scopes: PATHWAYS, default: 'false', since3: '3.0.26', page: 'conf.ref.rfc2821_allow_whitespace_in_envelope' },
  { name: 'rfc2821_pedantic_address_rules', type: 'boolean', scopes: PATHWAYS, default: 'true', page: 'conf.ref.rfc2821_pedantic_address_rules' },
  { name: 'rfc2822_date_header', type: 'text', scopes: PATHWAYS, default: 'ifneeded', page: 'conf.ref.rfc2822_date_header' },
  { name: 'rfc2822_lone_lf_in_body', type: 'text', scopes: PATHWAYS, default: 'ignore', page: 'conf.ref.rfc2822_lone_lf_in_body' },
  { name: 'rfc2822_lone_lf_in_headers', type: 'text', scopes: PATHWAYS, default: 'pedantic', page: 'conf.ref.rfc2822_lone_lf_in_headers' },
  { name: 'rfc2822_max_line_length', type: 'text', scopes: PATHWAYS, default: 'ignore', page: 'conf.ref.rfc2822_max_line_length' },
  { name: 'rfc2822_max_line_length_policy', type: 'text', scopes: PATHWAYS, default: 'none', since3: '3.0.26', page: 'conf.ref.rfc2822_max_line_length_policy' },
  { name: 'rfc2822_messageid_header', type: 'text', scopes: PATHWAYS, default: 'ifneeded', page: 'conf.ref.rfc2822_messageid_header' },
  { name: 'rfc2822_missing_headers', type: 'text', scopes: PATHWAYS, default: 'reject', page: 'conf.ref.rfc2822_missing_headers' },
  { name: 'rfc2822_trace_headers', type: 'boolean', scopes: PATHWAYS, default: 'true', page: 'conf.ref.rfc2822_trace_headers' },
  { name: 'send_8bitmime', type: 'text', scopes: OUTBOUND, default: 'no', page: 'conf.ref.send_8bitmime' },
  { name: 'transform_8bitmime_content', type: 'text', scopes: OUTBOUND, default: [{ since: '3.0', text: 'no' }, { since: '3.1.6', text: 'ifneeded' }], page: 'conf.ref.transform_8bitmime_content' },
];
