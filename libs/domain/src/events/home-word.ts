import type { StatedTime } from '../time/time.ts';

/** Whether the measures that somebody has at home go on as they were (rules 12.2). */
export const UNCHANGED = ['yes', 'no', 'unknown'] as const;
export type Unchanged = (typeof UNCHANGED)[number];

/** What who helps at home may know of a stay: from when the person is away or home, and whom to call (rules 12.2). Never why. */
export interface HomeWord {
  readonly awayFrom?: StatedTime;
  readonly homeFrom?: StatedTime;
  readonly unchanged?: Unchanged;
  /** Name and telephone. */
  readonly call?: string;
}
