import type { SessionRow } from '@productgraph/contracts';
import { column, type Column } from './columns.ts';

/** A version of a session part with its owner, as a row of `sessions`. */
export interface SessionLine {
  readonly session: SessionRow;
  /** Organisation and project as bytes of `uuidBytes`. */
  readonly org: Uint8Array;
  readonly project: Uint8Array;
}

const { text, label, optionalText, optionalLabel, time, int64, int32 } = column;

/** Columns of `sessions_local` in the order in which they are sent. */
export const SESSION_COLUMNS: readonly Column<SessionLine>[] = [
  time('opened_received_at', ({ session }) => session.openedReceivedAt),
  time('started_at', ({ session }) => session.start),
  time('ended_at', ({ session }) => session.end),
  int64('log_offset', ({ session }) => session.version.offset),
  int64('rank', ({ session }) => session.version.rank),
  int32('revision', ({ session }) => session.version.revision),
  int32('generation', ({ session }) => session.version.generation),
  int32('events', ({ session }) => session.events),
  int32('page_views', ({ session }) => session.pageViews),
  int32('errors', ({ session }) => session.errors),
  int32('late_events', ({ session }) => session.lateEvents),
  column.int16('lane', ({ session }) => session.lane),
  column.bool('is_bot', ({ session }) => session.isBot),
  column.uuid('org_id', ({ org }) => org),
  column.uuid('project_id', ({ project }) => project),
  text('session_id', ({ session }) => session.sessionId),
  text('user_key', ({ session }) => session.userKey),
  label('state', ({ session }) => session.state),
  optionalText('merged_into', ({ session }) => session.mergedInto),
  optionalText('user_id', ({ session }) => session.userId),
  optionalText('anonymous_id', ({ session }) => session.anonymousId),
  optionalText('entry_path', ({ session }) => session.entryPath),
  optionalText('exit_path', ({ session }) => session.exitPath),
  optionalText('referrer', ({ session }) => session.referrer),
  optionalLabel('utm_source', ({ session }) => session.utmSource),
  optionalLabel('utm_medium', ({ session }) => session.utmMedium),
  optionalLabel('utm_campaign', ({ session }) => session.utmCampaign),
  optionalLabel('user_agent', ({ session }) => session.userAgent),
];
