import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { TillwatchError } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { DeadLetterRepository } from '../../contract/ports/dead-letters.ts';
import type { Routes } from '../../contract/room.ts';
import { asTenantId } from '../../contract/topics.ts';
import { mayOperate } from './may-operate.ts';
import { LetterPage, LetterParams, LetterQuery, TenantParams } from './route-schemas.ts';

export interface DeadLetterRouteDeps {
  readonly clock: Clock;
  readonly deadLetters: DeadLetterRepository;
  /** Puts a message through the line again; resolves when it is durable (or rejected anew). */
  readonly replay: (topic: string, payload: Uint8Array) => Promise<void>;
}

/** What could not be used, and the way back into the line, under `/tenants/:tenant/dead-letters`. */
export function deadLetterRoutes({ clock, deadLetters, replay }: DeadLetterRouteDeps): Routes {
  return (instance) => {
    const http = instance.withTypeProvider<TypeBoxTypeProvider>();

    http.get(
      '/tenants/:tenant/dead-letters',
      {
        config: { right: 'fleet:read' },
        schema: {
          tags: ['dead letters'],
          operationId: 'listDeadLetters',
          summary: 'Messages that could not be used, newest first, each with its reason',
          params: TenantParams,
          querystring: LetterQuery,
          response: { 200: LetterPage },
        },
      },
      async (request) => {
        const tenant = asTenantId(request.params.tenant);
        const [page, counts] = await Promise.all([deadLetters.list(tenant, request.query), deadLetters.counts(tenant)]);
        return { ...page, items: [...page.items], counts: counts as Record<string, number> };
      },
    );
    http.post(
      '/tenants/:tenant/dead-letters/:id/replay',
      {
        config: { right: 'fleet:write' },
        schema: {
          tags: ['dead letters'],
          operationId: 'replayDeadLetter',
          summary: 'Put a rejected message through the line again, after what refused it was mended',
          params: LetterParams,
          response: { 202: Type.Object({ id: Type.String(), replayedAt: Type.Number() }) },
        },
      },
      async (request, reply) => {
        mayOperate(request);
        const tenant = asTenantId(request.params.tenant);
        const { id } = request.params;
        const letter = await deadLetters.get(tenant, id);
        if (!letter)
          throw new TillwatchError('dead_letters.unknown', `there is no dead letter "${id}"`, { status: 404 });
        if (!letter.replayable) {
          throw new TillwatchError(
            'dead_letters.not_replayable',
            'what is kept of this message is not the message itself: it was masked or cut',
            { status: 409 },
          );
        }
        const at = clock.now();
        await replay(letter.topic, Buffer.from(letter.payload, 'utf8'));
        await deadLetters.markReplayed(tenant, id, at);
        reply.code(202);
        return { id, replayedAt: at };
      },
    );
  };
}
