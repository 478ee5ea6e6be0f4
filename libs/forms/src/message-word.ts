import { EXTENSION, type IncomingMessage, type WardWords } from '#libs/fhir';
import { fault, type Fault, type IdMaker } from '#libs/platform';
import { checkPlanningForm, checkReplyForm, type PlanningForm, type ReplyForm } from './reply-form.ts';
import type { Reading } from './form-check.ts';

/*
 * A FHIR message that states no facts is read as the form that says the same, and judged by the schema of forms. What is wrong
 * with it is told where its sender finds it: in the message.
 */

const COMMUNICATION = 'Bundle.entry.resource.ofType(Communication)';
const REASON = `${COMMUNICATION}.reasonCode`;
const BASED_ON = `${COMMUNICATION}.basedOn`;
const ABOUT = `${COMMUNICATION}.about`;
const RECIPIENT = `${COMMUNICATION}.recipient`;
const extension = (url: string) => `${COMMUNICATION}.extension('${url}')`;
const PLAN = extension(EXTENSION.plan);

/** Keys of a form -> where a message says it (libs/fhir/src/incoming/read-answer.ts). */
const PLACES: Readonly<Record<string, string>> = {
  code: 'Bundle.entry[0].resource.eventCoding',
  stay: `${COMMUNICATION}.encounter`,
  about: `${COMMUNICATION}.inResponseTo`,
  sent: 'Bundle.timestamp',
  answeredBy: `${COMMUNICATION}.sender`,
  grounds: extension(EXTENSION.disclosureBasis),
  text: `${COMMUNICATION}.payload`,
  desk: `${COMMUNICATION}.payload`,
  reason: REASON,
  exists: REASON,
  where: REASON,
  confirmed: REASON,
  accepted: REASON,
  by: REASON,
  state: REASON,
  rightParty: ABOUT,
  unit: ABOUT,
  owner: ABOUT,
  recipient: ABOUT,
  invited: RECIPIENT,
  units: RECIPIENT,
  question: BASED_ON,
  proposal: BASED_ON,
  plan: BASED_ON,
  at: 'Bundle.entry.resource.ofType(Appointment).start',
  home: extension(EXTENSION.awayFrom),
  contact: 'Bundle.entry.resource.ofType(PractitionerRole)',
  items: PLAN,
  consent: PLAN,
  tookPart: PLAN,
  absence: PLAN,
  scopes: extension(EXTENSION.scope),
};

/** What a message states as a form does, whatever is wrong with it. */
type Stated = Readonly<Record<string, unknown>>;

/** The faults of a form, as faults of the message that said the same. What has no place is no fault of the form, and stays. */
export function faultsInMessage(faults: readonly Fault[], stated: Stated): Fault[] {
  return faults.map((one) => {
    if (one.place === undefined) return one;
    const key = /^\$\.([A-Za-z]+)/.exec(one.place)?.[1] ?? '';
    const isThere = stated[key] !== undefined;
    const where = stated['code'] === 'SIP-PLAN' && key === 'state' ? PLAN : (PLACES[key] ?? COMMUNICATION);
    return fault(one.name === 'bad-form' ? (isThere ? 'fhir-value' : 'fhir-missing') : one.name, where);
  });
}

/**
 * Id of the event that a message becomes: of its sender and its own id, which stands for one content for ever (the ingress's
 * register). So a later message that takes it back, and names it by that id, can be read by itself.
 */
export function fhirEventId(ids: Pick<IdMaker, 'other'>, sender: string, messageId: string): string {
  return ids.other('fhir-event', sender, messageId);
}

/** What a message says beside facts, as the form that says the same. */
export type WordInMessage =
  | { readonly from: 'party'; readonly form: ReplyForm; readonly stated: Stated }
  | {
      readonly from: 'ward-planning';
      readonly form: PlanningForm;
      readonly stated: Stated;
      /** Id of the visit at its sender. */
      readonly visitId: string;
    };

/** Messages that state no facts. */
export type WordMessage = IncomingMessage & { readonly words: Exclude<IncomingMessage['words'], WardWords> };

export const saysAWord = (message: IncomingMessage): message is WordMessage => message.words.from !== 'ward';

/**
 * Reads what a message says beside facts: the front door and the translator by the same schema, with the earlier word that it
 * corrects or takes back by the id of the event that this one became.
 * @param sender who sends it, as its credentials say
 */
export function readWordInMessage(
  { header: { link }, words }: WordMessage,
  sender: string,
  ids: Pick<IdMaker, 'other'>,
): Reading<WordInMessage> {
  const stated: Stated =
    link === undefined
      ? words.answer
      : {
          ...words.answer,
          [link.role === 'removal' ? 'withdraws' : 'replaces']: fhirEventId(ids, sender, link.previous),
        };
  const read: Reading<WordInMessage> =
    words.from === 'party'
      ? asWord(checkReplyForm(stated), (form) => ({ from: words.from, form, stated }))
      : asWord(checkPlanningForm(stated), (form) => ({ from: words.from, form, stated, visitId: words.visitId }));
  if (read.ok) return read;
  const [first, ...rest] = faultsInMessage(read.faults, stated);
  return { ok: false, faults: [first ?? fault('internal'), ...rest] };
}

const asWord = <F>(read: Reading<F>, word: (form: F) => WordInMessage): Reading<WordInMessage> =>
  read.ok ? { ok: true, value: word(read.value) } : read;
