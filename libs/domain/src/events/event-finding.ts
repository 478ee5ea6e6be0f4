/**
 * Something that is not right in a message that was taken all the same (rules 12.9).
 *
 *   noted     in a field that no duty and no notice uses (SAL-2)
 *   unstated  in a field that one uses: the field counts as not stated (SAL-3)
 *   flagged   read otherwise than it was written, or written otherwise than agreed (SAL-4, DEC-19, DEC-21, DEC-26, DEC-28)
 */
export const FINDING_GRADES = ['noted', 'unstated', 'flagged'] as const;
export type FindingGrade = (typeof FINDING_GRADES)[number];

/** One finding on an event (SAL-5). Holds no content. */
export interface EventFinding {
  readonly grade: FindingGrade;
  /** Name in the table of coded errors. */
  readonly code: string;
  /** Where in the message (`PV2-9`, `OBX-3[2]`). */
  readonly place: string;
}
