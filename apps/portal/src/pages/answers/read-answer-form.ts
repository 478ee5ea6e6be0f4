import type { Ground } from '#libs/domain';
import type { ReplyForm } from '#libs/forms';
import type { FormFault } from '../hub-resources.ts';
import { writtenIn, type Written } from '../layout/form-parts.tsx';
import { isFaults, type AnswerPlace } from './answer-action.tsx';
import { ANSWER_ACTIONS } from './answer-actions.tsx';
import type { GivenAnswer } from './given-answers.ts';

/** A form of a case's page, as what it says. */
export interface AnswerRead {
  readonly action: string;
  readonly written: Written;
  readonly key: string;
  readonly seen: number;
  /** What is to be said; none while something is wrong. */
  readonly replies: readonly ReplyForm[];
  readonly faults: readonly FormFault[];
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const KEY = /^[A-Za-z0-9-]{20,150}$/;

/**
 * Reads a form of a case's page. Whether the unit may say it at all is the hub's to judge.
 * @param given what the unit answered before
 * @param answeredBy id of the person, where the hub takes it
 */
export function readAnswerForm(
  form: URLSearchParams,
  place: AnswerPlace,
  given: readonly GivenAnswer[],
  answeredBy: string | undefined,
): AnswerRead | undefined {
  const written = writtenIn(form);
  const action = written['atgard'] ?? '';
  const key = written['nyckel'] ?? '';
  const seen = Number(written['sett']);
  const read = said(action, written, place, given);
  if (read === undefined || !KEY.test(key) || !Number.isSafeInteger(seen)) return undefined;
  const by = answeredBy === undefined ? {} : { answeredBy };
  return {
    ...{ action, written, key, seen },
    replies: read.replies.map((reply) => ({ ...reply, ...by })),
    faults: read.faults,
  };
}

type Said = Pick<AnswerRead, 'replies' | 'faults'>;

function said(action: string, written: Written, place: AnswerPlace, given: readonly GivenAnswer[]): Said | undefined {
  const { stay } = place;
  if (action === 'kvittera') {
    const ids = (written['avser'] ?? '').split(' ').filter((id) => UUID.test(id));
    const replies = ids.slice(0, 50).map((id): ReplyForm => ({ code: 'KVI', stay, about: id }));
    return replies.length === 0 ? undefined : { replies, faults: [] };
  }
  const undone = given.find(({ replyId }) => action === `angra-${replyId}`);
  if (undone !== undefined) {
    const { code, replyId: withdraws, about } = undone;
    return { replies: [{ code, stay, about: about ?? place.about, withdraws }], faults: [] };
  }
  const thread = /^svar-(.+)$/.exec(action)?.[1];
  if (thread !== undefined) return UUID.test(thread) ? respond(thread, written, place) : undefined;
  const chosen = ANSWER_ACTIONS.find(({ id, isFor }) => id === action && isFor(place.party));
  if (chosen === undefined) return undefined;
  const read = chosen.read(written, place);
  return isFaults(read) ? { replies: [], faults: read } : { replies: [read], faults: [] };
}

/** The answer to a call or a proposal, which is yes or no, or to a question, which is a text. */
function respond(thread: string, written: Written, { stay, about }: AnswerPlace): Said {
  const text = (written['text'] ?? '').replaceAll('\r', '').trim();
  const grounds = written['grund'] ? { grounds: [written['grund'] as Ground] } : {};
  const takesPart = written['deltar'];
  if (takesPart !== undefined) {
    const reply = {
      stay,
      about,
      proposal: thread,
      accepted: takesPart === 'ja',
      ...(text !== '' && { text }),
    } as const;
    return { replies: [{ code: 'SIP-REPLY', ...reply, ...grounds }], faults: [] };
  }
  if (text === '') return { replies: [], faults: [{ code: 'svar', text: 'Skriv ett svar.' }] };
  return { replies: [{ code: 'ANSWER', stay, about, question: thread, text, ...grounds }], faults: [] };
}

/** Name of an action in the address that follows it: what kind, and nothing of the case. */
export const doneName = (action: string): string => /^(angra|svar)-/.exec(action)?.[1] ?? action;

/** What the page says after an action, by its name. */
export function doneWords(action: unknown): string | undefined {
  if (action === 'kvittera') return 'Kvitterat.';
  if (action === 'angra') return 'Det är återtaget.';
  if (action === 'svar') return 'Svaret är sänt.';
  return ANSWER_ACTIONS.find(({ id }) => id === action)?.done;
}
