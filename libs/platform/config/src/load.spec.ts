import { describe, expect, it } from 'vitest';
import { choice, flag, list, number, optionalUrl, requiredUrl, text } from './setting.ts';
import { ConfigError, loadConfig } from './load.ts';

const fragments = {
  server: {
    port: number('PORT', { fallback: 8080, min: 0, max: 65_535, about: 'The port.' }),
    ratio: number('RATIO', { fallback: 0.5, min: 0, max: 1, fraction: true, about: 'A part.' }),
  },
  data: {
    url: optionalUrl('DATABASE_URL', ['postgres', 'postgresql'], { secret: true, about: 'The store.' }),
    demo: flag('DEMO', { fallback: true, about: 'Sample data.' }),
    level: choice('LOG_LEVEL', ['info', 'debug'], { fallback: 'info', about: 'How much.' }),
    name: text('NAME', { allowed: 'a name', max: 5, about: 'Who.', fallback: 'x' }),
  },
};

describe('loadConfig', () => {
  it('answers defaults when nothing is set, typed and frozen', () => {
    const { config, warnings } = loadConfig(fragments, {});
    expect(config).toEqual({
      server: { port: 8080, ratio: 0.5 },
      data: { url: null, demo: true, level: 'info', name: 'x' },
    });
    expect(Object.isFrozen(config) && Object.isFrozen(config.server)).toBe(true);
    expect(warnings).toEqual([]);
  });

  it.each([
    { name: 'PORT', given: '9000', path: ['server', 'port'], value: 9000 },
    { name: 'PORT', given: '  0 ', path: ['server', 'port'], value: 0 },
    { name: 'PORT', given: '', path: ['server', 'port'], value: 8080 },
    { name: 'RATIO', given: '0.25', path: ['server', 'ratio'], value: 0.25 },
    { name: 'DATABASE_URL', given: 'postgresql://u:p@h/db', path: ['data', 'url'], value: 'postgresql://u:p@h/db' },
    { name: 'DEMO', given: '0', path: ['data', 'demo'], value: false },
    { name: 'DEMO', given: 'true', path: ['data', 'demo'], value: true },
    { name: 'LOG_LEVEL', given: 'debug', path: ['data', 'level'], value: 'debug' },
    { name: 'NAME', given: 'abcde', path: ['data', 'name'], value: 'abcde' },
  ] as const)('$name="$given" is $path = $value', ({ name, given, path: [concern, key], value }) => {
    const { config } = loadConfig(fragments, { [name]: given });
    expect((config[concern] as Record<string, unknown>)[key]).toBe(value);
  });

  it.each([
    ['PORT', 'abc', 'PORT is "abc". Allowed: a whole number from 0 to 65535.'],
    ['PORT', '65536', 'PORT is "65536". Allowed: a whole number from 0 to 65535.'],
    ['PORT', '80.5', 'PORT is "80.5". Allowed: a whole number from 0 to 65535.'],
    ['PORT', '1e3', 'PORT is "1e3". Allowed: a whole number from 0 to 65535.'],
    ['RATIO', '2', 'RATIO is "2". Allowed: a number from 0 to 1.'],
    ['DEMO', 'no', 'DEMO is "no". Allowed: 1 or true, 0 or false.'],
    ['DEMO', 'toString', 'DEMO is "toString". Allowed: 1 or true, 0 or false.'],
    ['LOG_LEVEL', 'INFO', 'LOG_LEVEL is "INFO". Allowed: info, debug.'],
    ['NAME', 'abcdef', 'NAME is "abcdef". Allowed: a name.'],
    [
      'DATABASE_URL',
      'mysql://root:hunter2@h/db',
      'DATABASE_URL is "mysql://root:***@h/db". Allowed: a URL that begins with postgres:// or postgresql://.',
    ],
    [
      'DATABASE_URL',
      'hunter2 with a secret',
      'DATABASE_URL is "hun***". Allowed: a URL that begins with postgres:// or postgresql://.',
    ],
  ])('%s="%s" is a fault', (name, given, message) => {
    expect(() => loadConfig(fragments, { [name]: given })).toThrow(ConfigError);
    expect(() => loadConfig(fragments, { [name]: given })).toThrow(message);
  });

  it('lists all faults at once', () => {
    const faults = faultsOf(() => loadConfig(fragments, { PORT: 'x', DEMO: '2', LOG_LEVEL: '?' }));
    expect(faults.map(({ name }) => name)).toEqual(['PORT', 'DEMO', 'LOG_LEVEL']);
  });

  it('wants what has no default', () => {
    const needy = { a: { key: text('API_KEY', { allowed: 'a key', about: 'Needed.', secret: true }) } };
    expect(() => loadConfig(needy, {})).toThrow('API_KEY is not set. Allowed: a key.');
    expect(loadConfig(needy, { API_KEY: 'k' }).config.a.key).toBe('k');
  });

  it.each([
    [{ DATABSE_URL: 'x' }, ['DATABSE_URL is set but is no setting; did you mean DATABASE_URL?']],
    [{ LOGLEVEL: 'x' }, ['LOGLEVEL is set but is no setting; did you mean LOG_LEVEL?']],
    [{ Log_Level: 'x' }, ['Log_Level is set but is no setting; did you mean LOG_LEVEL?']],
    [{ HOME: '/root', DEMO1: 'x', PORTS: '1', LOGNAME: 'me', SESSION_MANAGER: 'x', LOGLEVEL: '' }, []],
  ])('warns of misspelt names: %j', (env, warnings) => {
    expect(loadConfig(fragments, env).warnings).toEqual(warnings);
  });
});

function faultsOf(work: () => unknown): ConfigError['faults'] {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  throw new Error('No fault was found');
}

describe('lists and what must be set', () => {
  const pipeline = {
    kafka: { brokers: list('BROKERS', { each: 'host:port', pattern: /^\S+:\d+$/, about: 'Brokers.' }) },
    redis: { urls: list('REDIS', { each: 'a URL', pattern: /^redis:/, secret: true, about: 'Nodes.' }) },
    postgres: { url: requiredUrl('DATABASE_URL', ['postgres'], { about: 'The store.' }) },
  };
  const good = { BROKERS: ' a:1, b:2 ,', REDIS: 'redis://a:1', DATABASE_URL: 'postgres://h/db' };

  it('take one or several, without white space and empty ones', () => {
    expect(loadConfig(pipeline, good).config).toEqual({
      kafka: { brokers: ['a:1', 'b:2'] },
      redis: { urls: ['redis://a:1'] },
      postgres: { url: 'postgres://h/db' },
    });
  });

  it('are told all at once, without what opens doors', () => {
    const wrong = { BROKERS: 'a:1,b', REDIS: 'redis://u:secret@a:1,http://u:secret@b:2' };
    expect(() => loadConfig(pipeline, wrong)).toThrow(
      [
        'BROKERS is "a:1,b". Allowed: host:port, or several separated by commas.',
        'REDIS is "redis://u:***@a:1,http://u:***@b:2/". Allowed: a URL, or several separated by commas.',
        'DATABASE_URL is not set. Allowed: a URL that begins with postgres://.',
      ].join('\n'),
    );
  });
});
