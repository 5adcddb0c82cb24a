import type { TrendKey } from '@productgraph/domain-query';
import { type Compiler, parameter } from './compiler.ts';

/** Breakdown values joined into one text that no other values give: each with its length in front, `-` for not set. */
function keySql(values: readonly string[]): string {
  const parts = values.map((value) => `ifNull(concat(toString(length(${value})), ':', ${value}), '-')`);
  return parts.length === 1 ? parts.join('') : `concat(${parts.join(', ')})`;
}

function keyText(key: TrendKey): string {
  return key.map((value) => (value === null ? '-' : `${Buffer.byteLength(value)}:${value}`)).join('');
}

/** SQL of the line (UInt32) that a row belongs to: from 1 on as listed in `keys`, 0 = other. One line without breakdown. */
export function lineSql(compiler: Compiler, values: readonly string[], keys: readonly TrendKey[]): string {
  if (values.length === 0) return 'toUInt32(1)';
  if (keys.length === 0) return 'toUInt32(0)';
  const wanted = parameter(compiler, keys.map(keyText), 'Array(String)');
  const lines = parameter(
    compiler,
    keys.map((_, i) => i + 1),
    'Array(UInt32)',
  );
  return `transform(${keySql(values)}, ${wanted}, ${lines}, toUInt32(0))`;
}
