import type { Command, Result } from '../payloads.ts';
import type { TenantId } from '../topics.ts';

/** A command that was sent, and the answer where there is one. */
export interface LoggedCommand {
  readonly command: Command;
  readonly sentAt: number;
  readonly result: Result | null;
  readonly resultAt: number | null;
}

/** What was sent to terminals and what they answered, for every process and after a restart. Suite: `tests/ports/command-log.test.ts`. */
export interface CommandLog {
  /** One whose id is known stays as it is. */
  sent(tenant: TenantId, terminal: string, command: Command, at: number): Promise<void>;
  /** The first answer counts; one to a command that is not known changes nothing. */
  answered(tenant: TenantId, terminal: string, result: Result, at: number): Promise<void>;
  /** The terminal's last commands, newest first. */
  last(tenant: TenantId, terminal: string, limit: number): Promise<readonly LoggedCommand[]>;
  /** Forgets what was sent, and could have been answered, before then. */
  trim(before: number): Promise<void>;
}
