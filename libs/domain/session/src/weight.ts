import type { LiveSession } from './live-state.ts';

/** Numbers, ids of up to nine events and punctuation of one session, serialised. */
const BASE_BYTES = 600;
/** A character takes at most 6 bytes in JSON (`\u0001`). */
const CHARACTER_BYTES = 6;

const length = (text: string | null | undefined): number => text?.length ?? 0;

function sessionWeight({ id, facts }: LiveSession): number {
  const { campaign } = facts;
  const texts = [
    facts.firstPage, facts.lastPage, facts.firstPath, facts.lastPath, facts.referrer, facts.userAgent, facts.anonymousId,
  ]; // prettier-ignore
  let characters = id.length + length(campaign?.at.eventId);
  for (const text of texts) characters += length(text?.value) + length(text?.at.eventId);
  if (campaign !== null) {
    characters += length(campaign.value.source) + length(campaign.value.medium) + length(campaign.value.name);
  }
  return BASE_BYTES + CHARACTER_BYTES * characters;
}

/** Bytes that the sessions take when serialised, at worst. */
export function stateWeight(sessions: readonly LiveSession[]): number {
  return sessions.reduce((sum, session) => sum + sessionWeight(session), 0);
}
