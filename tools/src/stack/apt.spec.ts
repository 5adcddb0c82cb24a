import { describe, expect, it } from 'vitest';
import { offered, parseDeb } from './apt.ts';

describe('a package file', () => {
  it('is name and version', () => {
    expect(parseDeb('redis-server_5%3a7.0.15-1~deb12u10_amd64.deb')).toEqual({
      name: 'redis-server',
      version: '5:7.0.15-1~deb12u10',
    });
  });

  it.each(['redis-server', 'a_1_amd64.zip'])('%s is none', (file) => {
    expect(() => parseDeb(file)).toThrow(`${file} is no package.`);
  });
});

describe('the version that is downloaded', () => {
  const deb = { name: 'redis-server', version: '5:7.0.15-1~deb12u10' };
  const madison = (...versions: string[]): string =>
    [
      'liblzf1 | 3.6-3 | http://mirror bookworm/main',
      ...versions.map((v) => `redis-server | ${v} | http://mirror`),
    ].join('\n');

  it.each([
    ['the locked one', ['5:7.0.15-1~deb12u11', '5:7.0.15-1~deb12u10'], '5:7.0.15-1~deb12u10'],
    ['an update of it, when Debian has dropped it', ['5:7.0.15-1~deb12u12', '5:7.0.15-1'], '5:7.0.15-1~deb12u12'],
  ])('is %s', (_, versions, expected) => expect(offered(deb, madison(...versions))).toBe(expected));

  it.each([
    ['another release', ['5:8.0.2-3'], '5:8.0.2-3'],
    ['none', [], 'none at all'],
  ])('is not %s', (_, versions, said) => {
    expect(() => offered(deb, madison(...versions))).toThrow(`apt has no redis-server 5:7.0.15-1~deb12u10 (${said}).`);
  });
});
