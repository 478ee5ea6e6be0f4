/** A start that cannot go on, for a reason its user can mend: shown as one line, without a stack. */
export class StartProblem extends Error {
  readonly remedy: string;

  /**
   * @param what what stands in the way, one sentence without its full stop
   * @param remedy what to do about it, in the imperative
   */
  constructor(what: string, remedy: string) {
    super(`${what}: ${remedy}`);
    this.name = 'StartProblem';
    this.remedy = remedy;
  }
}
