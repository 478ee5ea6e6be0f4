import type { Action, ActReason, CaseActName, CaseState, Cause, Consequence, Question } from '#libs/domain';

/** Swedish words for the life of a deviation case (rules 6.3). */

export const STATE_WORDS: Readonly<Record<CaseState, string>> = {
  new: 'Ny',
  'with-unit': 'Hos enheten',
  answered: 'Besvarad',
  storsthlm: 'Hos Storsthlm',
  region: 'Hos HSF',
  'working-group': 'Hos arbetsgruppen',
  closed: 'Avslutad',
  rejected: 'Avvisad',
};

/** What the button of an act says. */
export const ACT_WORDS: Readonly<Record<CaseActName, string>> = {
  take: 'Ta hand om',
  answer: 'Svara',
  ask: 'Fråga',
  escalate: 'Lyft vidare',
  close: 'Avsluta',
  reject: 'Avvisa',
  reopen: 'Öppna igen',
  withdraw: 'Ta tillbaka anmälan',
};

/** What an act is called when it has been done. */
export const DONE_WORDS: Readonly<Record<CaseActName | 'found' | 'opened' | 'ended' | 'reported', string>> = {
  found: 'Upptäckt av Bryggan',
  opened: 'Öppnad',
  ended: 'Inget återstår',
  reported: 'Anmäld',
  take: 'Omhändertagen',
  answer: 'Besvarad',
  ask: 'Fråga ställd',
  escalate: 'Lyft vidare',
  close: 'Avslutad',
  reject: 'Avvisad',
  reopen: 'Öppnad igen',
  withdraw: 'Anmälan återtagen',
};

export const CAUSE_WORDS: Readonly<Record<Cause, string>> = {
  'routine-unknown': 'Rutinen var inte känd',
  'routine-not-followed': 'Rutinen följdes inte',
  staffing: 'Bemanning',
  technique: 'Teknik',
  'wrong-recipient': 'Fel mottagare',
  'information-missing': 'Uppgifter saknades',
  'patient-circumstances': 'Patientens situation',
  other: 'Annat',
};

export const ACTION_WORDS: Readonly<Record<Action, string>> = {
  'staff-informed': 'Personalen är informerad',
  'routine-changed': 'Rutinen är ändrad',
  'technique-mended': 'Tekniken är rättad',
  'settled-with-party': 'Löst tillsammans med den andra parten',
  'risk-reported': 'Anmäld som risk',
  none: 'Ingen åtgärd',
};

export const QUESTION_WORDS: Readonly<Record<Question, string>> = {
  cause: 'Vad var orsaken?',
  action: 'Vad gör ni åt det?',
  'time-plan': 'När är det åtgärdat?',
  recurring: 'Har det hänt förut?',
  'who-was-told': 'Vem fick veta, och hur?',
};

export const REASON_WORDS: Readonly<Record<ActReason, string>> = {
  settled: 'Det är löst',
  'no-answer': 'Inget svar har kommit',
  recurring: 'Det händer igen och igen',
  'of-principle': 'Det är en principfråga',
  disagreement: 'Vi är inte överens',
  'patient-safety': 'Patientsäkerheten',
  'not-a-deviation': 'Det är ingen avvikelse',
  'wrong-unit': 'Fel enhet',
  duplicate: 'Dubblett',
  'new-information': 'Nya uppgifter',
  'by-mistake': 'Gjordes av misstag',
};

/** The reasons that make sense of an act. */
export const REASONS_OF: Readonly<Partial<Record<CaseActName, readonly ActReason[]>>> = {
  escalate: ['no-answer', 'recurring', 'of-principle', 'disagreement', 'patient-safety'],
  close: ['settled', 'duplicate', 'by-mistake'],
  reject: ['not-a-deviation', 'wrong-unit', 'duplicate', 'by-mistake'],
  reopen: ['new-information', 'recurring', 'disagreement', 'by-mistake'],
};

export const CONSEQUENCE_WORDS: Readonly<Record<Consequence, string>> = {
  none: 'Ingen',
  delay: 'Fördröjning',
  'wrong-care': 'Fel vård eller omsorg',
  readmission: 'Återinskrivning',
  harm: 'Vårdskada',
};

export const SEVERITY_WORDS: Readonly<Record<number, string>> = {
  1: '1 liten',
  2: '2 måttlig',
  3: '3 stor',
  4: '4 allvarlig',
};

export const CARE_WORDS: Readonly<Record<string, string>> = {
  SOM: 'Somatik',
  PSY: 'Psykiatri',
  BER: 'Beroendevård',
  BUP: 'Barn- och ungdomspsykiatri',
};

/** Steps of the regional routine. */
export const STEP_WORDS: Readonly<Record<string, string>> = {
  1: '1 Inskrivningsmeddelande',
  2: '2 Fast vårdkontakt',
  3: '3 Planering inför utskrivning',
  4: '4 Kallelse till SIP',
  5: '5 Utskrivningsklar',
  6: '6 Utskrivning',
  7: '7 SIP upprättas',
  8: '8 Uppföljning och annat',
};

export const HOSPITAL_WORDS: Readonly<Record<string, string>> = {
  region: 'Regionens sjukhus',
  private: 'Privat sjukhus',
};

export const MUNICIPALITY_WORDS: Readonly<Record<string, string>> = {
  large: 'Stor kommun',
  other: 'Annan kommun i länet',
  outside: 'Utanför länet',
  unknown: 'Inte känd',
};

/** Words for a code that a table may not have. */
export function wordOf(words: Readonly<Record<string, string>>, code: string | undefined): string {
  if (code === undefined) return '';
  return (Object.hasOwn(words, code) ? words[code] : undefined) ?? code;
}
