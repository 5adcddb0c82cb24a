import type { OutputVersion, SessionRow, SessionState } from '@productgraph/contracts';
import type { Placed, SessionFacts } from './facts.ts';

/** Whose sessions: one user key in one lane. */
export interface SessionOwner {
  readonly projectId: string;
  readonly userKey: string;
  readonly lane: number;
}

/** What a row says that is not in its facts. */
export interface RowHead {
  readonly sessionId: string;
  readonly version: OutputVersion;
  readonly state: SessionState;
  readonly mergedInto: string | null;
  readonly openedReceivedAt: number;
  readonly lateEvents: number;
}

function identityOf(
  userKey: string,
  seenAnonymousId: string | null,
): { userId: string | null; anonymousId: string | null } {
  const id = userKey.slice(2);
  if (userKey.startsWith('u:')) return { userId: id, anonymousId: seenAnonymousId };
  return { userId: null, anonymousId: userKey.startsWith('a:') ? id : null };
}

const valueOf = <T>(placed: Placed<T> | null): T | null => (placed === null ? null : placed.value);

/** The row of one session part. A session counts as a bot's when every event of it is flagged so. */
export function toRow(owner: SessionOwner, head: RowHead, facts: SessionFacts): SessionRow {
  const campaign = valueOf(facts.campaign);
  return {
    projectId: owner.projectId,
    sessionId: head.sessionId,
    userKey: owner.userKey,
    lane: owner.lane,
    version: head.version,
    state: head.state,
    mergedInto: head.mergedInto,
    ...identityOf(owner.userKey, valueOf(facts.anonymousId)),
    openedReceivedAt: head.openedReceivedAt,
    start: facts.start,
    end: facts.end,
    events: facts.events,
    pageViews: facts.pageViews,
    errors: facts.errors,
    entryPath: valueOf(facts.firstPage ?? facts.firstPath),
    exitPath: valueOf(facts.lastPage ?? facts.lastPath),
    referrer: valueOf(facts.referrer),
    utmSource: campaign?.source ?? null,
    utmMedium: campaign?.medium ?? null,
    utmCampaign: campaign?.name ?? null,
    userAgent: valueOf(facts.userAgent),
    isBot: facts.botEvents === facts.events,
    lateEvents: head.lateEvents,
  };
}

/** Identity of a session part among rows. */
export function partKey(row: Pick<SessionRow, 'projectId' | 'sessionId' | 'userKey' | 'lane'>): string {
  return JSON.stringify([row.projectId, row.sessionId, row.userKey, row.lane]);
}
