import { describe, expect, it } from 'vitest';
import { createBotCheck } from './bots.ts';

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

describe('bot check', () => {
  const isBot = createBotCheck(2);

  it.each([
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', true],
    ['Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)', true],
    [CHROME, false],
    ['', false],
  ])('%j: %s', (userAgent, expected) => {
    expect(isBot(userAgent)).toBe(expected);
    expect(isBot(userAgent)).toBe(expected);
  });

  it('looks at the beginning of a hostile user agent only', () => {
    expect(isBot(CHROME + ' '.repeat(2_000) + 'Googlebot')).toBe(false);
  });
});
