import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Clock } from './ports/clock.ts';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What is wrong and what to do, or what is right, in a sentence. */
  readonly detail?: string;
}

/** `ok` answers /healthz (should this process be restarted?); `ready` answers /readyz (should it be given work?). */
export interface Health {
  readonly ok: boolean;
  readonly ready: boolean;
  readonly checks: readonly Check[];
}

export interface Job {
  readonly name: string;
  /** Interval in ms, or a cron expression in UTC. */
  readonly every: number | string;
  run(now: number, signal: AbortSignal): Promise<void>;
}

/** Adds a room's routes; the prefix `/api/v1` is already set, tenant routes stand under `/tenants/:tenant`. */
export type Routes = (http: FastifyInstance) => void | Promise<void>;

/** What every room is to the composition root: `createX(deps)` returns one. */
export interface Room {
  readonly name: string;
  start(): Promise<void>;
  /** Undoes `start` in reverse order, flushes, in bounded time. */
  stop(): Promise<void>;
  health(): Health;
  readonly routes?: Routes;
  readonly jobs?: readonly Job[];
}

/** What every room is given. */
export interface RoomDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Registry;
}
