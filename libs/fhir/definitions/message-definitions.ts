import type { MessageDefinition } from 'fhir/r4.js';
import { ANSWER_CODES } from '#libs/domain';
import {
  FHIR_BASE,
  incomingProfile,
  messageDefinition,
  NOTICE_CATEGORIES,
  noticeProfile,
  PROFILE,
  SYSTEM,
} from '#libs/fhir';
import { definitionHead } from './closed-profile.ts';
import { NOTICE } from './code-systems.ts';
import { INCOMING_PROFILES } from './incoming-profiles.ts';

/** The day on which the messages were last changed. */
const DATE = '2026-11-28';
const ACKNOWLEDGEMENT = `${FHIR_BASE}/MessageDefinition/acknowledgement`;

interface Message {
  readonly url: string;
  readonly title: string;
  readonly code: string;
  /** Profiles of the whole message and of its focus, where there are. */
  readonly message?: string;
  readonly focus?: string;
  readonly category: MessageDefinition['category'];
  readonly isAcknowledged: boolean;
}

function definitionOf({ url, title, code, message, focus, category, isAcknowledged }: Message): MessageDefinition {
  return {
    resourceType: 'MessageDefinition',
    ...definitionHead(url, title, message === undefined ? title : `${title}. Hela meddelandet: ${message}`),
    date: DATE,
    eventCoding: { system: SYSTEM.notice, code },
    ...(category !== undefined && { category }),
    ...(focus !== undefined && { focus: [{ code: 'Communication', profile: focus, min: 1, max: '1' }] }),
    responseRequired: isAcknowledged ? 'always' : 'never',
    ...(isAcknowledged && { allowedResponse: [{ message: ACKNOWLEDGEMENT }] }),
  };
}

const nameOf = (code: string) => NOTICE[code] ?? code;

/**
 * What comes in (`in-ward-...`, `in-party-...`) and is acknowledged, what goes out on `deliveries.<party>` (`out-...`), whose
 * receipt is the reading of the topic, and the acknowledgement, which is never acknowledged (MC-40).
 */
export function messageDefinitions(): MessageDefinition[] {
  const incoming = INCOMING_PROFILES.map(({ code, role }) => ({
    url: messageDefinition(code, role),
    title: `In: ${nameOf(code)}, från ${role === 'ward' ? 'en avdelning' : 'en part'}`,
    ...{ code, message: incomingProfile(code, role, 'message'), focus: incomingProfile(code, role, 'communication') },
    ...{ category: 'consequence' as const, isAcknowledged: true },
  }));
  const notices = NOTICE_CATEGORIES.map(({ code, name }) => ({
    ...{ url: messageDefinition(code, 'out'), title: `Ut: ${name}`, code },
    ...{ message: noticeProfile(code, 'message'), focus: noticeProfile(code, 'communication') },
    ...{ category: 'notification' as const, isAcknowledged: false },
  }));
  const answers = ANSWER_CODES.map((code) => ({
    ...{ url: messageDefinition(code, 'out'), title: `Ut: ${nameOf(code)}`, code, message: PROFILE.answerMessage },
    ...{ category: 'notification' as const, isAcknowledged: false },
  }));
  const acknowledgement = {
    ...{ url: ACKNOWLEDGEMENT, title: 'Teknisk kvittens', code: 'ACK' },
    ...{ category: 'notification' as const, isAcknowledged: false },
  };
  return [...incoming, ...notices, ...answers, acknowledgement].map(definitionOf);
}
