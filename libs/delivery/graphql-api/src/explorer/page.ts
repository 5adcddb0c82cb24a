import type { FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '../request/fault.ts';
import { explorerFiles } from './files.ts';

/** Serves the explorer, which `npm run build` puts into this lib's `dist/explorer`. */
export interface ExplorerPage {
  /** @throws Fault not_found when there is no such file, or the explorer was not built */
  send(request: FastifyRequest, reply: FastifyReply, name: string): Promise<void>;
}

/**
 * Everything comes from this server; styles of the editor are set by scripts, its font lies in the style sheet, and no
 * other page may frame it.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'cache-control': 'no-cache',
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  vary: 'accept, accept-encoding',
};

export function createExplorerPage(folder: URL): ExplorerPage {
  const files = explorerFiles(folder);
  return {
    async send(request, reply, name) {
      const file = files.get(name);
      if (file === undefined) throw new Fault('not_found', files.size > 0 ? 'There is no such page.' : NOT_BUILT);
      reply.headers(HEADERS).type(file.type).header('etag', file.etag);
      if (request.headers['if-none-match'] === file.etag) await reply.code(304).send();
      else if (file.readGzip && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
        await reply.header('content-encoding', 'gzip').send(await file.readGzip());
      } else await reply.send(await file.read());
    },
  };
}

const NOT_BUILT = 'The explorer was not built: run `npm run build`. The API answers POST /graphql all the same.';

/** A browser that opens `/graphql`; a query in the address is answered as data whoever asks. */
export function wantsExplorer({ method, headers, query }: FastifyRequest): boolean {
  const asked = (query ?? {}) as Readonly<Record<string, unknown>>;
  if (method !== 'GET' || 'query' in asked || 'extensions' in asked) return false;
  return /\btext\/html\b/.test(headers.accept ?? '');
}
