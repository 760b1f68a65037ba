import { type Logger, pino } from 'pino';
import type { Config } from './config.ts';

/** Names under which a secret could come into a log line, up to two levels deep: what stands there is masked. */
const SECRET_NAMES = [
  'password',
  'passwordHash',
  'secret',
  'secretHash',
  'token',
  'csrf',
  'cookie',
  'authorization',
  '["set-cookie"]',
  '["x-csrf-token"]',
];

/** The process's logger: one JSON object a line, or lines for people where a person watches. Secrets never get in. */
export function createLogger(config: Pick<Config, 'logLevel' | 'logFormat'>): Logger {
  const pretty = config.logFormat === 'pretty' || (config.logFormat === 'auto' && process.stdout.isTTY === true);
  return pino({
    level: config.logLevel,
    redact: {
      paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
      censor: '***',
    },
    ...(pretty
      ? {
          transport: {
            target: 'pino-pretty',
            options: { ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', singleLine: true },
          },
        }
      : { timestamp: pino.stdTimeFunctions.isoTime }),
  });
}
