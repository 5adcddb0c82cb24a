// @ts-check
import { builtinModules } from 'node:module';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import { boundaries, pureBuiltins } from './eslint.boundaries.js';

/** Specs, and what only specs import (dependency-cruiser sees to that). */
const unitSpecs = ['**/*.spec.ts', '**/src/**/spec-*.ts', 'libs/*/*/src/testing/**/*.ts'];
/** Contract suites are specs that several adapters run. */
const specs = [...unitSpecs, 'libs/testing/src/**/*.ts', 'e2e/**/*.ts'];
const pure = ['libs/contracts/**/*.ts', 'libs/kernel/**/*.ts', 'libs/domain/**/*.ts'];
const readsEnvironment = ['libs/platform/config/**', 'tools/**', 'bench/**', 'e2e/**', ...unitSpecs, '*.config.ts'];
const writesToConsole = ['apps/cli/**', 'tools/**', 'bench/**', 'e2e/**', ...unitSpecs];

const language = [
  { selector: 'TSEnumDeclaration', message: 'No enums: use a union of literals (files run by type stripping).' },
  { selector: 'TSModuleDeclaration[kind="namespace"]', message: 'No namespaces: use modules.' },
  { selector: 'TSParameterProperty', message: 'No parameter properties: declare and assign the field.' },
  { selector: 'ClassDeclaration[abstract=true]', message: 'No abstract classes: take a port (interface) as argument.' },
  { selector: 'ClassExpression[abstract=true]', message: 'No abstract classes: take a port (interface) as argument.' },
  {
    selector:
      ':matches(FunctionDeclaration, ArrowFunctionExpression, TSMethodSignature, TSFunctionType)[params.length>3]',
    message: 'At most 3 positional parameters: take an options object.',
  },
  {
    selector:
      'MethodDefinition[kind!="constructor"] > FunctionExpression[params.length>3]:not(:has(> Identifier.params > Decorator))',
    message: 'At most 3 positional parameters: take an options object.',
  },
  {
    selector: 'MethodDefinition[kind="constructor"] > FunctionExpression[params.length>6]',
    message: 'At most 6 injected dependencies.',
  },
];
const noSkips = [
  {
    selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(skip|todo|only)$/]',
    message: 'Every test runs. What a machine cannot run says so: `it.skipIf(reason)`.',
  },
];
const environment = [
  {
    selector: 'MemberExpression[object.name="process"][property.name="env"]',
    message: 'Only libs/platform/config reads the environment.',
  },
  {
    selector: 'VariableDeclarator[init.name="process"] > ObjectPattern',
    message: 'Only libs/platform/config reads the environment.',
  },
];
const time = [
  {
    selector: 'MemberExpression[object.name=/^(Date|performance)$/][property.name="now"]',
    message: 'The clock is passed in.',
  },
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'The clock is passed in.' },
  { selector: 'CallExpression[callee.name="Date"]', message: 'The clock is passed in.' },
  { selector: 'MemberExpression[object.name="Math"][property.name="random"]', message: 'Chance is passed in.' },
];
const namedExports = [
  { selector: 'ExportAllDeclaration', message: 'The index of a lib has named exports only.' },
  { selector: 'ExportDefaultDeclaration', message: 'The index of a lib has named exports only.' },
];

/** Flat configs replace a rule's options, so each group states its whole list. */
const restrict = (/** @type {object[][]} */ ...lists) => ({ 'no-restricted-syntax': ['error', ...lists.flat()] });

const impureBuiltins = builtinModules.filter((name) => !pureBuiltins.includes(name) && !name.startsWith('node:'));

const size = {
  'max-lines': ['error', { max: 300, skipBlankLines: true }],
  'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true, IIFEs: true }],
  complexity: ['error', 10],
};

const typed = {
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
  '@typescript-eslint/explicit-module-boundary-types': 'error',
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
  '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: 'only-allowed-literals' }],
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  // A port's promise may have nothing to wait for in memory.
  '@typescript-eslint/require-await': 'off',
  '@typescript-eslint/consistent-type-definitions': 'off',
  eqeqeq: 'error',
  'no-console': 'error',
  'no-restricted-imports': ['error', { paths: [{ name: 'node:process', message: 'Use the global `process`.' }] }],
};

export default tseslint.config(
  { ignores: ['**/node_modules', '**/dist', '.cache', '.nx', 'data', 'var', '**/src/generated', '**/static/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { project: ['./tsconfig.json'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...size,
      ...typed,
      ...restrict(language, environment),
      '@nx/enforce-module-boundaries': ['error', boundaries({ spec: false })],
    },
  },
  { files: readsEnvironment.map((path) => (path.endsWith('**') ? `${path}/*.ts` : path)), rules: restrict(language) },
  {
    files: writesToConsole.map((path) => (path.endsWith('**') ? `${path}/*.ts` : path)),
    rules: { 'no-console': 'off' },
  },
  {
    files: pure,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: impureBuiltins.map((name) => ({ name, message: 'No I/O here: only node:zlib and node:crypto.' })),
          patterns: [
            {
              regex: `^node:(?!(${pureBuiltins.join('|')})$)`,
              message: 'No I/O here: only node:zlib and node:crypto.',
            },
          ],
        },
      ],
    },
  },
  { files: ['libs/kernel/**/*.ts', 'libs/domain/**/*.ts'], rules: restrict(language, environment, time) },
  { files: ['libs/**/src/index.ts'], rules: restrict(language, environment, time, namedExports) },
  {
    files: specs,
    rules: {
      ...restrict(language, noSkips),
      'max-lines': ['error', { max: 500, skipBlankLines: true }],
      'max-lines-per-function': 'off',
      // Suites hand out functions of fakes and worlds by destructuring.
      '@typescript-eslint/unbound-method': 'off',
      'no-restricted-imports': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
    },
  },
  {
    files: unitSpecs,
    rules: { '@nx/enforce-module-boundaries': ['error', boundaries({ spec: true })] },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    rules: { ...size, eqeqeq: 'error', 'no-undef': 'off', 'no-unused-vars': 'error', 'prefer-const': 'error' },
  },
);
