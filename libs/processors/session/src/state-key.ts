import type { StoredEvent } from '@productgraph/contracts';
import type { SessionOwner } from '@productgraph/domain-session';

/*
 * One state per user key and lane for sessions made here, and one per client session id: clients' sessions do not depend on each
 * other, and a server that reports for thousands of sessions under one user id must not fill one state with them.
 */

/** Key of the state that an event touches. Project ids hold no blanks; the user key's length tells where a client's id begins. */
export function stateKeyOf(event: Pick<StoredEvent, 'projectId' | 'userKey' | 'lane' | 'sessionId'>): string {
  const { projectId, lane, userKey, sessionId } = event;
  return `${projectId} ${lane} ${userKey.length} ${userKey}${sessionId === null ? '' : ` ${sessionId}`}`;
}

/** Whose sessions a state holds. */
export function ownerOf(stateKey: string): SessionOwner {
  const first = stateKey.indexOf(' ');
  const second = stateKey.indexOf(' ', first + 1);
  const third = stateKey.indexOf(' ', second + 1);
  const length = Number(stateKey.slice(second + 1, third));
  return {
    projectId: stateKey.slice(0, first),
    lane: Number(stateKey.slice(first + 1, second)),
    userKey: stateKey.slice(third + 1, third + 1 + length),
  };
}
