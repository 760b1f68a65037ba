import { createLogNotifier } from '../alerts/edge/notifiers/log-notifier.ts';
import { createWebhookNotifier } from '../alerts/edge/notifiers/webhook-notifier.ts';
import type { Notifier } from '../contract/ports/notifier.ts';
import type { RoomDeps } from '../contract/room.ts';
import type { Config } from './config.ts';

/** The ways to tell somebody that the configuration names; the log is always one. */
export function notifiersOf(config: Config, deps: RoomDeps): readonly Notifier[] {
  const notifiers = [createLogNotifier(deps.log)];
  if (config.webhookUrl !== '')
    notifiers.push(createWebhookNotifier({ url: config.webhookUrl, secret: config.webhookSecret }, deps.clock));
  return notifiers;
}
