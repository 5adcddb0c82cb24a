import { EVENT_TYPES, type StoredEvent } from '@productgraph/contracts';
import { expect, it } from 'vitest';
import { BUILT_AT } from '../builders/rows.ts';
import { blockOf, eventOf, eventsOf, type EventStoreWorld } from './fixture.ts';

/** Texts of JSON objects whose values a parser of ours or of a database could bend. */
const OBJECTS: readonly (readonly [string, string])[] = [
  ['integers above 2^53', '{"id":9007199254740993,"big":123456789012345678901234567890}'],
  ['numbers beyond doubles', '{"huge":1e400,"tiny":1e-400}'],
  ['minus zero', '{"zero":-0,"float":-0.0}'],
  ['long decimals', '{"price":0.1000000000000000055511151231257827,"trailing":1.50,"exponent":1E+2}'],
  ['duplicate keys', '{"a":1,"a":2}'],
  ['key order', '{"b":1,"a":2,"10":3,"9":4}'],
  ['special keys', '{"__proto__":{"x":1},"constructor":null,"":0}'],
  ['unicode', '{"text":"žluťoučký 日本語 🚀 \u2028 \u00a0","é":"e\u0301"}'],
  ['escapes', String.raw`{"text":"\"quoted\" \\ back\\slash \/ \u0041 \ud83d\ude80 \t\n\r\b\f"}`],
  ['what COPY escapes', '{"text":"\\\\N \\\\. tab\\t"}'],
  ['white space between', '{ "a" :\t[ 1 ,\n 2 ] }'],
  ['depth', `${'{"a":'.repeat(15)}1${'}'.repeat(15)}`],
  ['nothing', '{}'],
];

/** Texts of columns. */
const TEXTS: readonly string[] = [
  '',
  ' ',
  '\\N',
  '\\.',
  'tab\tand\nline\rend',
  '"quotes" and \'quotes\'',
  'back\\slash\\',
  'NULL',
  'žluťoučký 日本語 🚀',
  '\u2028\u0001\u007f',
  '\uffff',
  '{"a":1}',
  'x'.repeat(8_192),
];

/** Every field filled, so that a swap of two columns shows. */
function fullEvent(world: EventStoreWorld): StoredEvent {
  const text = (field: string): string => `${field} value`;
  return {
    ...eventOf(world),
    type: 'state.change',
    name: text('name'),
    timestamp: BUILT_AT + 1,
    originalTimestamp: BUILT_AT - 90_002,
    sentAt: BUILT_AT - 90_003,
    receivedAt: BUILT_AT + 4,
    sequence: 2 ** 53 - 1,
    sessionId: text('sessionId'),
    userId: 'ann',
    anonymousId: text('anonymousId'),
    userKey: 'u:ann',
    pagePath: text('pagePath'),
    pageTitle: text('pageTitle'),
    pageUrl: text('pageUrl'),
    pageReferrer: text('pageReferrer'),
    uiComponentName: text('uiComponentName'),
    uiComponentPath: text('uiComponentPath'),
    uiComponentType: text('uiComponentType'),
    uiAction: text('uiAction'),
    uiElement: text('uiElement'),
    uiElementText: text('uiElementText'),
    uiStateKey: text('uiStateKey'),
    uiStateBefore: '9007199254740993',
    uiStateAfter: '{"b":1, "a":-0}',
    journeyId: text('journeyId'),
    stepId: text('stepId'),
    stepName: text('stepName'),
    apiMethod: text('apiMethod'),
    apiRoute: text('apiRoute'),
    apiStatus: 32_767,
    apiDurationMs: 0.1 + 0.2,
    errorType: text('errorType'),
    errorMessage: text('errorMessage'),
    errorStack: text('errorStack'),
    durationMs: 5e-324,
    userAgent: text('userAgent'),
    utmSource: text('utmSource'),
    utmMedium: text('utmMedium'),
    utmCampaign: text('utmCampaign'),
    properties: '{"a":1}',
    context: '{"b":2}',
    groups: '{"c":"3"}',
    flags: 31,
    lane: 3,
  };
}

export function exactnessCases(world: () => EventStoreWorld): void {
  it('gives every field back as it was', async () => {
    const events = [fullEvent(world()), eventOf(world(), { timestamp: BUILT_AT + 2 })];
    await world().store.write(blockOf(0, events));
    expect(await eventsOf(world())).toEqual(events);
  });

  it.each(OBJECTS)('keeps the text of objects: %s', async (_, json) => {
    const event = eventOf(world(), { properties: json, context: json, groups: json, uiStateBefore: json });
    await world().store.write(blockOf(0, [event]));
    expect(await eventsOf(world())).toEqual([event]);
  });

  it('keeps texts', async () => {
    const events = TEXTS.map((text, sequence) =>
      eventOf(world(), { sequence, pageTitle: text, errorMessage: text, name: text }),
    );
    await world().store.write(blockOf(0, events));
    expect(await eventsOf(world())).toEqual(events);
  });

  it('keeps every type', async () => {
    const events = EVENT_TYPES.map((type, sequence) => eventOf(world(), { type, sequence }));
    await world().store.write(blockOf(0, events));
    expect(await eventsOf(world())).toEqual(events);
  });

  it('keeps times to the millisecond, from 2000 to 2099, a block over many months', async () => {
    const times = [Date.UTC(2000, 0, 1), Date.UTC(2015, 4, 31, 23, 59, 59, 999), Date.UTC(2015, 5, 1), BUILT_AT];
    for (let month = 0; month < 14; month++) times.push(Date.UTC(2020, month, 28, 1, 2, 3, month));
    times.push(Date.UTC(2099, 11, 31, 23, 59, 59, 999));
    const events = times.map((timestamp) => eventOf(world(), { timestamp, receivedAt: BUILT_AT }));
    // Not in order of time.
    const shuffled = events.toSorted((a, b) => (a.timestamp % 7) - (b.timestamp % 7));
    expect(await world().store.write(blockOf(0, shuffled))).toMatchObject({ inserted: events.length, refused: 0 });
    const ordered = events.toSorted((a, b) => a.timestamp - b.timestamp);
    expect((await eventsOf(world())).map(({ timestamp }) => timestamp)).toEqual(ordered.map((e) => e.timestamp));
  });
}
