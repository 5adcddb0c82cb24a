/** Parts of a sort key: what stands behind a cursor. */
export type CursorKey = readonly (string | number)[];

/** An opaque cursor: base64url of the item's sort key as JSON. */
export function encodeCursor(key: CursorKey): string {
  return Buffer.from(JSON.stringify(key), 'utf8').toString('base64url');
}

/** The sort key of a cursor, `null` when it is not one of that shape. */
export function decodeCursor(cursor: string, shape: readonly ('string' | 'number')[]): (string | number)[] | null {
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (!Array.isArray(key) || key.length !== shape.length) return null;
  const parts = key as unknown[];
  const fits = parts.every(
    (part, i) =>
      typeof part === shape[i] &&
      (typeof part === 'number' ? Number.isSafeInteger(part) : !String(part).includes('\0')),
  );
  return fits ? (parts as (string | number)[]) : null;
}

/** Shapes of the sort keys of the lists that are paged. */
export const CURSOR_SHAPES = {
  /** timestamp, sequence, event id */
  events: ['number', 'number', 'string'],
  /** last seen, user key */
  users: ['number', 'string'],
  /** start, session id, user key (empty unless the id is a shared constant) */
  sessions: ['number', 'string', 'string'],
} as const satisfies Record<string, readonly ('string' | 'number')[]>;
