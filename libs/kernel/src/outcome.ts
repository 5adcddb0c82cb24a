/**
 * What a step decided about one item. Expected outcomes are values; bugs are exceptions.
 * `reason` is a code from the caller's closed list.
 */
export type Outcome<T, Reason extends string = string> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'drop'; readonly reason: Reason }
  | { readonly kind: 'quarantine'; readonly reason: Reason; readonly message: string };

export function ok<T>(value: T): { readonly kind: 'ok'; readonly value: T } {
  return { kind: 'ok', value };
}

export function drop<R extends string>(reason: R): { readonly kind: 'drop'; readonly reason: R } {
  return { kind: 'drop', reason };
}

export function quarantine<R extends string>(
  reason: R,
  message: string,
): { readonly kind: 'quarantine'; readonly reason: R; readonly message: string } {
  return { kind: 'quarantine', reason, message };
}
