import type { Client } from 'aedes';
import { TillwatchError } from '../../contract/errors.ts';

/** The parts of mqtt-packet's parser that a limit needs; it has none of its own, and keeps what it reads until a packet is whole. */
interface Parser {
  readonly packet: { readonly length: number };
  _parseLength(): boolean;
  emit(event: 'error', error: Error): boolean;
}

/** Ends a connection as soon as the head of a packet announces more bytes than may come: up to 256 MB could be kept for it otherwise. */
export function limitPackets(client: Client, bytes: () => number): void {
  const parser = (client as unknown as { readonly _parser: Parser })._parser;
  const parseLength = parser._parseLength.bind(parser);
  parser._parseLength = () => {
    const known = parseLength();
    if (!known || parser.packet.length <= bytes()) return known;
    parser.emit(
      'error',
      new TillwatchError(
        'source.too_large',
        `a packet of ${parser.packet.length} bytes is announced: at most ${bytes()} are taken`,
      ),
    );
    return false;
  };
}
