import type { Duplex } from 'node:stream';
import type { TelemetrySink } from '../../contract/ports/telemetry-source.ts';

/**
 * Makes a connection's reader stop while the sink is closed: what is not read fills the socket's buffer, then TCP's window, and the
 * sender waits. (aedes has no hook for it: its own `pause` loses count of packets under way.) Before `applies` says so everything
 * is read, so that a new connection is answered even then.
 */
export function gateReads(stream: Duplex, sink: TelemetrySink, applies: () => boolean): void {
  const read = stream.read.bind(stream);
  let held = false;
  stream.read = (size?: number): unknown => {
    // A read of 0 is the stream's own way to ask for more, and hands nothing over.
    if (!sink.open && size !== 0 && applies()) {
      held = true;
      return null;
    }
    return read(size) as unknown;
  };
  const ends = sink.onOpen(() => {
    if (!held) return;
    held = false;
    stream.emit('readable');
  });
  stream.once('close', ends);
}
