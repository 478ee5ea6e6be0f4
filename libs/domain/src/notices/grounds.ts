/** Grounds on which content may cross the secrecy border (rules 8.2, 12.3), in the order in which they are named. */
export const GROUNDS = [
  'LUS_2KAP',
  'CONSENT',
  'SAME_REGION',
  'CHILD_OR_ABUSE_OR_COMPULSORY',
  'CANNOT_CONSENT',
  'MENPROVNING',
  'PRIVATE_PROVIDER',
  'LPT_7A',
] as const;
export type Ground = (typeof GROUNDS)[number];
