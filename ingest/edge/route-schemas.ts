import Type from 'typebox';
import { COMMAND_NAMES } from '../../contract/payloads.ts';
import { REJECTION_REASONS } from '../../contract/ports/dead-letters.ts';

/** Shapes of ingest's API. JSON fields are camelCase; commands are shown as they go over the wire. */
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Id = Type.String({ minLength: 1, maxLength: 64 });

export const TenantParams = Type.Object({ tenant: Type.String({ description: 'tenant id' }) });
export const TerminalParams = Type.Object({ tenant: Type.String(), terminal: Id });
export const SiteParams = Type.Object({ tenant: Type.String(), site: Id });
export const LetterParams = Type.Object({ tenant: Type.String(), id: Type.String({ maxLength: 20 }) });

export const TerminalSchema = Type.Object(
  {
    tenant: Type.String(),
    terminal: Type.String(),
    lifecycle: Type.Enum(['pending', 'active', 'locked', 'retired']),
    site: nullable(Type.String()),
    placed: Type.Boolean({ description: 'an operator has placed it: births no longer move it' }),
    serial: nullable(Type.String()),
    vendor: nullable(Type.String()),
    model: nullable(Type.String()),
    firmware: nullable(Type.String()),
    app: nullable(Type.String()),
    carrier: nullable(Type.String()),
    iccid: nullable(Type.String()),
    heartbeatS: Type.Number(),
    timezone: nullable(Type.String()),
    boughtOn: nullable(Type.String()),
    warrantyUntil: nullable(Type.String()),
    hardware: Type.Record(Type.String(), Type.Unknown()),
    firstSeenAt: Type.Number(),
    updatedAt: Type.Number(),
  },
  { description: 'A terminal as the registry knows it; times are ms since 1970 UTC' },
);

const Hours = Type.Object({
  opens: Type.Integer({ minimum: 0, maximum: 1439, description: 'minutes after midnight' }),
  closes: Type.Integer({ minimum: 1, maximum: 2879, description: 'minutes after midnight; over 1440 is the next day' }),
});

const siteFacts = {
  name: Type.String({ minLength: 1, maxLength: 200 }),
  timezone: Type.String({ minLength: 1, maxLength: 64, description: 'IANA zone' }),
  hours: Type.Optional(
    Type.Array(nullable(Hours), { minItems: 7, maxItems: 7, description: 'Monday first; null: closed that day' }),
  ),
  closedOn: Type.Optional(Type.Array(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), { maxItems: 400 })),
  region: Type.Optional(Type.String({ maxLength: 100 })),
  address: Type.Optional(Type.String({ maxLength: 500 })),
  lat: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
  lon: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
  contact: Type.Optional(Type.String({ maxLength: 500 })),
};
export const SiteBody = Type.Object(siteFacts, { additionalProperties: false });
export const SiteSchema = Type.Object({ tenant: Type.String(), site: Type.String(), ...siteFacts });

export const AcceptBody = Type.Object({ site: Type.Optional(Id) }, { additionalProperties: false });
export const MoveBody = Type.Object({ site: Id }, { additionalProperties: false });
export const SwapBody = Type.Object(
  { replacement: Type.String({ minLength: 1, maxLength: 64, description: 'the terminal that takes over' }) },
  { additionalProperties: false },
);

export const CommandBody = Type.Object(
  {
    id: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$', description: 'yours, to send again safely' })),
    name: Type.Enum([...COMMAND_NAMES]),
    args: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    validS: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 604_800, default: 3600, description: 'seconds it holds' }),
    ),
  },
  { additionalProperties: false },
);

export const CommandStatusSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  args: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  state: Type.Enum(['sent', 'done', 'failed', 'expired']),
  sentAt: Type.Number(),
  expiresAt: Type.Number(),
  resultAt: nullable(Type.Number()),
  detail: Type.Optional(Type.String()),
  data: Type.Optional(Type.Unknown()),
});

export const LetterQuery = Type.Object({
  reason: Type.Optional(Type.Enum([...REJECTION_REASONS])),
  terminal: Type.Optional(Id),
  after: Type.Optional(Type.String({ pattern: '^\\d{1,16}$', description: 'the `next` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
});

export const LetterSchema = Type.Object({
  id: Type.String(),
  tenant: Type.String(),
  terminal: nullable(Type.String()),
  topic: Type.String(),
  reason: Type.String(),
  field: nullable(Type.String()),
  detail: Type.String(),
  payload: Type.String({ description: 'as it came, card numbers masked' }),
  replayable: Type.Boolean(),
  receivedAt: Type.Number(),
  replayedAt: nullable(Type.Number()),
});

export const LetterPage = Type.Object({
  items: Type.Array(LetterSchema),
  total: Type.Number(),
  next: Type.Optional(Type.String()),
  counts: Type.Record(Type.String(), Type.Number(), { description: 'kept letters by reason' }),
});

export const HistorySchema = Type.Object({
  items: Type.Array(
    Type.Object({
      at: Type.Number(),
      by: Type.String(),
      change: Type.Record(Type.String(), Type.Unknown()),
      from: Type.String(),
      to: Type.String(),
    }),
  ),
});

const Pattern = Type.Optional(Type.String({ minLength: 1, maxLength: 100 }));

export const PlacementRulesBody = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          rule: Type.String({ minLength: 1, maxLength: 60, description: 'name, unique in the list' }),
          when: Type.Object(
            { terminal: Pattern, serial: Pattern, vendor: Pattern, model: Pattern, carrier: Pattern, site: Pattern },
            {
              additionalProperties: false,
              minProperties: 1,
              description: 'all must fit; `*` is any text, `?` one character; `site` is what the birth names',
            },
          ),
          site: nullable(Id),
          accept: Type.Boolean({ description: 'true: accepted at once' }),
        },
        { additionalProperties: false },
      ),
      { maxItems: 200, description: 'the first that fits counts' },
    ),
  },
  { additionalProperties: false },
);
