import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { maskCards } from '../../contract/card-numbers.ts';
import { metricOf } from '../../contract/metrics.ts';
import {
  BirthSchema,
  CountersSchema,
  EventSchema,
  HeartbeatSchema,
  ResultSchema,
  StateSchema,
} from '../../contract/payloads.ts';
import type { RejectionReason } from '../../contract/ports/dead-letters.ts';
import type { UpChannel } from '../../contract/topics.ts';

export interface Fault {
  readonly reason: RejectionReason;
  readonly field: string | null;
  readonly detail: string;
}

interface Check {
  readonly check: (value: unknown) => boolean;
  readonly errors: (value: unknown) => readonly SchemaError[];
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

function compiled(schema: TSchema): Check {
  const validator = Compile(schema);
  return { check: (value) => validator.Check(value), errors: (value) => validator.Errors(value) as SchemaError[] };
}

const CHECKS: Record<UpChannel, Check> = {
  birth: compiled(BirthSchema),
  state: compiled(StateSchema),
  heartbeat: compiled(HeartbeatSchema),
  counters: compiled(CountersSchema),
  event: compiled(EventSchema),
  result: compiled(ResultSchema),
};

/** True when a parsed payload keeps the contract of its channel. The fast path: nothing is explained. */
export function isValid(channel: UpChannel, payload: unknown): boolean {
  return CHECKS[channel].check(payload);
}

/** Says of a payload that `isValid` refused which field is wrong, what it holds and what would be right. The slow path. */
export function explain(channel: UpChannel, payload: unknown): Fault {
  const errors = CHECKS[channel].errors(payload);
  const error = errors.find((e) => e.keyword !== 'required') ?? errors[0];
  if (error === undefined) {
    return { reason: 'wrong_type', field: null, detail: `the payload does not keep the contract of ${channel}` };
  }
  const field = error.instancePath.split('/').slice(1).map(clear).join('.');
  const found = shown(valueAt(payload, error.instancePath));
  const at = field === '' ? 'the payload' : field;
  const params = error.params as Record<string, unknown>;
  const unit = unitOf(field);
  switch (error.keyword) {
    case 'required': {
      const missing = (params.requiredProperties as string[] | undefined) ?? [];
      const names = missing.map((name) => (field === '' ? name : `${field}.${name}`));
      return {
        reason: 'missing_field',
        field: names[0] ?? null,
        detail: `${names.join(', ')} ${names.length > 1 ? 'are' : 'is'} missing: every ${channel} must carry ${names.length > 1 ? 'them' : 'it'}`,
      };
    }
    case 'type':
      return {
        reason: field === '' ? 'not_object' : 'wrong_type',
        field: field === '' ? null : field,
        detail: `${at} is ${found}: it must be ${article(String(params.type))}`,
      };
    case 'enum': {
      const words = (params.allowedValues as unknown[]).join(', ');
      return { reason: 'unknown_word', field, detail: `${at} is ${found}: it must be one of ${words}` };
    }
    case 'minimum':
    case 'maximum': {
      const metric = metricOf(field);
      const bound = metric
        ? `between ${metric.min} and ${metric.max}${unit}`
        : `${String(params.comparison)} ${String(params.limit)}`;
      return { reason: 'out_of_range', field, detail: `${at} is ${found}: it must be ${bound}` };
    }
    default:
      return {
        reason: 'out_of_range',
        field: field === '' ? null : field,
        detail: `${at} is ${found}: it ${error.message}`,
      };
  }
}

function clear(part: string): string {
  return maskCards(part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function unitOf(field: string): string {
  const unit = metricOf(field)?.unit;
  return unit ? ` ${unit}` : '';
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function valueAt(payload: unknown, path: string): unknown {
  let value = payload;
  for (const part of path.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return value;
}

/** A value as a person reads it, short and without card numbers. */
function shown(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return `"${maskCards(value.length > 60 ? `${value.slice(0, 60)}…` : value)}"`;
  return String(value);
}
