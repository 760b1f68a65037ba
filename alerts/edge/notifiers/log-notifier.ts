import type { Logger } from 'pino';
import type { Notifier } from '../../../contract/ports/notifier.ts';

/** Tells by the log: what the platform does when nobody has set up anything else. */
export function createLogNotifier(log: Logger): Notifier {
  return {
    name: 'log',
    async send(notice) {
      log.info(
        { notice: notice.kind, tenant: notice.tenant, key: notice.idempotencyKey, ...notice.data },
        notice.title,
      );
    },
  };
}
