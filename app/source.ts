import type { Logger } from 'pino';
import type { Clock } from '../contract/ports/clock.ts';
import type { TelemetrySource } from '../contract/ports/telemetry-source.ts';
import { AedesSource } from '../ingest/edge/aedes-source.ts';
import { BrokerSource } from '../ingest/edge/broker-source.ts';
import type { Config } from './config.ts';

/** Where MQTT messages come from: the embedded broker, or the outside one that the configuration names. */
export function sourceOf(config: Config, clock: Clock, log: Logger): TelemetrySource {
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
    tcp: { host: config.mqttHost, port: config.mqttPort },
    ...(config.mqttWsPort === 0 ? {} : { ws: { host: config.mqttHost, port: config.mqttWsPort } }),
  });
}

/** The address that terminals connect to, once the source is started. */
export function mqttUrlOf(config: Config, source: TelemetrySource): string {
  if (!(source instanceof AedesSource)) return config.mqttUrl;
  const port = source.listeners.find((listener) => listener.kind === 'tcp')?.port ?? config.mqttPort;
  return `mqtt://${config.mqttHost}:${port}`;
}
