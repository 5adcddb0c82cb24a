import type { GroupPartition } from './event-log.ts';

/** What a group has durably done on a partition. */
export interface StatePosition {
  /** Raised by every save, ticks included; the object of compare-and-set. 0 = nothing saved yet. */
  readonly revision: number;
  /** Next offset to read; null = never saved. */
  readonly next: number | null;
  /** Offset of the record that holds the oldest event of the dedupe window; null = no window. */
  readonly windowStart: number | null;
  /** Runner time: greatest time of receipt read, Unix milliseconds. */
  readonly time: number;
}

/** A key's next timer. */
export interface DueTimer {
  readonly key: string;
  readonly at: number;
}

/** New value of a key. `due` null = no timer. */
export interface StatePut {
  readonly key: string;
  readonly value: string;
  readonly due: number | null;
}

export interface StateSave {
  /** The revision this save builds on. */
  readonly expectedRevision: number;
  readonly next: number;
  readonly windowStart: number | null;
  readonly time: number;
  readonly puts: readonly StatePut[];
  readonly deletes: readonly string[];
}

/**
 * State of stateful processors, one namespace per (group, topic, generation, partition). Values are opaque text of at most 256 KB.
 * PostgreSQL in Starter, Redis in Growth and Scale. What it forgets, the runner rebuilds from the log.
 */
export interface StateStore {
  position(partition: GroupPartition): Promise<StatePosition>;
  /** Values of the keys that exist. */
  load(partition: GroupPartition, keys: readonly string[]): Promise<Map<string, string>>;
  /** Everything or nothing. Answers the new revision, or null when `expectedRevision` is not the current one (nothing is changed). */
  save(partition: GroupPartition, save: StateSave): Promise<number | null>;
  /** Every timer of the partition that is due at or before `until`, in no particular order. */
  due(partition: GroupPartition, until: number): Promise<DueTimer[]>;
}
