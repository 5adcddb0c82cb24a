import { isbot } from 'isbot';

/** Characters of a user agent that are looked at: enough for every real one, and a bound on what a hostile one costs. */
const LENGTH = 1_000;

/** Whether a user agent is a known bot's. */
export type BotCheck = (userAgent: string) => boolean;

/** Whether a bot sent an event with that context (null = one that is not remembered), and by which check. */
export interface BotVerdict {
  readonly context: object | null;
  readonly by: BotCheck | null;
  readonly verdict: boolean;
}

/**
 * Tells bots by their user agent (list of npm `isbot`), remembering the last answers, since a look-up costs tens of microseconds.
 * Give it the event's own `context.user_agent` only. The HTTP header of the ingest request says who *sent* the event,
 * and that is a server, curl or an SDK sending for its users: judging by it would flag every server-side event.
 * @param capacity user agents remembered
 */
export function createBotCheck(capacity = 10_000): BotCheck {
  const known = new Map<string, boolean>();
  return (userAgent) => {
    const text = userAgent.length > LENGTH ? userAgent.slice(0, LENGTH) : userAgent;
    let bot = known.get(text);
    if (bot === undefined) {
      bot = isbot(text);
      if (known.size >= capacity) known.clear();
      known.set(text, bot);
    }
    return bot;
  };
}
