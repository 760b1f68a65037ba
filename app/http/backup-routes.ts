import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Manifest } from '../backup/manifest.ts';

/** `POST /backups`: copies the data directory, while it is in use, to a directory of this machine. */
export function backupRoutes(back: (to: string) => Promise<Manifest>): (http: FastifyInstance) => void {
  return (http) => {
    http.post<{ Body: { to: string } }>(
      '/backups',
      {
        config: { right: 'platform:write' },
        schema: {
          tags: ['platform'],
          operationId: 'backUp',
          summary: 'Copy the data directory, verified, to a new directory on this machine',
          body: Type.Object({
            to: Type.String({ minLength: 1, pattern: '^/', description: 'an absolute path, new or empty' }),
          }),
          response: {
            201: Type.Object({
              version: Type.String(),
              at: Type.Number({ description: 'ms UTC: everything acknowledged before is in it' }),
              files: Type.Number(),
              bytes: Type.Number(),
            }),
          },
        },
      },
      async (request, reply) => {
        const { version, at, files } = await back(request.body.to);
        const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
        return reply.code(201).send({ version, at, files: files.length, bytes });
      },
    );
  };
}
