import { EXTENSION } from '#libs/fhir';
import { fault, type Fault } from '#libs/platform';
import { checkPlanningForm, checkReplyForm, type PlanningForm, type ReplyForm } from './reply-form.ts';
import type { Reading } from './json-object.ts';

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

/** The faults of a form, as faults of the message that said the same. */
export function faultsInMessage(faults: readonly Fault[], form: Readonly<Record<string, unknown>>): Fault[] {
  return faults.map(({ name, place = '' }) => {
    const key = /^\$\.([A-Za-z]+)/.exec(place)?.[1] ?? '';
    const isThere = form[key] !== undefined;
    const where = form['code'] === 'SIP-PLAN' && key === 'state' ? PLAN : (PLACES[key] ?? COMMUNICATION);
    return fault(name === 'bad-form' ? (isThere ? 'fhir-value' : 'fhir-missing') : name, where);
  });
}

function inMessage<T>(read: Reading<T>, form: Readonly<Record<string, unknown>>): Reading<T> {
  if (read.ok) return read;
  const [first, ...rest] = faultsInMessage(read.faults, form);
  return { ok: false, faults: [first ?? fault('internal'), ...rest] };
}

/** A party's message as the reply that it is. @param stated what the message states (`StatedWord`) */
export const readStatedReply = (stated: Readonly<Record<string, unknown>>): Reading<ReplyForm> =>
  inMessage(checkReplyForm(stated), stated);

/** A ward's message as what it says for the planning. @param stated what the message states (`StatedWord`) */
export const readStatedPlanning = (stated: Readonly<Record<string, unknown>>): Reading<PlanningForm> =>
  inMessage(checkPlanningForm(stated), stated);
