/*
 * Arithmetic over the series of a trend: + - * / with their usual precedence, parentheses, decimal numbers, and the
 * letters of series. Division by zero, and anything computed from an unknown value, is null.
 */

export type Formula =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'series'; readonly label: string }
  | { readonly kind: 'negative'; readonly of: Formula }
  | { readonly kind: 'binary'; readonly operator: Operator; readonly left: Formula; readonly right: Formula };

type Operator = '+' | '-' | '*' | '/';

const MAX_LENGTH = 500;
const MAX_DEPTH = 50;
const TOKEN = /\s*([A-Z](?![A-Za-z0-9_])|\d+(?:\.\d+)?|\.\d+|[-+*/()])/y;

class FormulaFault extends Error {
  override readonly name = 'FormulaFault';
}

interface Reader {
  readonly tokens: readonly string[];
  at: number;
  depth: number;
}

/** The formula, or why it is none. */
export function parseFormula(text: string): { readonly formula: Formula } | { readonly fault: string } {
  try {
    const reader: Reader = { tokens: tokenize(text), at: 0, depth: 0 };
    const formula = sum(reader);
    const left = reader.tokens[reader.at];
    return left === undefined ? { formula } : { fault: `${left} is not expected there` };
  } catch (error) {
    if (error instanceof FormulaFault) return { fault: error.message };
    throw error;
  }
}

function tokenize(text: string): string[] {
  if (text.length > MAX_LENGTH) throw new FormulaFault(`is longer than ${MAX_LENGTH} characters`);
  const tokens: string[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  for (let at = 0; at < end; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) throw new FormulaFault(`cannot be read from character ${at + 1} on`);
    tokens.push(token);
  }
  return tokens;
}

function binary(reader: Reader, operators: readonly Operator[], operand: (reader: Reader) => Formula): Formula {
  let left = operand(reader);
  for (;;) {
    const operator = operators.find((o) => o === reader.tokens[reader.at]);
    if (operator === undefined) return left;
    reader.at++;
    left = { kind: 'binary', operator, left, right: operand(reader) };
  }
}

const sum = (reader: Reader): Formula => binary(reader, ['+', '-'], product);
const product = (reader: Reader): Formula => binary(reader, ['*', '/'], factor);

function factor(reader: Reader): Formula {
  const token = reader.tokens[reader.at++];
  if (token === undefined) throw new FormulaFault('ends too early');
  if (++reader.depth > MAX_DEPTH) throw new FormulaFault(`nests deeper than ${MAX_DEPTH}`);
  const formula = factorOf(reader, token);
  reader.depth--;
  return formula;
}

function factorOf(reader: Reader, token: string): Formula {
  if (token === '-') return { kind: 'negative', of: factor(reader) };
  if (/^[A-Z]$/.test(token)) return { kind: 'series', label: token };
  if (/^[\d.]/.test(token)) return { kind: 'number', value: Number(token) };
  if (token !== '(') throw new FormulaFault(`${token} is not expected there`);
  const inner = sum(reader);
  if (reader.tokens[reader.at++] !== ')') throw new FormulaFault('has a ( without )');
  return inner;
}

/** Labels of the series that it uses, each once, in order of use. */
export function formulaLabels(formula: Formula): string[] {
  if (formula.kind === 'series') return [formula.label];
  if (formula.kind === 'negative') return formulaLabels(formula.of);
  if (formula.kind === 'number') return [];
  return [...new Set([...formulaLabels(formula.left), ...formulaLabels(formula.right)])];
}

/** The value for given values of the series; an unknown series counts as null. */
export function evaluateFormula(formula: Formula, values: Readonly<Record<string, number | null>>): number | null {
  if (formula.kind === 'number') return formula.value;
  if (formula.kind === 'series') return values[formula.label] ?? null;
  if (formula.kind === 'negative') {
    const value = evaluateFormula(formula.of, values);
    return value === null ? null : 0 - value;
  }
  const left = evaluateFormula(formula.left, values);
  const right = evaluateFormula(formula.right, values);
  return left === null || right === null ? null : compute(formula.operator, left, right);
}

function compute(operator: Operator, left: number, right: number): number | null {
  const value =
    operator === '+' ? left + right : operator === '-' ? left - right : operator === '*' ? left * right : left / right;
  return Number.isFinite(value) ? value : null;
}
