import type { Command } from '../payloads.ts';
import type { TenantId } from '../topics.ts';

/** The way down to a terminal. Errors: `command.unknown_terminal` (404), `command.unavailable` (retryable). */
export interface CommandSender {
  /** Publishes the command at QoS 1 and resolves once the broker has it; the answer arrives as a `result` reading. */
  send(tenant: TenantId, terminal: string, command: Command): Promise<void>;
}
