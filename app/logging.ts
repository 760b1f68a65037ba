import { type Logger, pino } from 'pino';
import type { Config } from './config.ts';

/** The process's logger: one JSON object a line, or lines for people where a person watches. Secrets never get in. */
export function createLogger(config: Pick<Config, 'logLevel' | 'logFormat'>): Logger {
  const pretty = config.logFormat === 'pretty' || (config.logFormat === 'auto' && process.stdout.isTTY === true);
  return pino({
    level: config.logLevel,
    redact: {
      paths: ['password', '*.password', 'secret', '*.secret', 'token', '*.token', 'req.headers.authorization'],
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
