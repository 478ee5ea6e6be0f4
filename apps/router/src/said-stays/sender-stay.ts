import {
  comparePlaces,
  dischargeOf,
  Latest,
  LatestOfEach,
  OrderOfTime,
  type Course,
  type EncounterStatement,
  type PatientStatement,
  type Place,
  type Stay,
  type StayEvent,
} from '#libs/domain';
import { writeStatements, type StatedStay } from '#libs/fhir';
import type { IdMaker } from '#libs/platform';
import type { StayEvents } from '#libs/stays';

/** The course that states a state: the builder of events then gives the Encounter its status. */
const STATED_BY: Readonly<Record<Stay['state'], Course>> = {
  unknown: 'update',
  admitted: 'admit',
  discharged: 'discharge',
  cancelled: 'cancel-admission',
};

/** Within a state, what the visit is in besides (standards 3.2): planned or an outpatient's before an admission, on leave after it. */
const PHASES: Readonly<Record<Stay['state'], readonly Course[]>> = {
  unknown: ['pre-admit', 'register', 'to-outpatient'],
  admitted: ['leave-start', 'leave-end'],
  discharged: [],
  cancelled: [],
};

const courseOf = ({ state }: Stay, phases: readonly Course[]): Course =>
  phases.findLast((course) => PHASES[state].includes(course)) ?? STATED_BY[state];

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A statement without what it deletes. */
function withoutNulls<T extends object>(statement: T): Mutable<Partial<T>> {
  const rest = {} as Mutable<Partial<T>>;
  for (const name of Object.keys(statement) as (keyof T)[]) {
    if (statement[name] !== null) rest[name] = statement[name];
  }
  return rest;
}

/** EVN-6 is the start of an admission whose PV1-44 is empty (contract 5); the fold reads it so too. */
function stated({ course, encounter, occurredAt }: StayEvent): EncounterStatement {
  return course === 'admit' && encounter.start == null && occurredAt !== undefined
    ? { ...encounter, start: occurredAt }
    : encounter;
}

/**
 * What the messages of a stay say of it together: later statements replace earlier ones, item by item; unstated leaves what was
 * known, null deletes it (contract 5). A message that moves no other in the order of time is read alone, wherever it stands
 * there; any other has all read anew.
 */
export class StatedTogether {
  readonly #events: StayEvents;
  #start: symbol | undefined;
  #read = new Read();
  /** How many of the events, in the order of intake, have been read. */
  #taken = 0;

  /** @param events of one stay; what they grow by is read when it is asked for */
  constructor(events: StayEvents) {
    this.#events = events;
  }

  /**
   * @returns the latest event by time, what all of them say, and the courses that they had, each where it came last; what was
   *   answered before stays as it is
   * @throws when there are no events
   */
  now(): Together {
    const { sequence } = this.#events;
    if (this.#start !== sequence.start) this.#readAll();
    for (let event = sequence.events[this.#taken]; event; event = sequence.events[this.#taken]) {
      if (isOfWard(event) && !this.#read.goOn(event)) this.#readAll();
      else this.#taken++;
    }
    return this.#read.together();
  }

  #readAll(): void {
    const { events, start } = this.#events.sequence;
    this.#start = start;
    this.#read = new Read(events.filter(isOfWard));
    this.#taken = events.length;
  }
}

/** What others say of who is told is not the sender's, and states nothing of the stay. */
function isOfWard({ beside }: StayEvent): boolean {
  return !beside?.routing;
}

interface Together {
  readonly latest: StayEvent;
  readonly encounter: EncounterStatement;
  readonly phases: readonly Course[];
}

/** Of each thing the latest by time. */
class Read {
  readonly #order = new OrderOfTime();
  readonly #latest = new Latest<StayEvent>();
  readonly #items = new LatestOfEach<string, unknown>();
  /** Where each was last. */
  readonly #phases = new LatestOfEach<Course, Place>();
  #together: Together | undefined;

  constructor(events: readonly StayEvent[] = []) {
    for (const { event, place } of OrderOfTime.placed(events)) this.#take(event, place);
  }

  /** @returns false when it moves others in the order of time: all have to be read anew */
  goOn(event: StayEvent): boolean {
    const place = this.#order.placeOf(event);
    if (place) this.#take(event, place);
    return place !== undefined;
  }

  #take(event: StayEvent, place: Place): void {
    this.#together = undefined;
    this.#order.take(event, place);
    this.#latest.take(event, place);
    this.#phases.take(event.course, place, place);
    const statement: Readonly<Record<string, unknown>> = { ...stated(event) };
    for (const name of Object.keys(statement)) {
      if (statement[name] !== undefined) this.#items.take(name, statement[name], place);
    }
  }

  /** @throws when there are no events */
  together(): Together {
    const latest = this.#latest.value;
    if (!latest) throw new Error('a stay has at least one event');
    return (this.#together ??= {
      latest,
      encounter: Object.fromEntries(this.#items.entries()),
      phases: this.#phases
        .entries()
        .sort(([, a], [, b]) => comparePlaces(a, b))
        .map(([course]) => course),
    });
  }
}

function encounterOf(statements: EncounterStatement, stay: Stay): EncounterStatement {
  const known = withoutNulls(statements);
  delete known.end;
  delete known.leaving;
  if (stay.state !== 'cancelled') {
    // What A25 and A12 took back still stands in the A16 and the A02.
    if (stay.expectedDischarge === undefined) delete known.expectedDischarge;
    else known.expectedDischarge = stay.expectedDischarge;
    if (stay.ward !== undefined) known.ward = stay.ward;
  }
  const discharge = dischargeOf(stay);
  // An end that A13 took back may still stand in its message (standards 8.6).
  return discharge === undefined ? known : { ...known, end: discharge.at, leaving: discharge.leaving };
}

/**
 * The Encounter and the Patient of a stay in its sender's view.
 * @param together what its messages say together
 * @param stay their fold, with the protection that other stays of the person bring
 * @param ids makes Patient.id in this view: of the organisation and the identity (architecture 2.4)
 * @param visitId PV1-19, for the sender's own eyes
 */
export function senderStay(
  together: StatedTogether,
  stay: Stay,
  ids: Pick<IdMaker, 'patientOf'>,
  visitId: string | undefined,
): StatedStay {
  const { latest, encounter, phases } = together.now();
  const identity = stay.patient.identities[0] ?? latest.patient.identities[0];
  const { organisation } = latest.terms;
  const subject = ids.patientOf(organisation, identity?.system ?? '', identity?.value ?? '');
  const patient: PatientStatement = {
    ...withoutNulls(stay.patient),
    identities: stay.patient.identities,
    ...(stay.protection === undefined ? {} : { protection: stay.protection }),
  };
  const whole = {
    stayId: latest.stayId,
    patientId: subject,
    course: courseOf(stay, phases),
    patient,
    encounter: encounterOf(encounter, stay),
  };
  return { organisation, ...writeStatements(whole, visitId) };
}
