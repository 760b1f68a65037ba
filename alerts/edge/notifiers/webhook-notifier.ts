import { Webhook } from 'standardwebhooks';
import type { Clock } from '../../../contract/ports/clock.ts';
import type { Notifier } from '../../../contract/ports/notifier.ts';
import { post } from './post.ts';

export interface WebhookSettings {
  readonly name?: string;
  readonly url: string;
  /** `whsec_` and base64, as Standard Webhooks writes it (https://www.standardwebhooks.com). */
  readonly secret: string;
}

/** Tells by HTTP: JSON signed after Standard Webhooks, the idempotency key as `webhook-id`. */
export function createWebhookNotifier(settings: WebhookSettings, clock: Clock): Notifier {
  const name = settings.name ?? 'webhook';
  const webhook = new Webhook(settings.secret);
  return {
    name,
    async send(notice) {
      const body = JSON.stringify({
        type: `ticket.${notice.kind}`,
        timestamp: new Date(notice.at).toISOString(),
        data: {
          tenant: notice.tenant,
          title: notice.title,
          body: notice.body,
          ...(notice.url ? { url: notice.url } : {}),
          ...notice.data,
        },
      });
      const sentAt = new Date(clock.now());
      await post(name, settings.url, body, {
        'webhook-id': notice.idempotencyKey,
        'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
        'webhook-signature': webhook.sign(notice.idempotencyKey, sentAt, body),
      });
    },
  };
}
