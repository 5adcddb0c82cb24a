import type { ErrorCode } from './error-codes.ts';

/** Where in the pipeline an event was refused. */
export type QuarantineStage = 'ingest' | 'import' | 'decode' | 'store';

/** A refused event, kept with its reason until repaired, replayed or expired (30 days, 1 GB per project). */
export interface QuarantineEntry {
  readonly id: string;
  readonly projectId: string;
  readonly receivedAt: number;
  readonly stage: QuarantineStage;
  readonly code: ErrorCode;
  readonly message: string;
  readonly eventId: string | null;
  /** Original bytes as text (invalid UTF-8 replaced), cut at 100 KB. */
  readonly payload: string;
  /** Index in the request, or line number in an imported file (from 1). */
  readonly position: number | null;
  /** Request id or file name. */
  readonly source: string | null;
  readonly traceId: string | null;
}
