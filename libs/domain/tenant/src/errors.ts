/** The change contradicts what is there: name taken, last owner, … */
export class Conflict extends Error {
  override readonly name = 'Conflict';
}
