/** A budget was hit; `budget` names it. */
export class QueryTooExpensive extends Error {
  override readonly name = 'QueryTooExpensive';
  readonly budget: 'time' | 'rows' | 'memory';

  constructor(budget: 'time' | 'rows' | 'memory', message: string) {
    super(message);
    this.budget = budget;
  }
}

/** The question has faults; all are listed, each with the path to the field. */
export class InvalidQuestion extends Error {
  override readonly name = 'InvalidQuestion';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('; '));
    this.faults = faults;
  }
}
