// Made by tools/gen-registry.mjs from the folders of packages/server/src/outbox/channels. Do not edit: npm run gen
import type { Channel } from './channel.js';
import { channel as alertmanager } from './channels/alertmanager/index.js';
import { channel as alertmanagerWebhook } from './channels/alertmanager-webhook/index.js';
import { channel as email } from './channels/email/index.js';
import { channel as pagerduty } from './channels/pagerduty/index.js';
import { channel as slack } from './channels/slack/index.js';
import { channel as teams } from './channels/teams/index.js';
import { channel as webhook } from './channels/webhook/index.js';

export const CHANNEL_MODULES: readonly Channel[] = [
  alertmanager,
  alertmanagerWebhook,
  email,
  pagerduty,
  slack,
  teams,
  webhook,
];
