import type { SpoolFile, SpoolFiles } from '../files.ts';

type Change = { readonly at: number; readonly bytes: Buffer } | { readonly length: number };

/** What is on the disk, and what was written since the last sync. */
interface Stored {
  synced: Buffer;
  changes: Change[];
}

type NameChange = (names: Map<string, Stored>) => void;

/** The disk of one folder, over several lives of the process. */
export interface Disk {
  /** The files as a new process finds them. `step` is called before each operation: it may fail it, or never resolve. */
  mount(step: (work: string) => Promise<void>): SpoolFiles;
  /** Keeps of what was not synced a part only: some of the changes in order, the last of them cut anywhere. */
  losePower(random: () => number): void;
  /** Content of the files, for assertions and damage. */
  content(): Map<string, Buffer>;
  replace(name: string, bytes: Buffer): void;
}

/** A file system in memory that forgets what was not synced, names included. */
export function createDisk(): Disk {
  let syncedNames = new Map<string, Stored>();
  let names = new Map<string, Stored>();
  let nameChanges: NameChange[] = [];
  const change = (work: NameChange): void => {
    work(names);
    nameChanges.push(work);
  };
  const syncFolder = (): void => {
    syncedNames = new Map(names);
    nameChanges = [];
  };
  return {
    mount: (step) => filesOf({ names: () => names, change, syncFolder, step }),
    losePower(random) {
      for (const one of nameChanges.slice(0, Math.floor(random() * (nameChanges.length + 1)))) one(syncedNames);
      names = new Map(syncedNames);
      nameChanges = [];
      for (const stored of names.values()) keepPart(stored, random);
    },
    content: () => new Map([...names].map(([name, stored]) => [name, now(stored)])),
    replace(name, bytes) {
      names.set(name, { synced: bytes, changes: [] });
      syncFolder();
    },
  };
}

interface Mounted {
  readonly names: () => Map<string, Stored>;
  readonly change: (work: NameChange) => void;
  readonly syncFolder: () => void;
  readonly step: (work: string) => Promise<void>;
}

function filesOf({ names, change, syncFolder, step }: Mounted): SpoolFiles {
  const require = (name: string): Stored => {
    const stored = names().get(name);
    if (stored === undefined) throw new Error(`ENOENT: no such file, ${name}`);
    return stored;
  };
  return {
    list: async () => {
      await step('list');
      const found = [...names()].map(([name, stored]) => ({ name, bytes: now(stored).length }));
      return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
    open: async (name) => {
      await step('open');
      if (!names().has(name)) {
        const made: Stored = { synced: Buffer.alloc(0), changes: [] };
        change((all) => void all.set(name, made));
      }
      return fileOf(require(name), step);
    },
    read: async (name, at, length) => {
      await step('read');
      return Buffer.from(now(require(name)).subarray(at, at + length));
    },
    rename: async (from, to) => {
      await step('rename');
      const stored = require(from);
      change((all) => {
        all.set(to, stored);
        all.delete(from);
      });
    },
    remove: async (name) => {
      await step('remove');
      change((all) => void all.delete(name));
    },
    syncFolder: async () => {
      await step('sync folder');
      syncFolder();
    },
  };
}

function fileOf(stored: Stored, step: (work: string) => Promise<void>): SpoolFile {
  return {
    write: async (bytes, at) => {
      // In the hands of the system before it can fail: a crash may leave any part of it.
      stored.changes.push({ at, bytes: Buffer.from(bytes) });
      await step('write');
    },
    sync: async () => {
      await step('sync');
      stored.synced = now(stored);
      stored.changes = [];
    },
    truncate: async (length) => {
      await step('truncate');
      stored.changes.push({ length });
    },
    close: () => step('close'),
  };
}

const now = ({ synced, changes }: Stored): Buffer => changes.reduce(applied, synced);

function applied(content: Buffer, one: Change): Buffer {
  if (!('bytes' in one)) return Buffer.concat([content.subarray(0, one.length)], one.length);
  const result = Buffer.concat([content], Math.max(content.length, one.at + one.bytes.length));
  result.set(one.bytes, one.at);
  return result;
}

function keepPart(stored: Stored, random: () => number): void {
  const kept = stored.changes.slice(0, Math.floor(random() * (stored.changes.length + 1)));
  const last = kept.at(-1);
  if (last !== undefined && 'bytes' in last) {
    const bytes = last.bytes.subarray(0, Math.floor(random() * (last.bytes.length + 1)));
    kept.splice(-1, 1, { at: last.at, bytes });
  }
  stored.synced = kept.reduce(applied, stored.synced);
  stored.changes = [];
}
