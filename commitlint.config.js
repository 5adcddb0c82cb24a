// @ts-check
import { globSync, readFileSync } from 'node:fs';

/** Scopes are the projects, and a few places that are none. */
const { workspaces } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));
const projects = globSync(
  workspaces.map((/** @type {string} */ workspace) => `${workspace}/package.json`),
  { cwd: import.meta.dirname },
).map((file) => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')).name.replace('@productgraph/', ''));

export default {
  extends: ['@commitlint/config-conventional'],
  rules: {
    'scope-enum': [2, 'always', [...projects, 'workspace', 'docs', 'ci', 'deps', 'release']],
    'scope-empty': [2, 'never'],
    'header-max-length': [2, 'always', 100],
    'body-max-line-length': [0],
    'footer-max-line-length': [0],
    'subject-case': [2, 'never', ['start-case', 'pascal-case', 'upper-case']],
  },
};
