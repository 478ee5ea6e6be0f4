/** One line of why, for the operator and, filtered, for the parties (rules 12.5). Swedish. */
export interface TraceLine {
  readonly rule: string;
  readonly text: string;
}
