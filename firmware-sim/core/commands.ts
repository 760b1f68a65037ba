import { COMMAND_NAMES } from '../../contract/payloads.ts';
import type { Fault } from './faults.ts';
import { update } from './life.ts';
import { reboot } from './power.ts';
import { selfTest } from './self-test.ts';
import { envelope, send, sendBirth, sendEvent } from './session.ts';
import type { SimMessage, Terminal } from './terminal.ts';

const REMEMBERED = 32;

interface Asked {
  readonly id: string;
  readonly name: string;
  readonly args: Record<string, unknown>;
  readonly expiresAt: number;
}

/** Reads a command's bytes; undefined for what is none (a terminal ignores it). */
function read(payload: string | Uint8Array): Asked | undefined {
  let value: unknown;
  try {
    value = JSON.parse(typeof payload === 'string' ? payload : new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { id, name, args, expires_at } = value as Record<string, unknown>;
  if (typeof id !== 'string' || typeof name !== 'string' || typeof expires_at !== 'number') return undefined;
  return {
    id,
    name,
    args: typeof args === 'object' && args !== null ? (args as Record<string, unknown>) : {},
    expiresAt: expires_at,
  };
}

/** What the world around a command knows and takes. */
export interface CommandContext {
  /** How much worse a firmware version makes a terminal, 0–1. */
  readonly regressionOf: (version: string) => number;
  /** Takes the faults that an update ended. */
  readonly ended: Fault[];
}

/** Does a command once and answers it; a repeated id is answered again and not done again. */
export function answerCommand(
  terminal: Terminal,
  payload: string | Uint8Array,
  at: number,
  out: SimMessage[],
  context: CommandContext,
): void {
  const asked = read(payload);
  const { state } = terminal;
  if (!asked || !state.on) return;
  const known = state.done.find(([id]) => id === asked.id);
  const outcome = known
    ? known[1]
    : at > asked.expiresAt
      ? '"ok":false,"detail":"expired"'
      : perform(terminal, asked, at, out, context);
  if (!known) {
    state.done.push([asked.id, outcome]);
    if (state.done.length > REMEMBERED) state.done.shift();
  }
  send(
    terminal,
    'result',
    `${envelope(terminal, at + 200)},"id":${JSON.stringify(asked.id)},${outcome}}`,
    at + 200,
    out,
  );
}

function perform(terminal: Terminal, asked: Asked, at: number, out: SimMessage[], context: CommandContext): string {
  const { state, random } = terminal;
  if (!(COMMAND_NAMES as readonly string[]).includes(asked.name)) return '"ok":false,"detail":"unknown command"';
  switch (asked.name) {
    case 'self_test': {
      const { pass, checks } = selfTest(terminal, at + 100, out);
      return `"ok":true,"data":${JSON.stringify({ result: pass ? 'pass' : 'fail', checks })}`;
    }
    case 'print_test_page': {
      const printer = state.printer;
      if (!printer) return '"ok":false,"detail":"no printer"';
      if (printer.broken !== '' || printer.blockedMin > 0) return '"ok":false,"detail":"printer is not ready"';
      printer.jobs++;
      printer.printedMm += 180;
      printer.headMm += 180;
      printer.paperMm -= 180;
      sendEvent(terminal, 'test_print', 'printer', { dead_dots: printer.deadDots }, at + 100, out);
      return '"ok":true';
    }
    case 'reboot':
      reboot(terminal, at, true, 'command', out);
      return '"ok":true';
    case 'set_heartbeat': {
      const seconds = asked.args.seconds;
      if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds < 5 || seconds > 86_400) {
        return '"ok":false,"detail":"seconds must be a whole number from 5 to 86400"';
      }
      state.heartbeatMs = seconds * 1000;
      state.nextAt = Math.min(state.nextAt, at + state.heartbeatMs);
      sendBirth(terminal, at + 100, out);
      return '"ok":true';
    }
    case 'collect_log': {
      const lines = [
        `uptime ${Math.round((at - state.bootAt) / 1000)} s, firmware ${state.firmware}`,
        `crashes ${state.system.crashes}, reboots ${state.system.reboots}`,
        `link ${state.network.bearer}, reconnects ${state.network.reconnects}, dns failures ${state.network.dnsFail}`,
      ];
      return `"ok":true,"data":${JSON.stringify({ lines })}`;
    }
    case 'lock':
      state.locked = true;
      return '"ok":true,"detail":"locked"';
    case 'unlock':
      state.locked = false;
      return '"ok":true,"detail":"unlocked"';
    default: {
      const version = asked.args.version;
      if (typeof version !== 'string' || version.length === 0 || version.length > 64)
        return '"ok":false,"detail":"version is missing"';
      // One update in twenty is refused by the image check (assumption).
      const fails = random.life.chance(0.05);
      update(terminal, version, fails, context.regressionOf(version), at, out, context.ended);
      return fails ? '"ok":false,"detail":"image rejected"' : '"ok":true';
    }
  }
}
