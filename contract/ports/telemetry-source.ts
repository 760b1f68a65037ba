import type { Check } from '../room.ts';
import type { TenantId } from '../topics.ts';

export interface SourceMessage {
  readonly topic: string;
  /** Owned by the receiver: the source does not reuse its memory. */
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  /** True for a copy that a broker kept and handed out at subscription. */
  readonly retained: boolean;
  /** When another process of ours took it from its sender, ms UTC; left out: now. */
  readonly receivedAt?: number;
}

/** What a source saw of a terminal's own connection (never of a gateway's, which speaks for many). */
export interface LinkChange {
  readonly tenant: TenantId;
  readonly terminal: string;
  readonly online: boolean;
  /** `keepalive`: the connection broke or fell silent without a will; `shutdown`: it was closed in good order. */
  readonly reason: 'message' | 'keepalive' | 'shutdown';
}

/** The ingest side of a source. */
export interface TelemetrySink {
  /**
   * Takes one message. `done()` is called once it is durable, or can never be used and is kept with the dead letters: acknowledge
   * then and not before. `done(error)`: it is not durable; let the sender redeliver.
   */
  message(message: SourceMessage, done: (error?: Error) => void): void;
  link(change: LinkChange): void;
  /** False while the bytes in flight are over their bound: read no more, so that the sender is pushed back. */
  readonly open: boolean;
  /** Calls `listener` each time the sink opens again; returns what ends it. */
  onOpen(listener: () => void): () => void;
}

/** Who a device is, once its credentials were checked; null fields of `rights` mean none of that kind. */
export interface DeviceIdentity {
  readonly name: string;
  readonly tenant: TenantId;
  /** Terminals it may speak as; `'*'`: all of its tenant. */
  readonly terminals: '*' | readonly string[];
  /** True for a store gateway, which may send arrays. */
  readonly gateway?: boolean;
}

/** Decides who may connect, and who of those that did may go on. Left out of a source: anonymous devices, on loopback addresses only. */
export interface DeviceAuthority {
  authenticate(credentials: {
    readonly clientId: string;
    readonly username: string | undefined;
    readonly password: Uint8Array | undefined;
    readonly address: string;
    /** Subject of a verified TLS client certificate. */
    readonly certificate: string | undefined;
  }): Promise<DeviceIdentity | undefined>;
  /** False as soon as a device that was let in may speak no longer. Asked with every message, so from memory. */
  admits(identity: DeviceIdentity): boolean;
  /** Calls `listener` when `admits` may answer otherwise for some; returns what ends it. */
  onChange(listener: () => void): () => void;
}

/**
 * Where MQTT messages come from, and the way down. Suite: `tests/ports/telemetry-source.ts`.
 * Errors: `source.unavailable` (retryable), `source.bad_options`.
 */
export interface TelemetrySource {
  readonly name: string;
  /** True where terminals' own connections end in this process, and so do not outlive it. */
  readonly holdsConnections: boolean;
  start(sink: TelemetrySink): Promise<void>;
  /** Takes no more, lets what is under way be acknowledged (bounded), and closes. */
  stop(): Promise<void>;
  /** Publishes downwards; resolves once the broker has it. */
  publish(topic: string, payload: string, options: { readonly qos: 0 | 1; readonly retain: boolean }): Promise<void>;
  check(): Check;
}
