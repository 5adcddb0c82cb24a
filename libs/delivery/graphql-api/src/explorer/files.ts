import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';

const TYPES: Readonly<Partial<Record<string, string>>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

export interface ExplorerFile {
  readonly type: string;
  readonly etag: string;
  read(): Promise<Buffer>;
  /** Null when there is no gzip form. */
  readonly readGzip: (() => Promise<Buffer>) | null;
}

/**
 * The files of the explorer page by name, as they are in the folder now; empty when it was not built. Only these names
 * are ever opened, so no path of a request reaches the file system.
 */
export function explorerFiles(folder: URL): ReadonlyMap<string, ExplorerFile> {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return new Map(names.filter((name) => !name.endsWith('.gz')).map((name) => [name, file(folder, name, names)]));
}

function file(folder: URL, name: string, names: readonly string[]): ExplorerFile {
  const url = new URL(name, folder);
  const gzip = names.includes(`${name}.gz`) ? new URL(`${name}.gz`, folder) : null;
  return {
    type: TYPES[extname(name)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(readFileSync(url)).digest('base64url').slice(0, 22)}"`,
    read: () => readFile(url),
    readGzip: gzip && (() => readFile(gzip)),
  };
}
