/** A value does not fit into its column; the message names it. */
export class ValueOutOfRange extends Error {
  override readonly name = 'ValueOutOfRange';
}

/** The value, for formats of rows that would wrap it silently. @throws ValueOutOfRange unless it is an integer from `min` to `max` */
export function integerWithin(value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new ValueOutOfRange(`${value} is not an integer from ${min} to ${max}`);
  }
  return value;
}
