import {
  AlreadyRunning,
  DatabaseUnusable,
  EmbeddedPostgresError,
  MigrationError,
} from '@productgraph/adapter-postgres';
import { ImportRefused } from '@productgraph/delivery-import-client';
import { Conflict } from '@productgraph/domain-tenant';
import { ConfigError } from '@productgraph/platform-config';
import { explainFault } from '@productgraph/platform-runtime';
import { CliFault } from './fault.ts';

/** Errors whose message is a sentence for people. */
const CLEAR = [
  AlreadyRunning, CliFault, ConfigError, Conflict, DatabaseUnusable, EmbeddedPostgresError, ImportRefused, MigrationError,
] as const; // prettier-ignore

/** A sentence for what went wrong; a bug is told with its stack. */
export function explain(error: unknown): string {
  if (error instanceof Error && CLEAR.some((kind) => error instanceof kind)) return error.message;
  return explainFault(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
}
