import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { count, counted, table } from './output.ts';
import { createProgram } from './program.ts';
import { toFix } from './commands/replay.ts';

/** The words of a program that may not end the test's process. */
async function parse(args: readonly string[]): Promise<{ ran: boolean; words: string }> {
  let ran = false;
  let words = '';
  const program = createProgram(
    async () => {
      ran = true;
    },
    () => undefined,
  );
  const quiet = (command: Command): void => {
    command
      .exitOverride()
      .configureOutput({ writeOut: (text) => (words += text), writeErr: (text) => (words += text) });
    for (const child of command.commands) quiet(child);
  };
  quiet(program);
  await program.parseAsync(args, { from: 'user' }).catch(() => undefined);
  return { ran, words };
}

describe('the command line', () => {
  it.each([
    'migrate',
    'migrate --json',
    '--json doctor',
    'doctor --url http://localhost:1/',
    'import access-log /var/log/access.log.gz',
    'import access-log - --label web-1 --format nginx-json --key pgs_x --url https://h',
    'import access-log f --format common --project Shop',
    'import ndjson f --live',
    'keys create write',
    'keys create token --role owner --org Acme --name CI',
    'keys create write --origin https://a.example https://b.example',
    'keys list --project Shop --all',
    'keys revoke pgw_abcdef',
    'keys disable pgw_abcdef',
    'keys enable pgw_abcdef',
    'projects create Shop --time-zone Europe/Berlin --retention-days 90',
    'projects list',
    'replay quarantine --code invalid_type --stage ingest --fix event.type=page.view --limit 10',
  ])('takes: %s', async (line) => {
    expect(await parse(line.split(' '))).toEqual({ ran: true, words: '' });
  });

  it.each([
    ['nonsense', "unknown command 'nonsense'"],
    ['import access-log', "missing required argument 'file'"],
    ['import access-log f --format csv', 'Allowed choices are combined, common, nginx-json'],
    ['import access-log f --fromat common', "unknown option '--fromat'"],
    ['doctor --url localhost:8080', 'It begins with http:// or https://'],
    ['keys create admin', 'Allowed choices are write, secret, token'],
    ['keys create', "missing required argument 'kind'"],
    ['keys create token --role boss', 'Allowed choices are owner, admin, analyst, viewer'],
    ['keys revoke', "missing required argument 'key'"],
    ['projects create Shop --retention-days 0', 'A whole number from 1 is needed'],
    ['projects create Shop --retention-days 1.5', 'A whole number from 1 is needed'],
    ['replay quarantine --code nonsense', 'Allowed choices are invalid_event, invalid_type, missing_name'],
    ['replay quarantine --stage nowhere', 'Allowed choices are ingest, import, decode, store'],
  ])('refuses: %s', async (line, words) => {
    const result = await parse(line.split(' '));
    expect(result.ran).toBe(false);
    expect(result.words).toContain(words);
    expect(result.words).toContain('--help');
  });

  it.each(['', 'import', 'import access-log', 'keys create', 'doctor'])('explains: %s --help', async (line) => {
    const { words, ran } = await parse([...line.split(' ').filter(Boolean), '--help']);
    expect([ran, words.startsWith('Usage: productgraph')]).toEqual([false, true]);
    expect(words).toContain('--json');
  });
});

describe('small things', () => {
  it.each([
    ['event.type="page.view"', { field: 'event.type', value: 'page.view' }],
    ['event.type=page.view', { field: 'event.type', value: 'page.view' }],
    ['api.status=200', { field: 'api.status', value: 200 }],
    ['user.id=a=b', { field: 'user.id', value: 'a=b' }],
    ['user.id=', { field: 'user.id', value: '' }],
    ['user.id', { field: 'user.id' }],
  ])('fix %s', (text, fix) => {
    expect(toFix(text)).toEqual(fix);
  });

  it('tables line up', () => {
    expect(
      table(
        ['a', 'bb'],
        [
          ['long', 'x'],
          ['', 'yy'],
        ],
      ),
    ).toBe('a     bb\nlong  x\n      yy');
    expect(count(1234567)).toBe('1,234,567');
    expect([counted(1, 'entry', 'entries'), counted(2_000, 'entry', 'entries')]).toEqual(['1 entry', '2,000 entries']);
  });
});
