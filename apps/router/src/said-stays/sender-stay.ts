import type { Bundle, FhirResource } from 'fhir/r4.js';
import {
  dischargeOf,
  inOrder,
  type EncounterStatement,
  type PatientStatement,
  type Stay,
  type Course,
  type StayEvent,
} from '#libs/domain';
import { writeEventBundle, type StatedStay } from '#libs/fhir';
import type { IdMaker } from '#libs/platform';

/** The course that states a state: the builder of events then gives the Encounter its status. */
const STATED_BY: Readonly<Record<Stay['state'], Course>> = {
  unknown: 'update',
  admitted: 'admit',
  discharged: 'discharge',
  cancelled: 'cancel-admission',
};

/** Later statements replace earlier ones, item by item; unstated leaves what was known, null deletes it (contract 5). */
function latest(statements: readonly EncounterStatement[]): EncounterStatement {
  return statements.reduce<EncounterStatement>(
    (known, statement) => ({ ...known, ...without(statement, undefined) }),
    {},
  );
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A statement without the items that have a value, null or undefined; every item of a statement is optional. */
function without<T extends object>(statement: T, value: null | undefined): Mutable<Partial<T>> {
  return Object.fromEntries(Object.entries(statement).filter(([, item]) => item !== value)) as Mutable<Partial<T>>;
}

/** EVN-6 is the start of an admission whose PV1-44 is empty (contract 5); the fold reads it so too. */
function stated({ course, encounter, occurredAt }: StayEvent): EncounterStatement {
  return course === 'admit' && encounter.start == null && occurredAt !== undefined
    ? { ...encounter, start: occurredAt }
    : encounter;
}

function encounterOf(ordered: readonly StayEvent[], stay: Stay): EncounterStatement {
  const known = without(latest(ordered.map(stated)), null);
  delete known.end;
  delete known.leaving;
  const discharge = dischargeOf(stay);
  // An end that A13 took back may still stand in its message (standards 8.6).
  return discharge === undefined ? known : { ...known, end: discharge.at, leaving: discharge.leaving };
}

/**
 * The Encounter and the Patient of a stay in its sender's view.
 * @param events all events of the stay, in any order, at least one
 * @param stay their fold, with the protection that other stays of the person bring
 * @param ids makes Patient.id in this view: of the organisation and the identity (architecture 2.4)
 * @param visitId PV1-19, for the sender's own eyes
 */
export function senderStay(
  events: readonly StayEvent[],
  stay: Stay,
  ids: Pick<IdMaker, 'patientOf'>,
  visitId: string | undefined,
): StatedStay {
  const ordered = inOrder(events);
  const last = ordered.at(-1);
  if (last === undefined) throw new Error('a stay has at least one event');
  const identity = stay.patient.identities[0] ?? last.patient.identities[0];
  const { organisation } = last.terms;
  const subject = ids.patientOf(organisation, identity?.system ?? '', identity?.value ?? '');
  const patient: PatientStatement = {
    ...without(stay.patient, null),
    identities: stay.patient.identities,
    ...(stay.protection === undefined ? {} : { protection: stay.protection }),
  };
  const whole: StayEvent = {
    ...last,
    patientId: subject,
    course: STATED_BY[stay.state],
    patient,
    encounter: encounterOf(ordered, stay),
    facts: [],
  };
  const bundle = writeEventBundle(whole, { controlId: '', ...(visitId === undefined ? {} : { visitId }) });
  return { organisation, encounter: found(bundle, 'Encounter'), patient: found(bundle, 'Patient') };
}

/** @throws when the builder of events no longer writes both: a bug */
function found<T extends 'Encounter' | 'Patient'>(bundle: Bundle, type: T): Extract<FhirResource, { resourceType: T }> {
  const resources = (bundle as Bundle<FhirResource>).entry?.map(({ resource }) => resource) ?? [];
  const resource = resources.find((one): one is Extract<FhirResource, { resourceType: T }> => {
    return one?.resourceType === type;
  });
  if (resource === undefined) throw new Error(`an event has no ${type}`);
  return resource;
}
