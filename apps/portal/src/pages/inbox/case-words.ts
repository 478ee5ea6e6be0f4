import type { Instant } from '#libs/domain';
import { statedWords } from '../time-words.ts';
import type { ToldCase, ToldNotice } from '../told-cases.ts';

/** Where a case stands, as its page says it. */
export const STATE_WORDS: Readonly<Record<ToldCase['state'], string>> = {
  'in hospital': 'På sjukhus',
  discharged: 'Utskriven',
  ended: 'Återtaget',
};

/** Notices that stand: neither taken back nor taking something back. */
export function standing({ notices }: Pick<ToldCase, 'notices'>): readonly ToldNotice[] {
  return notices.filter(({ withdrawn, takesBack }) => !withdrawn && takesBack.length === 0);
}

/** A personal number as a list shows it: born when, and no more until the case is opened. */
export function maskedNumber(number: string | undefined): string {
  if (number === undefined) return '';
  return /^\d{12}$/.test(number) ? `${number.slice(0, 8)}-••••` : '••••••••';
}

/** A personal number as a case shows it. */
export function wholeNumber(number: string | undefined): string {
  if (number === undefined) return 'saknas';
  return /^\d{12}$/.test(number) ? `${number.slice(0, 8)}-${number.slice(8)}` : number;
}

/** What a unit has to do next in a case, by what it was told (LUS 2:6, 3:1, 3:2). */
export function nextStep(told: ToldCase): string {
  if (told.state === 'ended') return 'Inget: vårdtillfället har återtagits';
  const kinds = new Set(standing(told).map(({ kind }) => kind));
  if (told.state === 'discharged') return kinds.has('INFO') ? 'Ta vid: information finns' : 'Ta vid: utskriven';
  if (kinds.has('OPT-DECISION')) return 'Slutför planeringen: öppen tvångsvård beslutad';
  return kinds.has('UTK') ? 'Slutför planeringen: utskrivningsklar' : 'Börja planera';
}

/** When the person is expected home, and what was said before where a later notice moved it. */
export interface ExpectedWords {
  readonly now: string;
  readonly before?: string;
}

/** The words for the expected discharge, or for the discharge that was. */
export function expectedWords(told: ToldCase, now: Instant): ExpectedWords | undefined {
  if (told.dischargedAt !== undefined) return { now: `Utskriven ${statedWords(told.dischargedAt, now)}` };
  if (told.expected === undefined) return undefined;
  const before = told.previousExpected;
  return {
    now: statedWords(told.expected, now),
    ...(before !== undefined && { before: statedWords(before, now) }),
  };
}
