import { createTransport, type Transporter } from 'nodemailer';
import { messageOf, TillwatchError } from '../../../contract/errors.ts';
import type { Notifier } from '../../../contract/ports/notifier.ts';

export interface EmailSettings {
  /** `smtp://user:password@host:587` or `smtps://…`. */
  readonly url: string;
  readonly from: string;
}

/** Sends mail through one SMTP server, connections kept and shared. */
export class MailRoom {
  readonly #transport: Transporter;
  readonly #from: string;

  constructor({ url, from }: EmailSettings) {
    this.#transport = createTransport(url, {
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 20_000,
    } as object);
    this.#from = from;
  }

  /** A notifier to some addresses; the idempotency key is the message's id, by which mail systems know a second copy. */
  to(addresses: readonly string[]): Notifier {
    return {
      name: 'email',
      send: async (notice) => {
        const domain = this.#from.split('@').at(-1)?.replace('>', '') ?? 'tillwatch';
        try {
          await this.#transport.sendMail({
            from: this.#from,
            to: [...addresses],
            subject: notice.title,
            text: notice.url ? `${notice.body}\n\n${notice.url}` : notice.body,
            messageId: `<${notice.idempotencyKey.replace(/[^A-Za-z0-9.-]/g, '.')}@${domain}>`,
            date: new Date(notice.at),
            headers: { 'X-Tillwatch-Ticket': String(notice.data.ticket ?? ''), 'Auto-Submitted': 'auto-generated' },
          });
        } catch (error) {
          // RFC 5321: 5xx is for good, 4xx and no connection may pass.
          const code = (error as { responseCode?: number }).responseCode;
          const refused = code !== undefined && code >= 500;
          throw new TillwatchError(
            refused ? 'notifier.refused' : 'notifier.unavailable',
            `mail to ${addresses.join(', ')}: ${messageOf(error)}`,
            {
              retryable: !refused,
              cause: error,
            },
          );
        }
      },
    };
  }

  close(): void {
    this.#transport.close();
  }
}
