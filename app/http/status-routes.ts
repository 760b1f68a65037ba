import type { FastifyInstance } from 'fastify';
import Type from 'typebox';

export interface DemoProgress {
  /** `history`: past days are going through the pipeline; `judging`: they are stored, findings and tickets follow; `live`: all is level. */
  readonly phase: 'history' | 'judging' | 'live';
  /** Messages done and expected while in `history`. */
  readonly done: number;
  readonly total: number;
}

export interface PlatformStatus {
  readonly name: 'tillwatch';
  readonly version: string;
  readonly startedAt: number;
  readonly ready: boolean;
  readonly demo: DemoProgress | null;
  /** Journal batches that analytics has not evaluated; null while starting and where it runs elsewhere. */
  readonly behind: number | null;
  readonly mqtt: { readonly url: string } | null;
  readonly rooms: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly ready: boolean;
    readonly checks: readonly unknown[];
  }[];
}

const CheckSchema = Type.Object({ name: Type.String(), ok: Type.Boolean(), detail: Type.Optional(Type.String()) });
const StatusSchema = Type.Object({
  name: Type.Literal('tillwatch'),
  version: Type.String(),
  startedAt: Type.Number({ description: 'ms since 1970 UTC' }),
  ready: Type.Boolean(),
  demo: Type.Union([
    Type.Object({
      phase: Type.Union([Type.Literal('history'), Type.Literal('judging'), Type.Literal('live')]),
      done: Type.Number(),
      total: Type.Number(),
    }),
    Type.Null(),
  ]),
  behind: Type.Union([Type.Number({ description: 'journal batches that analytics has not evaluated' }), Type.Null()]),
  mqtt: Type.Union([Type.Object({ url: Type.String() }), Type.Null()]),
  rooms: Type.Array(
    Type.Object({ name: Type.String(), ok: Type.Boolean(), ready: Type.Boolean(), checks: Type.Array(CheckSchema) }),
  ),
});

/** `GET /status`: what runs here and how it is; answers also while the platform is starting. */
export function statusRoutes(status: () => PlatformStatus): (http: FastifyInstance) => void {
  return (http) => {
    http.get(
      '/status',
      {
        config: { right: 'public' },
        schema: {
          tags: ['platform'],
          summary: 'What runs here, and how it is',
          operationId: 'getStatus',
          response: { 200: StatusSchema },
        },
      },
      async (request) => {
        const all = status();
        // Before the sign-in a page needs to know that this is Tillwatch and ready, and nobody needs to know more.
        return request.local || request.credential ? all : { ...all, behind: null, mqtt: null, rooms: [] };
      },
    );
  };
}
