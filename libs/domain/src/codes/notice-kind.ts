/** Codes of `CodeSystem/notice` (contract 4) of which the hub has notices: `notices/kinds.ts` says what each is. */
export type NoticeKind = 'INS' | 'BUT' | 'UTK' | 'OPT-DECISION' | 'UTS' | 'INFO' | 'HOME';
