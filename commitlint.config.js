// @ts-check
import { globSync, readFileSync } from 'node:fs';

/** Scopes are the projects, and a few places that are none. */
const { workspaces } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));
const projects = globSync(
  workspaces.map((/** @type {string} */ workspace) => `${workspace}/package.json`),
  { cwd: import.meta.dirname },
).map((file) => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')).name.replace('@productgraph/', ''));

/** Types whose subject may be the whole repository. */
const scopeless = ['docs', 'ci', 'revert'];

const houseRules = {
  rules: {
    'scope-where-due': (/** @type {{ type: string | null, scope: string | null }} */ { type, scope }) => [
      Boolean(scope) || scopeless.includes(type ?? ''),
      `needs a scope, unless its type is ${scopeless.join(', ')}`,
    ],
  },
};

export default {
  plugins: [houseRules],
  extends: ['@commitlint/config-conventional'],
  rules: {
    'scope-enum': [2, 'always', [...projects, 'workspace', 'docs', 'ci', 'deps', 'release']],
    'scope-where-due': [2, 'always'],
    'header-max-length': [2, 'always', 120],
    'body-max-line-length': [0],
    'footer-max-line-length': [0],
    'subject-case': [2, 'never', ['start-case', 'pascal-case', 'upper-case']],
  },
};
