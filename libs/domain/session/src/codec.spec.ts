import { storedEvent } from '@productgraph/testing';
import { describe, expect, it } from 'vitest';
import { parseState, serialiseState, UnreadableState } from './codec.ts';
import { TEXT_LENGTH } from './facts.ts';
import { createLive } from './spec-live.ts';
import { stateWeight } from './weight.ts';

const event = storedEvent({
  timestamp: 1_700_000_000_000,
  eventId: 'e1',
  pagePath: '/a',
  pageReferrer: 'https://example.org/',
  utmSource: 'mail',
  userAgent: 'Mozilla',
  anonymousId: 'x',
});

/** Written by each version that ever ran; a program must read all of them. */
const FIXTURES = {
  v1:
    '[1,["9d6b32f4-0f5c-8532-a5a8-db7a0b79474e",1700000000000,0,1700001800000,1700000000000,0,' +
    '[1700000000000,1700000000000,1700000000000,1700000000000,1,1,0,0,[[1700000000000,0,"e1"]],' +
    '[0,"/a"],[0,"/a"],[0,"/a"],[0,"/a"],[0,"https://example.org/"],[0,["mail",null,null]],[0,"Mozilla"],[0,"x"]]],' +
    '["c1",1700000000000,0,1700001800001,1700000000000,1,' +
    '[1700000000001,1700000000001,1700000000000,1700000000000,1,1,0,0,[[1700000000001,0,"e2"]],' +
    '0,0,0,0,[0,"https://example.org/"],[0,["mail",null,null]],[0,"Mozilla"],[0,"x"]]]]',
};

describe('text form of a state', () => {
  it('of today is the newest fixture', () => {
    const live = createLive();
    live.add(event);
    live.add({ ...event, eventId: 'e2', timestamp: event.timestamp + 1, sessionId: 'c1', pagePath: null });
    expect(serialiseState(live.state()!)).toBe(FIXTURES.v1);
    expect(parseState(FIXTURES.v1)).toEqual(live.state());
  });

  it.each([['[2]'], ['{}'], ['[1,["s",0,0,0,null,0,[0,0,0,0,1,0,0,0,[],[0,"/"],0,0,0,0,0,0,0]]]']])(
    'of something else is refused: %s',
    (text) => {
      expect(() => parseState(text)).toThrow(UnreadableState);
    },
  );

  it('stays within 256 KB for the longest texts, and its weight is never less than its size', () => {
    const live = createLive();
    const long = '\u0001'.repeat(3 * TEXT_LENGTH);
    const fields = { pagePath: long, pageReferrer: long, utmSource: long, utmMedium: long, utmCampaign: long, userAgent: long }; // prettier-ignore
    for (let hour = 0; hour < 10; hour++) {
      const timestamp = hour * 3_600_000;
      live.add(storedEvent({ timestamp, ...fields, eventId: '\u0001'.repeat(199) + String(hour), type: 'ui.click' }));
      live.add(storedEvent({ timestamp, sequence: 1, ...fields, eventId: '\u0001'.repeat(199) + String(hour + 20) }));
      const bytes = Buffer.byteLength(serialiseState(live.state()!));
      expect(bytes).toBeLessThan(250_000);
      expect(bytes).toBeLessThanOrEqual(stateWeight(live.state()!.sessions));
    }
  });

  it('cuts a text without leaving half a character', () => {
    const live = createLive();
    live.add(storedEvent({ timestamp: 0, pagePath: 'x'.repeat(TEXT_LENGTH - 1) + '🦊' }));
    expect(live.standing()[0]?.entryPath).toBe('x'.repeat(TEXT_LENGTH - 1));
  });
});
