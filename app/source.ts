import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { TillwatchError } from '../contract/errors.ts';
import { isLoopbackName } from '../contract/loopback.ts';
import type { Clock } from '../contract/ports/clock.ts';
import type { DeviceCredentialRepository } from '../contract/ports/devices.ts';
import type { DeviceAuthority, TelemetrySource } from '../contract/ports/telemetry-source.ts';
import { AedesSource } from '../ingest/edge/aedes-source.ts';
import { BrokerSource } from '../ingest/edge/broker-source.ts';
import type { Config } from './config.ts';

/** Where MQTT messages come from: the embedded broker, or the outside one that the configuration names. */
export function sourceOf(config: Config, clock: Clock, log: Logger, authority: DeviceAuthority): TelemetrySource {
  if (config.mqttUrl !== '') {
    return new BrokerSource({
      clock,
      log,
      url: config.mqttUrl,
      clientId: config.mqttClientId,
      protocolVersion: config.mqttVersion === '5' ? 5 : 4,
      ...(config.mqttUsername === '' ? {} : { username: config.mqttUsername, password: config.mqttPassword }),
      random: Math.random,
    });
  }
  return new AedesSource({
    clock,
    log,
    authority,
    openLoopback: config.signIn === 'auto' && !isBeyond(config),
    tcp: { host: config.mqttHost, port: config.mqttPort },
    ...(config.mqttTlsPort === 0
      ? {}
      : { tls: { host: config.mqttHost, port: config.mqttTlsPort, ...mqttTls(config) } }),
    ...(config.mqttWsPort === 0 ? {} : { ws: { host: config.mqttHost, port: config.mqttWsPort } }),
  });
}

/** The address that terminals connect to, once the source is started. */
export function mqttUrlOf(config: Config, source: TelemetrySource): string {
  if (!(source instanceof AedesSource)) return config.mqttUrl;
  const port = source.listeners.find((listener) => listener.kind === 'tcp')?.port ?? config.mqttPort;
  return `mqtt://${config.mqttHost}:${port}`;
}

/** Refuses to listen beyond this machine before any device has a credential: `source.no_credentials`. */
export async function checkDeviceCredentials(config: Config, credentials: DeviceCredentialRepository): Promise<void> {
  if (config.mqttUrl !== '' || !isBeyond(config) || (await credentials.any())) return;
  throw new TillwatchError(
    'source.no_credentials',
    `no terminal has a credential yet, so nothing listens for MQTT on ${config.mqttHost}: give one with ` +
      '"tillwatch device add TENANT/TERMINAL", or leave TILLWATCH_MQTT_HOST at 127.0.0.1',
    { status: 400 },
  );
}

function isBeyond({ mqttHost }: Config): boolean {
  return !isLoopbackName(mqttHost === '::1' ? '[::1]' : mqttHost);
}

function mqttTls(config: Config): { key: string; cert: string; ca?: string } {
  return {
    key: readFileSync(config.mqttTlsKey, 'utf8'),
    cert: readFileSync(config.mqttTlsCert, 'utf8'),
    ...(config.mqttTlsCa === '' ? {} : { ca: readFileSync(config.mqttTlsCa, 'utf8') }),
  };
}
