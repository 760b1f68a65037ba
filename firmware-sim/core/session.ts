import type { UpChannel } from '../../contract/topics.ts';
import type { Buffered, Happening, SimMessage, Terminal, TerminalConfig } from './terminal.ts';

/** The broker notices a lost session after one and a half keep-alives. */
const WILL_AFTER = 90_000;

/** Envelope up to the channel's own fields; counts the sequence. */
export function envelope(terminal: Terminal, at: number): string {
  const { state } = terminal;
  return `{"ts":${Math.round(at + state.clockOffset)},"boot":"${state.boot}","seq":${state.seq++}`;
}

/** Hands a payload to the session, or to the buffer while there is none. */
export function send(terminal: Terminal, channel: UpChannel, payload: string, at: number, out: SimMessage[]): void {
  const { state, config, random } = terminal;
  if (!state.connected) {
    if (state.buffer.length >= config.model.quirks.bufferLimit) state.buffer.shift();
    state.buffer.push({ channel, payload });
    return;
  }
  const receivedAt = Math.max(
    state.arrivedAt + 1,
    Math.round(at + 25 + state.network.rttMs / 2 + 120 * random.sensors.next()),
  );
  state.arrivedAt = receivedAt;
  const topic = topicOf(config, channel);
  out.push({ receivedAt, topic, payload, terminal: config.index, channel, kind: 'message' });
  // An acknowledgement that got lost on the way back: the same message once more.
  if (random.sensors.next() < 0.0004 + state.network.lossPct * 0.0002) {
    out.push({
      receivedAt: receivedAt + 1000 + Math.round(random.sensors.next() * 20_000),
      topic,
      payload,
      terminal: config.index,
      channel,
      kind: 'message',
    });
  }
}

export function topicOf(config: TerminalConfig, channel: UpChannel): string {
  return `pos/v1/${config.tenant}/${config.id}/${channel}`;
}

/** Tells one discrete fact. */
export function sendEvent(
  terminal: Terminal,
  type: string,
  component: string | null,
  detail: Record<string, unknown> | null,
  at: number,
  out: SimMessage[],
): void {
  let json = `${envelope(terminal, at)},"type":"${type}"`;
  if (component) json += `,"component":"${component}"`;
  if (detail) json += `,"detail":${JSON.stringify(detail)}`;
  send(terminal, 'event', `${json}}`, at, out);
}

export function sendBirth(terminal: Terminal, at: number, out: SimMessage[]): void {
  const { config, state, store } = terminal;
  const { model } = config;
  const radio = model.bearers.includes('lte') || model.bearers.includes('nr');
  const rest = JSON.stringify({
    serial: config.serial,
    vendor: model.vendor,
    model: model.model,
    firmware: state.firmware,
    app: model.app,
    site: store.site,
    timezone: store.zone.timezone,
    heartbeat_s: Math.round(state.heartbeatMs / 1000),
    bought_on: config.boughtOn,
    warranty_until: config.warrantyUntil,
    ...(model.printer
      ? {
          printer: {
            model: model.printer.model,
            rated_mm: model.printer.ratedMm,
            ...(model.printer.ratedCuts ? { rated_cuts: model.printer.ratedCuts } : {}),
          },
        }
      : {}),
    ...(model.battery
      ? { battery: { design_mah: model.battery.designMah, rated_cycles: model.battery.ratedCycles } }
      : {}),
    network: { bearers: model.bearers, ...(radio ? { carrier: config.carrier, iccid: config.iccid } : {}) },
  });
  send(terminal, 'birth', `${envelope(terminal, at)},${rest.slice(1)}`, at, out);
}

/** Says that the terminal is there, or why it leaves. */
export function sendState(
  terminal: Terminal,
  online: boolean,
  reason: string | null,
  at: number,
  out: SimMessage[],
): void {
  const tail = reason ? `,"reason":"${reason}"}` : '}';
  send(terminal, 'state', `${envelope(terminal, at)},"online":${online}${tail}`, at, out);
}

/** The last will as it was left with the broker on connect. */
export function willOf(terminal: Terminal): { topic: string; payload: string } {
  return {
    topic: topicOf(terminal.config, 'state'),
    payload: `{"boot":"${terminal.state.boot}","online":false,"reason":"connection lost"}`,
  };
}

function sessionEvent(terminal: Terminal, kind: Happening, at: number, out: SimMessage[]): void {
  const will = willOf(terminal);
  out.push({
    receivedAt: at,
    topic: will.topic,
    payload: will.payload,
    terminal: terminal.config.index,
    channel: 'state',
    kind,
  });
}

/** Ends the session as the protocol asks for: no will follows. */
export function endSession(terminal: Terminal, at: number, out: SimMessage[]): void {
  sessionEvent(terminal, 'goodbye', at, out);
}

/** Loses the session without a word; the broker notices after its keep-alive. */
export function dropSession(terminal: Terminal, at: number, out: SimMessage[]): void {
  if (!terminal.state.connected) return;
  terminal.state.connected = false;
  sessionEvent(terminal, 'drop', at, out);
  sessionEvent(terminal, 'will', at + WILL_AFTER, out);
}

/** Opens a session: who it is, when it has just started, that it is there, and what it had to keep. */
export function connect(terminal: Terminal, at: number, out: SimMessage[], announce: boolean): void {
  const { state, config, random } = terminal;
  if (!state.connected) {
    state.connected = true;
    sessionEvent(terminal, 'connect', at, out);
  }
  if (announce) sendBirth(terminal, at, out);
  sendState(terminal, true, null, at + 40, out);
  if (state.buffer.length === 0) return;
  const backlog = state.buffer;
  state.buffer = [];
  const { flush } = config.model.quirks;
  if (flush === 'reversed') backlog.reverse();
  else if (flush === 'shuffled') {
    for (let i = backlog.length - 1; i > 0; i--) {
      const j = random.sensors.int(i + 1);
      const kept = backlog[i] as Buffered;
      backlog[i] = backlog[j] as Buffered;
      backlog[j] = kept;
    }
  }
  for (let i = 0; i < backlog.length; i++) {
    const entry = backlog[i] as Buffered;
    out.push({
      receivedAt: Math.round(at + 400 + i * 25),
      topic: topicOf(config, entry.channel),
      payload: entry.payload,
      terminal: config.index,
      channel: entry.channel,
      kind: 'message',
    });
  }
}
