import type { Command, Result } from '../payloads.ts';
import type { TenantId } from '../topics.ts';

/** What became of a command. */
export interface CommandStatus {
  readonly command: Command;
  /** `done` and `failed`: the terminal answered; `expired`: it did not in time. */
  readonly state: 'sent' | 'done' | 'failed' | 'expired';
  readonly sentAt: number;
  readonly result: Result | null;
  readonly resultAt: number | null;
}

/** The way down to a terminal. Errors: `command.unknown_terminal` (404), `command.unavailable` (retryable). */
export interface CommandSender {
  /** Publishes the command at QoS 1 and resolves once the broker has it; the answer arrives as a `result` reading. */
  send(tenant: TenantId, terminal: string, command: Command): Promise<void>;
  /** The terminal's last commands and what became of them, newest first, whichever process sent them. */
  status(tenant: TenantId, terminal: string): Promise<readonly CommandStatus[]>;
}
