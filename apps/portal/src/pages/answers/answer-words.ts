import {
  type AbsenceReason,
  type AnswerCode,
  type Ground,
  GROUND_ROWS,
  type HomeWord,
  type Instant,
  type LegalForm,
  type PartyStatement,
  type PlanParticipant,
  type PlanState,
  type ReturnReason,
} from '#libs/domain';
import type { Option } from '../layout/form-parts.tsx';
import { statedWords } from '../time-words.ts';

/** What each answer is called. */
export const ANSWER_NAMES: Readonly<Record<AnswerCode, string>> = {
  KVI: 'Kvitterat',
  RET: 'Returnerat: fel mottagare',
  PLAN: 'Planering påbörjad',
  OBSTACLE: 'Om regionens insatser',
  FOUND: 'Funnen, utan meddelande',
  'PLAN-INFO': 'Information till planeringen',
  QUERY: 'Fråga',
  ANSWER: 'Svar',
  FVK: 'Fast vårdkontakt',
  'SIP-CALL': 'Kallelse till SIP',
  'SIP-PROPOSE': 'Förslag till tid för SIP',
  'SIP-REPLY': 'Svar om tid för SIP',
  'SIP-DECLINED': 'SIP avböjd',
  'SIP-PLAN': 'SIP',
  SVPL: 'Samordnad vårdplan',
  'SVPL-ADJ': 'Samordnad vårdplan justerad',
  OPPOSED: 'Den enskilde motsätter sig',
  'CASE-OWNER': 'Vems ärendet är',
  RECIPIENT: 'Tillagd mottagare',
};

const PLAN_STATE: Readonly<Record<PlanState, string>> = {
  made: 'Planen är upprättad.',
  revised: 'Planen är ändrad.',
  closed: 'Planen är avslutad.',
};

/** Who took part in a planning, as a form asks for it. */
export const PARTICIPANTS: Readonly<Record<PlanParticipant, string>> = {
  PERSON: 'den enskilde',
  RELATIVE: 'närstående',
  MUNICIPALITY: 'kommunen',
  REGION: 'regionen',
  OTHER: 'andra',
};

/** Why neither the person nor a relative took part (DEC-10). */
export const ABSENCES: Readonly<Record<AbsenceReason, string>> = {
  DECLINED: 'ville inte',
  UNABLE: 'kunde inte',
  OTHER: 'annat skäl',
};

/** Why a notice is returned, without a word on whether the person is known (rules 12.2). */
export const RETURN_WORDS: Readonly<Record<ReturnReason, string>> = {
  'NOT-REGISTERED-HERE': 'Inte folkbokförd hos oss',
  'NOT-LISTED-HERE': 'Inte listad hos oss',
  'OTHER-UNIT': 'En annan enhet hos oss är rätt',
};

const textLines = (text: string | undefined): string[] => (text === undefined ? [] : text.split('\n'));

const EXISTS = {
  yes: 'Regionens insatser finns på plats.',
  no: 'Regionens insatser är inte på plats.',
  unknown: 'Det är inte klart om regionens insatser finns på plats.',
} as const;

const FOUND = {
  home: 'Den enskilde är hemma utan att vi fått veta det.',
  admitted: 'Den enskilde är inlagd utan att vi fått veta det.',
} as const;

/**
 * What an answer says, a line each.
 * @param nameOf what a party is called
 */
export function statementLines(says: PartyStatement, nameOf: (party: string) => string, now: Instant): string[] {
  switch (says.kind) {
    case 'acknowledged':
    case 'planning-begun':
    case 'undone':
      return [];
    case 'returned':
      return [
        ...(says.reason === undefined ? [] : [`${RETURN_WORDS[says.reason]}.`]),
        ...(says.proposal === undefined ? [] : [`Förslag: ${nameOf(says.proposal)}.`]),
      ];
    case 'obstacle':
      return [EXISTS[says.exists]];
    case 'found':
      return [FOUND[says.where]];
    case 'contact-appointed': {
      const { name, role, telephone, unit } = says.contact ?? { name: '' };
      const who = [name, role, unit, telephone].filter((part) => part !== undefined && part !== '').join(', ');
      return [says.confirmed ? 'Fortsätter som tidigare.' : 'Nyutsedd.', ...(who === '' ? [] : [who])];
    }
    case 'sip-called':
      return [
        ...(says.at === undefined ? [] : [`Tid: ${statedWords(says.at.iso, now)}`]),
        `Kallade: ${says.invited.map(nameOf).join(', ')}`,
        ...textLines(says.text),
      ];
    case 'informed':
    case 'asked':
    case 'answered':
      return textLines(says.text);
    case 'sip-proposed':
      return [`Tid: ${statedWords(says.at.iso, now)}`, ...textLines(says.text)];
    case 'sip-replied':
      return [
        says.accepted ? 'Ja, vi deltar.' : 'Nej, vi kan inte delta.',
        ...(says.at === undefined ? [] : [`Annan tid: ${statedWords(says.at.iso, now)}`]),
        ...textLines(says.text),
      ];
    case 'sip-declined':
      return [
        says.by === 'PERSON' ? 'Den enskilde vill inte ha någon SIP.' : 'Enheten vill inte ha någon SIP.',
        ...textLines(says.text),
      ];
    case 'sip-planned':
      return [
        PLAN_STATE[says.state],
        `Deltog: ${says.tookPart.map((who) => PARTICIPANTS[who]).join(', ')}.`,
        ...(says.absence === undefined ? [] : [`Den enskilde deltog inte: ${ABSENCES[says.absence]}.`]),
        ...(says.consent ? [] : ['Den enskilde har inte samtyckt till planen.']),
        ...textLines(says.text),
      ];
    case 'care-planned':
      return [PLAN_STATE[says.state], ...textLines(says.text)];
    case 'case-owned':
      return [
        `Ärendet är ${nameOf(says.owner)}s.`,
        ...(says.desk === undefined ? [] : [`Enhet: ${nameOf(says.desk)}`]),
      ];
    case 'recipient-added':
      return [nameOf(says.recipient), ...homeLines(says.home, now), ...textLines(says.text)];
    case 'care-plan-adjusted':
    case 'opposed':
      return [];
  }
}

const UNCHANGED_WORDS = { yes: 'ja', no: 'nej', unknown: 'vet ej' } as const;

/** What the home-care provider is told. */
function homeLines(home: HomeWord | undefined, now: Instant): string[] {
  const { awayFrom, homeFrom, unchanged, call } = home ?? {};
  return [
    ...(awayFrom ? [`Borta från: ${statedWords(awayFrom.iso, now)}`] : []),
    ...(homeFrom ? [`Hemma från: ${statedWords(homeFrom.iso, now)}`] : []),
    ...(unchanged === undefined ? [] : [`Insatserna är oförändrade: ${UNCHANGED_WORDS[unchanged]}`]),
    ...(call === undefined ? [] : [`Ring: ${call}`]),
  ];
}

/** Grounds as the one who states them knows them (rules 8.2, 12.3). */
const WORDS: Partial<Readonly<Record<Ground, string>>> = {
  CONSENT: 'Den enskilde samtycker',
  MENPROVNING: 'Menprövning: uppgiften kan lämnas utan men',
  CANNOT_CONSENT: 'Kan inte samtycka (OSL 25 kap. 13 §)',
  CHILD_OR_ABUSE_OR_COMPULSORY: 'Barn, beroende eller tvångsvård, till en myndighet (OSL 25 kap. 12 §)',
  PRIVATE_PROVIDER: 'Privat vårdgivare (PSL 6 kap. 12 §)',
};

/**
 * The grounds that one may state for telling more than the law says by itself. What follows from the legal forms alone is not
 * stated, and is not among them.
 * @param date local day
 */
export function statableGrounds(legalForms: readonly LegalForm[], date: string): Option[] {
  const rows = GROUND_ROWS.filter(
    (row) =>
      row.holds !== 'follows' &&
      row.validFrom <= date &&
      date <= (row.validTo ?? date) &&
      legalForms.some((form) => row.from.includes(form)),
  );
  const grounds = new Set(rows.map(({ ground }) => ground));
  return Object.entries(WORDS).filter(([ground]) => grounds.has(ground as Ground));
}
