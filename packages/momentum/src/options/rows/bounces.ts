import type { OptionRow } from '../row.js';
import { DOMAINS, OUTBOUND, PATHWAYS } from '../scopes.js';

/** Bounces, notifications and what triggers them. */
// biome-ignore format: one option a line
export const BOUNCES_ROWS: readonly OptionRow[] = [
  { name: 'async_bounce_rendering', type: 'boolean', scopes: ['global'], default: 'true', page: 'conf.ref.async_bounce_rendering' },
  { name: 'bounce_behavior', type: 'text', scopes: DOMAINS, default: 'pass', page: 'conf.ref.bounce_behavior' },
  { name: 'bounce_cache_size', type: 'number', scopes: ['global'], default: '16384', since3: '3.6.9', since4: 'none', page: 'conf.ref.bounce_cache_size' },
  { name: 'bounce_cache_ttl', type: 'number', scopes: ['global'], default: '60', since3: '3.6.9', since4: 'none', page: 'conf.ref.bounce_cache_ttl' },
  { name: 'bounce_domains', type: 'list', scopes: PATHWAYS, page: 'conf.ref.bounce_domains' },
  { name: 'bounce_pattern', type: 'text', scopes: DOMAINS, page: 'conf.ref.bounce_pattern' },
  { name: 'bounce_suppress_list', type: 'text', scopes: ['global'], page: 'conf.ref.bounce_suppress_list' },
  { name: 'bounces_inline_original', type: 'text', scopes: OUTBOUND, default: 'headers', page: 'conf.ref.bounces_inline_original' },
  { name: 'generate_bounces', type: 'boolean', scopes: OUTBOUND, default: 'true', page: 'conf.ref.generate_bounces' },
  { name: 'generate_bounces_for_multi_recipient_policy_rejections', type: 'boolean', scopes: PATHWAYS, default: 'true', page: 'conf.ref.generate_bounces_for_multi_recipient_policy_rejections' },
  { name: 'generate_delay_dsn', type: 'boolean', scopes: OUTBOUND, default: 'false', page: 'conf.ref.generate_delay_dsn' },
  { name: 'mailerdaemon', type: 'text', scopes: OUTBOUND, page: 'conf.ref.mailerdaemon' },
  { name: 'mdn_failures_notify', type: 'text', scopes: OUTBOUND, page: 'conf.ref.mdn_failures_notify' },
  { name: 'never_retry', type: 'boolean', scopes: OUTBOUND, default: 'false', page: 'conf.ref.never_retry' },
];
