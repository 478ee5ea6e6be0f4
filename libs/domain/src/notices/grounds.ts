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

/** How people read them: what it is, and the paragraph where the law has one. */
export const GROUND_NAMES: Readonly<Record<Ground, string>> = {
  LUS_2KAP: 'Lagen om samverkan vid utskrivning (LUS 2 kap.)',
  CONSENT: 'Samtycke',
  SAME_REGION: 'Inom regionen (OSL 25 kap. 11 §)',
  CHILD_OR_ABUSE_OR_COMPULSORY: 'Barn, missbruk eller tvångsvård (OSL 25 kap. 12 §, 26 kap. 9 §)',
  CANNOT_CONSENT: 'Kan inte samtycka (OSL 25 kap. 13 §)',
  MENPROVNING: 'Menprövning (OSL 25 kap. 1 §, 26 kap. 1 §)',
  PRIVATE_PROVIDER: 'Privat vårdgivare (PSL 6 kap. 12 §)',
  LPT_7A: 'Beslut om öppen tvångsvård (LPT 7 a §)',
};
