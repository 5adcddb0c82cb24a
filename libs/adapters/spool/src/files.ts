import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** A file that is written. */
export interface SpoolFile {
  /** Writes all of `bytes` from offset `at` on. */
  write(bytes: Uint8Array, at: number): Promise<void>;
  /** Resolves when content and length are on the disk. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** What the spool needs of a file system, in one folder; specs have one that loses power. Errors are those of Node. */
export interface SpoolFiles {
  /** Plain files with their length, in order of their names. */
  list(): Promise<{ readonly name: string; readonly bytes: number }[]>;
  /** Opens for writing, made when it is not there; what it holds stays. */
  open(name: string): Promise<SpoolFile>;
  /** Up to `length` bytes from offset `at` on: fewer where the file ends. */
  read(name: string, at: number, length: number): Promise<Buffer>;
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Resolves when names made, changed and removed are on the disk. */
  syncFolder(): Promise<void>;
}

/** The files of `folder`, which is made when it is not there. */
export async function openFiles(folder: string): Promise<SpoolFiles> {
  await mkdir(folder, { recursive: true });
  const path = (name: string): string => join(folder, name);
  return {
    list: () => listFiles(folder),
    open: async (name) => fileOf(await openForWriting(path(name))),
    read: async (name, at, length) => {
      const file = await open(path(name), 'r');
      try {
        return await readFully(file, at, length);
      } finally {
        await file.close();
      }
    },
    rename: (from, to) => rename(path(from), path(to)),
    remove: (name) => rm(path(name), { force: true }),
    syncFolder: async () => {
      const file = await open(folder, 'r');
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}

async function listFiles(folder: string): Promise<{ name: string; bytes: number }[]> {
  const found = (await readdir(folder, { withFileTypes: true })).filter((one) => one.isFile());
  const names = found.map(({ name }) => name).toSorted();
  return Promise.all(names.map(async (name) => ({ name, bytes: (await stat(join(folder, name))).size })));
}

/** Not `a`: Linux writes at the end then, whatever offset is asked for. */
async function openForWriting(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx+', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return open(path, 'r+');
  }
}

function fileOf(file: FileHandle): SpoolFile {
  return {
    async write(bytes, at) {
      let done = 0;
      while (done < bytes.length) {
        const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
        done += bytesWritten;
      }
    },
    sync: () => file.datasync(),
    truncate: (length) => file.truncate(length),
    close: () => file.close(),
  };
}

async function readFully(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}
