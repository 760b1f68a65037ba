import type { Logger } from 'pino';
import { messageOf, TillwatchError } from '../../contract/errors.ts';
import type { Command, Result } from '../../contract/payloads.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { CommandLog } from '../../contract/ports/command-log.ts';
import type { CommandSender, CommandStatus } from '../../contract/ports/commands.ts';
import type { Directory } from '../../contract/ports/directory.ts';
import type { TelemetrySource } from '../../contract/ports/telemetry-source.ts';
import type { Reading } from '../../contract/reading.ts';
import { formatTopic, type TenantId } from '../../contract/topics.ts';

/** Commands answered for one terminal, newest first. */
const KEPT = 20;
/** A finished command is remembered this long for those who ask what became of it. */
const KEPT_MS = 24 * 3_600_000;

export interface CommandsDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly directory: Directory;
  readonly sources: readonly TelemetrySource[];
  /** What was sent and answered, for every process. */
  readonly commandLog: CommandLog;
}

/** The way down: publishes commands, sends them again when their terminal comes back, and notes what became of them. */
export class Commands implements CommandSender {
  readonly #deps: CommandsDeps;
  /** Sent from here and not answered: sent again when the terminal connects, until it answers or the command expires. */
  readonly #waiting = new Map<string, Command[]>();

  constructor(deps: CommandsDeps) {
    this.#deps = deps;
  }

  async send(tenant: TenantId, terminal: string, command: Command): Promise<void> {
    const { directory, clock, commandLog } = this.#deps;
    if (!directory.facts(tenant, terminal)) {
      throw new TillwatchError('command.unknown_terminal', `there is no terminal "${terminal}"`, { status: 404 });
    }
    const key = `${tenant}/${terminal}`;
    const waiting = this.#waiting.get(key) ?? [];
    // Noted before it goes, so that its answer always finds it.
    await commandLog.sent(tenant, terminal, command, clock.now());
    if (!waiting.some(({ id }) => id === command.id)) this.#waiting.set(key, [command, ...waiting].slice(0, KEPT));
    await this.#publish(tenant, terminal, JSON.stringify(command));
  }

  async status(tenant: TenantId, terminal: string): Promise<readonly CommandStatus[]> {
    const { clock, commandLog } = this.#deps;
    const now = clock.now();
    return (await commandLog.last(tenant, terminal, KEPT)).map((one) => {
      const open = one.command.expires_at < now ? 'expired' : 'sent';
      return { ...one, state: one.result === null ? open : one.result.ok ? 'done' : 'failed' };
    });
  }

  /** Takes a reading that may be the answer to a command, or the sign that a terminal is back and can be told again. */
  seen(reading: Reading): void {
    if (reading.channel !== 'result' && reading.channel !== 'state' && reading.channel !== 'birth') return;
    const { clock, log, commandLog } = this.#deps;
    const { tenant, terminal } = reading;
    const key = `${tenant}/${terminal}`;
    if (reading.channel === 'result') {
      const result: Result = reading.payload;
      this.#keep(key, ({ id }) => id !== result.id);
      commandLog.answered(tenant, terminal, result, reading.receivedAt).catch((error: unknown) => {
        log.warn({ terminal, command: result.id, reason: messageOf(error) }, 'the answer to a command was not noted');
      });
      return;
    }
    if (reading.channel === 'state' && !reading.payload.online) return;
    const now = clock.now();
    for (const command of this.#waiting.get(key) ?? []) {
      if (command.expires_at < now) continue;
      // A repeated id is answered again and not done again, so sending twice is safe.
      this.#publish(tenant, terminal, JSON.stringify(command)).catch((error: unknown) =>
        log.warn({ terminal, reason: messageOf(error) }, 'a command could not be sent again'),
      );
    }
  }

  /** Forgets commands that are over for long. */
  async trim(): Promise<void> {
    const now = this.#deps.clock.now();
    for (const key of this.#waiting.keys()) this.#keep(key, ({ expires_at }) => expires_at > now);
    await this.#deps.commandLog.trim(now - KEPT_MS);
  }

  #keep(key: string, wanted: (command: Command) => boolean): void {
    const kept = (this.#waiting.get(key) ?? []).filter(wanted);
    if (kept.length === 0) this.#waiting.delete(key);
    else this.#waiting.set(key, kept);
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
