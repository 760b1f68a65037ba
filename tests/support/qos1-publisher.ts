import { connect, type Socket } from 'node:net';
import { generate, parser } from 'mqtt-packet';

export interface Published {
  readonly topic: string;
  readonly payload: string;
}

/**
 * A device's side of QoS 1, to the letter: what is not acknowledged is sent again on the next connection, marked as a repeat. Keeps
 * account of what was acknowledged.
 */
export class Qos1Publisher {
  readonly acknowledged: Published[] = [];
  readonly #unacknowledged = new Map<number, Published>();
  readonly #next: () => Published;
  readonly #window: number;
  readonly #name: string;
  #socket: Socket | undefined;
  #id = 0;
  #paused = true;

  constructor(name: string, window: number, next: () => Published) {
    this.#name = name;
    this.#window = window;
    this.#next = next;
  }

  get waiting(): number {
    return this.#unacknowledged.size;
  }

  /** Connects and goes on; resolves when the broker has taken the connection. */
  async connect(port: number): Promise<void> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const packets = parser();
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => packets.parse(chunk));
    await new Promise<void>((resolve, reject) => {
      socket.once('close', () => reject(new TypeError('the broker refused the connection')));
      packets.on('packet', (packet) => {
        if (packet.cmd === 'connack') resolve();
        else if (packet.cmd === 'puback') this.#acked(packet.messageId ?? 0);
      });
      socket.write(
        generate({
          cmd: 'connect',
          protocolId: 'MQTT',
          protocolVersion: 4,
          clean: true,
          clientId: this.#name,
          keepalive: 0,
        }),
      );
    });
    this.#paused = false;
    for (const [id, message] of this.#unacknowledged) this.#write(id, message, true);
    this.#fill();
  }

  /** Sends nothing new from now on. */
  pause(): void {
    this.#paused = true;
  }

  close(): void {
    this.#paused = true;
    this.#socket?.destroy();
  }

  #acked(id: number): void {
    const message = this.#unacknowledged.get(id);
    if (!message) return;
    this.#unacknowledged.delete(id);
    this.acknowledged.push(message);
    this.#fill();
  }

  #fill(): void {
    while (!this.#paused && this.#unacknowledged.size < this.#window) {
      do this.#id = (this.#id % 65_535) + 1;
      while (this.#unacknowledged.has(this.#id));
      const message = this.#next();
      this.#unacknowledged.set(this.#id, message);
      this.#write(this.#id, message, false);
    }
  }

  #write(messageId: number, { topic, payload }: Published, dup: boolean): void {
    if (this.#socket?.writable)
      this.#socket.write(generate({ cmd: 'publish', topic, payload, qos: 1, messageId, dup, retain: false }));
  }
}
