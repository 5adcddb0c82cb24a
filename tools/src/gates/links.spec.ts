import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const pages = globSync(['README.md', 'CONTRIBUTING.md', 'docs/**/*.md', '{apps,libs,tools,e2e,bench}/**/README.md'], {
  cwd: root,
  exclude: (path) => path.includes('node_modules') || path.includes('dist'),
});

/** Targets within the repository, without their anchors. Code is no text. */
function linksOf(text: string): string[] {
  const prose = text.replaceAll(/^```.*?^```/gmsu, '').replaceAll(/`[^`\n]*`/gu, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/gu)]
    .map(([, target = '']) => target.replace(/#.*$/u, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/u.test(target));
}

describe('links', () => {
  it('finds the pages', () => expect(pages).toContain('README.md'));

  it.each(pages)('of %s lead somewhere', (page) => {
    const links = linksOf(readFileSync(join(root, page), 'utf8'));
    expect(links.filter((link) => !existsSync(join(root, dirname(page), decodeURIComponent(link))))).toEqual([]);
  });
});
