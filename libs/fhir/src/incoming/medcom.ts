import { localDate, type EncounterStatement, type Identity, type Instant } from '#libs/domain';
import { CODE, type Element } from './element.ts';
import { checkedIdentities, type PlacedIdentity } from './identities.ts';
import { readStart } from './read-encounter.ts';
import type { Contents, IncomingHeader, WardWords } from './message.ts';

/*
 * MedCom's HospitalNotification (Denmark, 3.0.2) as a foreign dialect (standards 1): the kind of event is a function of
 * Encounter, Patient and the activity of the message's own Provenance, and never of Encounter.status alone (1.2).
 */

const MESSAGES = 'http://medcomfhir.dk/ig/terminology/CodeSystem/medcom-messaging-eventCodes';
const ACTIVITIES = 'http://medcomfhir.dk/ig/terminology/CodeSystem/medcom-messaging-activityCodes';
const NOTIFICATION = 'hospital-notification-message';
/** Place of birth of a Danish identity: the CPR register. It is no Swedish number, and is kept as a foreign one. */
const CPR = 'urn:oid:1.2.208.176.1.2';

export const isMedCom = (system: string | undefined): boolean => system === MESSAGES;

/** What an activity without its prefix says. Corrections are `revise-`, cancellations `cancel-`. */
const COURSES: ReadonlyMap<string, { readonly said: WardWords['course']; readonly cancelled: WardWords['course'] }> =
  new Map([
    ['admit-inpatient', { said: 'admit', cancelled: 'cancel-admission' } as const],
    // An ambulant stay starts nothing and has nothing to cancel.
    ['admit-emergency', { said: 'register', cancelled: 'update' } as const],
    ['start-leave-inpatient', { said: 'leave-start', cancelled: 'leave-end' } as const],
    ['end-leave-inpatient', { said: 'leave-end', cancelled: 'leave-start' } as const],
    ['discharge-inpatient-home', { said: 'discharge', cancelled: 'cancel-discharge' } as const],
    ['discharge-emergency-home', { said: 'discharge', cancelled: 'cancel-discharge' } as const],
  ]);

/**
 * The words of a HospitalNotification, in the terms of every way in. What only Denmark has is refused, with its place: other
 * messages of MedCom (a dialogue, an acknowledgement), and a report of admission that is asked for.
 */
export function readMedCom(header: IncomingHeader, contents: Contents): WardWords | undefined {
  const { report } = contents;
  if (header.code !== NOTIFICATION) {
    report.refuse('fhir-danish-only', 'Bundle.entry[0].resource.eventCoding');
    return undefined;
  }
  const [person, stay] = [contents.only('Patient'), contents.only('Encounter')];
  if (person === undefined || stay === undefined) return undefined;
  contents.mustMean(stay.child('subject'), person);
  const activity = readActivity(header, contents);
  const episode = stay.first('episodeOfCare').child('identifier').child('value');
  const visitId = episode.text();
  if (visitId === undefined) episode.wrong('fhir-missing');
  if (stay.extensions(`${MEDCOM}medcom-hospitalNotification-report-of-admission-extension`).length > 0) {
    report.find('noted', 'fhir-danish-only', `${stay.place}.extension`);
  }
  if (activity === undefined || visitId === undefined) return undefined;
  const stated = readIdentities(person);
  const dead = person.child('deceasedBoolean').yes();
  const given = person.with('unstated').first('name');
  const family = given.textOf('family');
  const patient = {
    ...(family !== undefined && { name: { family, given: given.all('given').flatMap((one) => one.text() ?? []) } }),
    ...(dead !== undefined && { deceased: dead }),
  };
  const encounter = readEncounter(stay, activity, dead === true, header.sentAt);
  const identities = checkedIdentities(stated, localDate(header.sentAt), report);
  if (identities === undefined) return undefined;
  return {
    from: 'ward',
    kind: { from: 'ward' },
    visitId,
    identities,
    patient,
    encounter,
    facts: [],
    course: dead === true && activity.said !== 'discharge' && !activity.isCancelled ? 'discharge' : activity.course,
  };
}

const MEDCOM = 'http://medcomfhir.dk/ig/hospitalnotification/StructureDefinition/';

interface Activity {
  readonly course: WardWords['course'];
  readonly said: WardWords['course'];
  readonly isCancelled: boolean;
}

/** Of the Provenance whose target is this message: the others are of the messages before it, and stand in any order. */
function readActivity({ messageId }: IncomingHeader, contents: Contents): Activity | undefined {
  const own = contents.provenanceOf(messageId);
  const [code] = own?.child('activity').codes(ACTIVITIES) ?? [];
  const name = code?.replace(/^(revise|cancel)-/, '');
  const known = COURSES.get(name ?? '');
  if (own === undefined || known === undefined) {
    contents.report.refuse(
      own === undefined ? 'fhir-missing' : 'fhir-code',
      `Bundle.entry.resource.ofType(Provenance).activity`,
    );
    return undefined;
  }
  const isCancelled = code?.startsWith('cancel-') === true;
  const isRevised = code?.startsWith('revise-') === true;
  const patches = isRevised && known.said === 'discharge';
  return { said: known.said, isCancelled, course: isCancelled ? known.cancelled : patches ? 'update' : known.said };
}

function readEncounter(
  stay: Element,
  { course, said, isCancelled }: Activity,
  isDead: boolean,
  sentAt: Instant,
): EncounterStatement {
  const code = stay.child('class').tokenOf('code', CODE);
  const known = code === 'IMP' || code === 'EMER' ? code : undefined;
  const start = readStart(stay.child('period'), { course, class: known, sentAt });
  const end = stay.child('period').child('end').time()?.time;
  const cancelsEnd = said === 'discharge' && isCancelled;
  return {
    ...(known && { class: known }),
    ...(start && { start: start }),
    ...(end && !cancelsEnd && { end: end }),
    ...(isDead
      ? { leaving: 'dead' as const }
      : said === 'discharge' && !isCancelled
        ? { leaving: 'home' as const }
        : {}),
  };
}

function readIdentities(person: Element): PlacedIdentity[] {
  return person.all('identifier').flatMap((one) => {
    const value = one.textOf('value', 'unstated');
    const system = one.tokenOf('system', CODE, 'unstated') ?? '';
    if (value === undefined) return [];
    const identity: Identity = { type: 'other', system: system === '' ? CPR : system, value };
    return { identity, place: one.place };
  });
}
