import type { OptionRow } from '../row.js';
import { RECEPTION } from '../scopes.js';

/** Opens and clicks (4.x). */
// biome-ignore format: one option a line
export const TRACKING_ROWS: readonly OptionRow[] = [
  { name: 'click_tracking_enabled', type: 'boolean', scopes: RECEPTION, default: 'false', since3: 'none', since4: '4.1', page: 'config.click_tracking_enabled' },
  { name: 'click_tracking_scheme', type: 'text', scopes: RECEPTION, default: 'http', since3: 'none', since4: '4.1', page: 'config.click_tracking_scheme' },
  { name: 'open_tracking_enabled', type: 'boolean', scopes: RECEPTION, default: 'false', since3: 'none', since4: '4.1', page: 'config.open_tracking_enabled' },
  { name: 'open_tracking_scheme', type: 'text', scopes: RECEPTION, default: 'http', since3: 'none', since4: '4.1', page: 'config.open_tracking_scheme' },
  { name: 'tracking_domain', type: 'text', scopes: RECEPTION, default: 'localhost:8080', since3: 'none', since4: '4.1', page: 'config.tracking_domain' },
  { name: 'tracking_link_expiry', type: 'number', scopes: RECEPTION, default: '31536000', since3: 'none', since4: '4.1', page: 'config.tracking_link_expiry' },
];
