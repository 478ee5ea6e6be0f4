import type { AnswerCode, Instant, PartyStatement, ReturnReason } from '#libs/domain';
import { statedWords } from '../time-words.ts';

/** What each answer is called. */
export const ANSWER_NAMES: Readonly<Record<AnswerCode, string>> = {
  KVI: 'Kvitterat',
  RET: 'Returnerat: fel mottagare',
  PLAN: 'Planering påbörjad',
  OBSTACLE: 'Om regionens insatser',
  FOUND: 'Avvikelse anmäld',
  'PLAN-INFO': 'Information till planeringen',
  QUERY: 'Fråga',
  ANSWER: 'Svar',
  FVK: 'Fast vårdkontakt',
  'SIP-CALL': 'Kallelse till SIP',
};

/** Why a notice is returned, without a word on whether the person is known (rules 12.2). */
export const RETURN_WORDS: Readonly<Record<ReturnReason, string>> = {
  'NOT-REGISTERED-HERE': 'Inte folkbokförd hos oss',
  'NOT-LISTED-HERE': 'Inte listad hos oss',
  'OTHER-UNIT': 'En annan enhet hos oss är rätt',
};

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
        ...(says.text === undefined ? [] : says.text.split('\n')),
      ];
    case 'informed':
      return says.text.split('\n');
    case 'asked':
    case 'answered':
      return says.text === undefined ? [] : says.text.split('\n');
  }
}
