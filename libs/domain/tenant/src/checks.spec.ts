import { describe, expect, it } from 'vitest';
import { emailKey, isEmail, isOrigin, isTimeZone } from './checks.ts';

describe('time zones', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'Asia/Kolkata'])(
    'takes %s',
    (name) => {
      expect(isTimeZone(name)).toBe(true);
    },
  );
  it.each(['', 'Berlin', '+02:00', 'Europe/Berlin ', 'Europe/Atlantis', "UTC'; DROP TABLE events", '../etc/passwd'])(
    'refuses %j',
    (name) => {
      expect(isTimeZone(name)).toBe(false);
    },
  );
});

describe('e-mail addresses', () => {
  it.each(['a@b.co', 'ann.lee+tag@mail.example.com', "o'neil@example.com", 'ümlaut@exämple.de'])('takes %s', (text) => {
    expect(isEmail(text)).toBe(true);
  });
  it.each([
    '',
    'a',
    'a@b',
    '@b.co',
    'a@',
    'a@b..co',
    'a@.co',
    'a b@c.de',
    'a@b@c.de',
    'a@b.c,d@e.f',
    `${'x'.repeat(65)}@b.co`,
    `a@${'x'.repeat(250)}.co`,
    'a@b.co\n',
  ])('refuses %j', (text) => {
    expect(isEmail(text)).toBe(false);
  });
  it('are compared without case and white space', () => {
    expect(emailKey(' Ann@Example.COM ')).toBe(emailKey('ann@example.com'));
  });
});

describe('origins', () => {
  it.each(['https://shop.example.com', 'http://localhost:3000', 'HTTPS://Shop.Example.com'])('takes %s', (text) => {
    expect(isOrigin(text)).toBe(true);
  });
  it.each([
    '',
    '*',
    'shop.example.com',
    'https://shop.example.com/',
    'https://shop.example.com/path',
    'https://a:443',
    'ftp://a.example',
    'https://u:p@a.example',
    'null',
  ])('refuses %j', (text) => {
    expect(isOrigin(text)).toBe(false);
  });
});
