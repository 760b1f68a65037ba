import type { Logger } from 'pino';
import { messageOf, TillwatchError } from '../../contract/errors.ts';
import type { Command, Result } from '../../contract/payloads.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { CommandSender, CommandStatus } from '../../contract/ports/commands.ts';
import type { Directory } from '../../contract/ports/directory.ts';
import type { TelemetrySource } from '../../contract/ports/telemetry-source.ts';
import type { Reading } from '../../contract/reading.ts';
import { formatTopic, type TenantId } from '../../contract/topics.ts';

/** Commands remembered for one terminal, newest first. */
const KEPT = 20;
/** A finished command is remembered this long for those who ask what became of it. */
const KEPT_MS = 24 * 3_600_000;

interface Entry {
  status: CommandStatus;
  /** Sent again when the terminal connects, until it answers or the command expires. */
  readonly payload: string;
}

export interface CommandsDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly directory: Directory;
  readonly sources: readonly TelemetrySource[];
}

/** The way down: publishes commands, sends them again when their terminal comes back, and remembers what became of them. */
export class Commands implements CommandSender {
  readonly #deps: CommandsDeps;
  readonly #byTerminal = new Map<string, Entry[]>();

  constructor(deps: CommandsDeps) {
    this.#deps = deps;
  }

  async send(tenant: TenantId, terminal: string, command: Command): Promise<void> {
    const { directory, clock } = this.#deps;
    if (!directory.facts(tenant, terminal)) {
      throw new TillwatchError('command.unknown_terminal', `there is no terminal "${terminal}"`, { status: 404 });
    }
    const key = `${tenant}/${terminal}`;
    const entries = this.#byTerminal.get(key) ?? [];
    const known = entries.find((entry) => entry.status.command.id === command.id);
    const payload = JSON.stringify(command);
    if (!known) {
      entries.unshift({
        status: { command, state: 'sent', sentAt: clock.now(), result: null, resultAt: null },
        payload,
      });
      entries.length = Math.min(entries.length, KEPT);
      this.#byTerminal.set(key, entries);
    }
    await this.#publish(tenant, terminal, payload);
  }

  status(tenant: TenantId, terminal: string): readonly CommandStatus[] {
    const now = this.#deps.clock.now();
    return (this.#byTerminal.get(`${tenant}/${terminal}`) ?? []).map(({ status }) =>
      status.state === 'sent' && status.command.expires_at < now ? { ...status, state: 'expired' } : status,
    );
  }

  /** Takes a reading that may be the answer to a command, or the sign that a terminal is back and can be told again. */
  seen(reading: Reading): void {
    if (this.#byTerminal.size === 0) return;
    if (reading.channel !== 'result' && reading.channel !== 'state' && reading.channel !== 'birth') return;
    const entries = this.#byTerminal.get(`${reading.tenant}/${reading.terminal}`);
    if (!entries) return;
    if (reading.channel === 'result') {
      const result: Result = reading.payload;
      const entry = entries.find(({ status }) => status.command.id === result.id);
      if (entry && entry.status.result === null) {
        entry.status = { ...entry.status, state: result.ok ? 'done' : 'failed', result, resultAt: reading.receivedAt };
      }
      return;
    }
    if (reading.channel === 'state' && !reading.payload.online) return;
    const now = this.#deps.clock.now();
    for (const { status, payload } of entries) {
      if (status.state !== 'sent' || status.command.expires_at < now) continue;
      // A repeated id is answered again and not done again, so sending twice is safe.
      this.#publish(reading.tenant, reading.terminal, payload).catch((error: unknown) =>
        this.#deps.log.warn(
          { terminal: reading.terminal, reason: messageOf(error) },
          'a command could not be sent again',
        ),
      );
    }
  }

  /** Forgets commands that are over for long. */
  trim(): void {
    const before = this.#deps.clock.now() - KEPT_MS;
    for (const [key, entries] of this.#byTerminal) {
      const kept = entries.filter(({ status }) => Math.max(status.sentAt, status.command.expires_at) > before);
      if (kept.length === 0) this.#byTerminal.delete(key);
      else if (kept.length < entries.length) this.#byTerminal.set(key, kept);
    }
  }

  async #publish(tenant: TenantId, terminal: string, payload: string): Promise<void> {
    const topic = formatTopic(tenant, terminal, 'command');
    const { sources } = this.#deps;
    if (sources.length === 0) {
      throw new TillwatchError('command.unavailable', 'this process has no MQTT source to send by', {
        retryable: true,
        status: 503,
      });
    }
    // Which source a terminal is connected to is not ours to know: a broker drops what nobody subscribed to.
    const sent = await Promise.allSettled(
      sources.map((source) => source.publish(topic, payload, { qos: 1, retain: false })),
    );
    if (sent.some((outcome) => outcome.status === 'fulfilled')) return;
    const first = sent[0]?.status === 'rejected' ? messageOf(sent[0].reason) : 'no source';
    throw new TillwatchError('command.unavailable', `the command could not be published: ${first}`, {
      retryable: true,
      status: 503,
    });
  }
}
