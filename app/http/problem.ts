import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TillwatchError } from '../../contract/errors.ts';

/** RFC 9457 problem details; `errors` names each field that is wrong. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly retryable: boolean;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is not right',
  401: 'Sign in first',
  403: 'Not allowed',
  404: 'Not found',
  409: 'It does not fit the present state',
  413: 'Too large',
  415: 'Media type not supported',
  422: 'Cannot be done as asked',
  429: 'Too many requests',
  500: 'Something failed here',
  503: 'Not available now',
};

interface ValidationFault {
  readonly instancePath: string;
  readonly message?: string;
  readonly params?: Record<string, unknown>;
}

/** Answers every error of the API as problem details, and logs only those that are ours. */
export function installProblems(http: FastifyInstance): void {
  http.setErrorHandler(
    (
      error: Error & { validation?: ValidationFault[]; validationContext?: string; statusCode?: number; code?: string },
      request,
      reply,
    ) => {
      if (error instanceof TillwatchError) {
        if (error.status >= 500 && error.status !== 503) request.log.error({ err: error }, error.message);
        return send(request, reply, {
          status: error.status,
          code: error.code,
          detail: error.message,
          retryable: error.retryable,
        });
      }
      if (error.validation) {
        const where = error.validationContext ?? 'request';
        const errors = error.validation.map((fault) => ({
          field: `${where}${fault.instancePath.replaceAll('/', '.')}`,
          message: `${fault.message ?? 'is wrong'}${words(fault.params)}`,
        }));
        const detail = errors.map((e) => `${e.field} ${e.message}`).join('; ');
        return send(request, reply, { status: 400, code: 'api.invalid', detail, retryable: false, errors });
      }
      const status = error.statusCode ?? 500;
      if (status >= 500) {
        request.log.error({ err: error }, `unexpected error: ${error.message}`);
        return send(request, reply, {
          status,
          code: 'api.unexpected',
          detail: 'An unexpected error; the log has its details.',
          retryable: false,
        });
      }
      return send(request, reply, { status, code: 'api.refused', detail: error.message, retryable: status === 429 });
    },
  );
  http.setNotFoundHandler((request, reply) =>
    send(request, reply, {
      status: 404,
      code: 'api.not_found',
      detail: `${request.method} ${request.url} is not a route; see /api/docs`,
      retryable: false,
    }),
  );
}

function words(params: Record<string, unknown> | undefined): string {
  const allowed = params?.allowedValues;
  return Array.isArray(allowed) ? `: ${allowed.join(', ')}` : '';
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  fault: Omit<Problem, 'type' | 'title' | 'instance'>,
): FastifyReply {
  const problem: Problem = {
    type: `urn:tillwatch:problem:${fault.code}`,
    title: TITLES[fault.status] ?? 'Error',
    instance: request.url,
    ...fault,
  };
  if (fault.status === 503) void reply.header('retry-after', '1');
  return reply.code(fault.status).type('application/problem+json').send(problem);
}
