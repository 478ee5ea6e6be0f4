/** What law a party stands under where secrecy is asked about (rules 12.3). */
export const LEGAL_FORMS = ['region-authority', 'municipal-authority', 'private'] as const;
export type LegalForm = (typeof LEGAL_FORMS)[number];
