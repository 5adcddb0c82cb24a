import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configTable, describeConfig } from './describe.ts';
import { allSettings, pipelineSettings } from './fragments/all.ts';
import { loadConfig } from './load.ts';

const page = (name: string) => new URL(`../../../../${name}`, import.meta.url);

describe('the configuration table', () => {
  it('is in docs/configuration.md (npm run docs)', () => {
    expect(readFileSync(page('docs/configuration.md'), 'utf8')).toContain(configTable(allSettings));
    expect(readFileSync(page('docs/configuration.md'), 'utf8')).toContain(configTable(pipelineSettings));
  });

  it('is in README.md, once there is one', () => {
    if (!existsSync(page('README.md'))) return;
    expect(readFileSync(page('README.md'), 'utf8')).toContain(configTable(allSettings));
  });

  it('names each setting once', () => {
    const names = describeConfig(allSettings).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has defaults that are themselves allowed', () => {
    const shown = describeConfig(allSettings).filter(({ fallback }) => !fallback.startsWith('('));
    const env = Object.fromEntries(shown.map(({ name, fallback }) => [name, fallback]));
    expect(loadConfig(allSettings, env).config).toEqual(loadConfig(allSettings, {}).config);
  });
});
