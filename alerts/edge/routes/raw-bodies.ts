import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifySchemaCompiler } from 'fastify';
import Type, { type TSchema } from 'typebox';

/** The body of a route that takes bytes, as the API's document shows it. */
export const BytesBody = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' });

/** Checks everything but the body, which is bytes and no JSON. */
export const besidesBody: FastifySchemaCompiler<TSchema> = (route) =>
  route.httpPart === 'body' ? () => true : TypeBoxValidatorCompiler(route);

/** Adds routes whose bodies arrive as they were sent, of any media type. */
export function withRawBodies(root: FastifyInstance, add: (http: FastifyInstance) => void): void {
  void root.register(async (http) => {
    http.removeAllContentTypeParsers();
    http.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    add(http);
  });
}

/** Sends a file so that a browser shows nothing of it as a page of ours, whatever it holds. */
export function sendFile(
  reply: FastifyReply,
  file: { readonly name: string; readonly type: string; readonly bytes: Uint8Array },
): FastifyReply {
  const ascii = file.name.replace(/[^\x20-\x7e]|["\\]/g, '_');
  return reply
    .type(file.type === 'text/plain' ? 'text/plain; charset=utf-8' : file.type)
    .header('content-disposition', `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(file.name)}`)
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('cross-origin-resource-policy', 'same-origin')
    .header('cache-control', 'private, max-age=86400, immutable')
    .send(Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength));
}
