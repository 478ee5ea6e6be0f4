import { historyOf } from '../acts/history.ts';
import { ANSWER_CODES, type AnswerCode } from '../codes/answer-code.ts';
import type { PartyStatement } from '../events/party-event.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { PartyDirectory } from '../parties/directory.ts';
import type { Party } from '../parties/party.ts';
import { parametersOn } from '../rules/parameters.ts';
import { wordEventOf } from '../answers/party-words.ts';
import { judgedTime } from '../rules/judged-time.ts';
import type { Instant } from '../time/time.ts';
import { consent, DIRECTORY, fact, may, message, need, REGION_CLINIC, SOLNA, stated, TERMS } from '../ward.fixture.ts';
import { judge } from './registry.ts';

/** A stay of which a municipality and a clinic were told, what they answer, and which of their duties are found undone. */

/** All parties answer all there is through the hub, but for those that a case takes it from. */
const ALL = Object.fromEntries(ANSWER_CODES.map((code) => [code, '2018-01-01'])) as Record<AnswerCode, string>;
const WARD: Party = {
  ...{ id: TERMS.organisation, name: 'Karolinska', kind: 'hospital', legalForms: ['region-authority'] },
  ...{ from: '2018-01-01', source: 'test' },
};
export const directoryWith = (more: Partial<Party>): PartyDirectory =>
  new PartyDirectory({
    version: 'answering',
    parties: [...DIRECTORY.all(), WARD].map((party) => ({ ...party, answers: ALL, ...more })),
  });
const ANSWERING = directoryWith({});

let said = 0;
export const word = (
  party: string,
  sent: string,
  says: PartyStatement,
  about?: string,
  id = `w${++said}`,
): StayEvent => {
  const at = may(sent);
  const origin = { eventId: id, inboundId: id, ordinal: 0, revision: 1, intakeAt: at, intakeStamp: at * 1000 + said };
  const event = { ...origin, stayId: 'stay', party, sentAt: at, says, ...(about !== undefined && { about }) };
  return wordEventOf(event, undefined);
};

/** `04 08:00` in May, `06-07` at noon of that day. */
const instantOf = (text: string): Instant =>
  /^\d\d-\d\d$/.test(text) ? Date.parse(`2026-${text}T12:00:00+02:00`) : may(text);

export interface Around {
  readonly directory?: PartyDirectory;
  /** When every notice was received; absent: when it was sent. */
  readonly received?: (sent: Instant) => Instant | undefined;
}

export const judged = (events: readonly StayEvent[], watermark: string, around: Around = {}) => {
  const parameters = parametersOn;
  const directory = around.directory ?? ANSWERING;
  const judgeTime = (event: StayEvent): Instant => judgedTime(event, parameters('2026-05-04'));
  const history = historyOf({ events, directory, parameters, judge: judgeTime });
  const received = new Map(
    history.acts.flatMap(({ key, sent }) => {
      const at = (around.received ?? ((instant) => instant))(sent);
      return at === undefined ? [] : [[key, at] as const];
    }),
  );
  const circumstances = { parameters, outages: [], received, deliveryId: (key: string) => key, suspected: false };
  return judge(history, { ...circumstances, watermark: instantOf(watermark) });
};

const OWN = /^(?:INS-08|FVK|PLA|UTK-06|SIP|TVG-01|TVG-02|UTS-09|UTS-10|MOT)/;
/** @returns the duties of those who were told that are undone, each as `CODE party severity` */
export const found = (events: readonly StayEvent[], watermark: string, around: Around = {}): string[] =>
  judged(events, watermark, around)
    .deviations.filter(({ code }) => OWN.test(code))
    .map(({ code, party, severity }) => `${code} ${party} ${severity}`)
    .sort();

export const admit = (scopes: readonly string[], more: object = {}): StayEvent =>
  message('A01', {
    ...{ sent: '04 08:30', facts: [need(scopes, '04 08:00'), consent('Y', '04 08:00')] },
    encounter: { expectedDischarge: stated('10 12:00') },
    ...more,
  });
export const ready = (sent: string, value = 'Y'): StayEvent =>
  message('A08', { sent, facts: [fact('READY', value, sent)] });
export const home = (sent: string, more: object = {}): StayEvent =>
  message('A03', {
    sent,
    encounter: { end: stated(sent) },
    facts: [fact('INFO', 'text', sent, { scopes: ['SOC', 'ROV'] })],
    ...more,
  });

export const BOTH = admit(['SOC', 'ROV']);
export const KVI: PartyStatement = { kind: 'acknowledged' };
export const FVK: PartyStatement = { kind: 'contact-appointed', confirmed: false };
export const PLAN: PartyStatement = { kind: 'planning-begun' };
export const CALL: PartyStatement = { kind: 'sip-called', invited: [SOLNA] };
export const CLINIC_DUTIES = [word(REGION_CLINIC, '04 10:00', FVK)];
export const TOWN_DUTIES = [word(SOLNA, '04 10:00', PLAN)];
export const ANSWERED = [BOTH, ...CLINIC_DUTIES, ...TOWN_DUTIES];
export const utk = (of: string, eventId: string): string => `UTK|${of}|UTK|${eventId}`;
export const READY = ready('06 09:00');
export const UTK_READ = [SOLNA, REGION_CLINIC].map((party) => word(party, '06 10:00', KVI, utk(party, READY.eventId)));
