import type { Clock } from '../../../contract/ports/clock.ts';
import type { Notifier } from '../../../contract/ports/notifier.ts';
import { post } from './post.ts';

const FIRING = new Set(['opened', 'raised', 'reopened', 'lost', 'back_to_repair']);
const RESOLVED = new Set(['closed', 'cancelled']);
/** Alertmanager ends an alert that is not restated; a ticket is stated at its changes only, so it is given a long time. */
const STANDS_MS = 30 * 86_400_000;

/** Tells Prometheus Alertmanager (API v2): a ticket is an alert that fires while it is open. */
export function createAlertmanagerNotifier(url: string, clock: Clock): Notifier {
  const target = `${url.replace(/\/$/, '')}/api/v2/alerts`;
  return {
    name: 'alertmanager',
    async send(notice) {
      const fires = FIRING.has(notice.kind);
      if (!fires && !RESOLVED.has(notice.kind)) return;
      const now = clock.now();
      const { ticket, severity, terminal, site, subject, scope, component, mode } = notice.data;
      // Labels are the alert's identity: only what never changes in a ticket, so that its end meets its beginning.
      const labels = Object.fromEntries(
        Object.entries({
          alertname: 'TillwatchTicket',
          tenant: notice.tenant,
          ticket,
          scope,
          subject,
          terminal,
          site,
          component,
          mode,
        })
          .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
          .map(([key, value]) => [key, value]),
      );
      const alert = {
        labels,
        annotations: { summary: notice.title, description: notice.body, severity: String(severity) },
        ...(fires ? { startsAt: new Date(notice.at).toISOString() } : {}),
        endsAt: new Date(fires ? now + STANDS_MS : now).toISOString(),
        ...(notice.url ? { generatorURL: notice.url } : {}),
      };
      await post('alertmanager', target, JSON.stringify([alert]), {});
    },
  };
}
