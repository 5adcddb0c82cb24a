import { isOrigin } from './checks.ts';
import type { NewKey } from './ports.ts';
import { nameFault, type SettingFault } from './settings.ts';

const MAX_ORIGINS = 50;

/** Everything that is wrong with a key to be made; empty when it is good. */
export function newKeyFaults(key: Omit<NewKey, 'hash' | 'prefix'>): SettingFault[] {
  const isToken = key.kind === 'pgt';
  const badOrigin = key.allowedOrigins.find((origin) => !isOrigin(origin));
  return [
    nameFault('name', key.name),
    isToken || key.projectId !== null
      ? null
      : { field: 'projectId', message: 'a project: only API tokens may be for a whole organisation' },
    isToken === (key.role !== null)
      ? null
      : { field: 'role', message: 'a role for API tokens, nothing for other keys' },
    badOrigin === undefined
      ? null
      : { field: 'allowedOrigins', message: `origins like https://shop.example.com, not ${JSON.stringify(badOrigin)}` },
    key.allowedOrigins.length <= MAX_ORIGINS
      ? null
      : { field: 'allowedOrigins', message: `at most ${MAX_ORIGINS} origins` },
  ].filter((fault) => fault !== null);
}
