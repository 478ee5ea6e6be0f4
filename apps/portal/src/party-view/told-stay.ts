import type { Encounter, Extension, Patient } from 'fhir/r4.js';
import { EXTENSION, type NoticeView, protectionOf } from '#libs/fhir';

/**
 * A stay as one party was told of it: a fold of the notices that this party has, in the order they lie in its topic.
 *
 *   unheard   -> in force   the notice comes
 *   unheard   -> withdrawn  its withdrawal comes first (two lanes may overtake each other)
 *   in force  -> withdrawn  its withdrawal comes
 *   withdrawn -> withdrawn  the notice comes after its withdrawal: it is kept, as entered in error
 *
 * What stands makes the Encounter; a notice that says nothing of an item leaves what an earlier one told. Nothing else
 * may come in here: no event, and no version that this party did not get (architecture 3, 5).
 */
export interface ToldStay {
  /** Version of the Encounter in this party's view. */
  readonly version: number;
  readonly notices: readonly ToldNotice[];
}

/** What one notice told of the state of the stay. */
export interface ToldNotice {
  readonly id: string;
  /** False while only its withdrawal has come. */
  readonly heard: boolean;
  readonly withdrawn: boolean;
  /** It takes others back. What it tells of the state counts only while something else stands. */
  readonly withdrawal?: true;
  /** Encounter.status, unless the notice says nothing of it. */
  readonly status?: Encounter['status'];
  readonly plannedEnd?: Extension;
  readonly end?: string;
}

/** What a notice changes in a party's view. */
export interface Telling {
  readonly stay: ToldStay;
  /** False: the party has had it before, and nothing changes. */
  readonly fresh: boolean;
  /** Notices, present or to come, that are now entered in error. */
  readonly withdrawn: readonly string[];
  /** Status of the notice itself: it may have been withdrawn before it came. */
  readonly alreadyWithdrawn: boolean;
  readonly encounter: Encounter;
  /** True when the Encounter has a new version. */
  readonly changed: boolean;
}

export const UNHEARD: ToldStay = { version: 0, notices: [] };

/** Tells a party's view of a stay one more notice. */
export function tell(stay: ToldStay, notice: NoticeView): Telling {
  const known = stay.notices.find(({ id }) => id === notice.deliveryId);
  if (known?.heard === true) return unchanged(stay, encounterOf(stay.notices, notice));
  const told = toldBy(notice, known?.withdrawn ?? false);
  const notices = withdrawnIn([...stay.notices.filter((one) => one !== known), told], notice.withdraws);
  const encounter = encounterOf(notices, notice);
  const changed = stay.version === 0 || JSON.stringify(encounterOf(stay.notices, notice)) !== JSON.stringify(encounter);
  return {
    stay: { version: stay.version + (changed ? 1 : 0), notices },
    fresh: true,
    withdrawn: notice.withdraws,
    alreadyWithdrawn: told.withdrawn,
    encounter,
    changed,
  };
}

const unchanged = (stay: ToldStay, encounter: Encounter): Telling => ({
  stay,
  fresh: false,
  withdrawn: [],
  alreadyWithdrawn: false,
  encounter,
  changed: false,
});

function toldBy(notice: NoticeView, withdrawn: boolean): ToldNotice {
  const { status, extension, period } = notice.encounter;
  const plannedEnd = extension?.find(({ url }) => url === EXTENSION.plannedEndDate);
  return {
    id: notice.deliveryId,
    heard: true,
    withdrawn,
    ...(notice.withdraws.length === 0 ? {} : { withdrawal: true as const }),
    ...(status === 'unknown' ? {} : { status }),
    ...(plannedEnd === undefined ? {} : { plannedEnd }),
    ...(period?.end === undefined ? {} : { end: period.end }),
  };
}

function withdrawnIn(notices: readonly ToldNotice[], ids: readonly string[]): ToldNotice[] {
  const known = new Set(notices.map(({ id }) => id));
  const ahead = ids.filter((id) => !known.has(id)).map((id) => ({ id, heard: false, withdrawn: true }));
  return [...ahead, ...notices.map((one) => (ids.includes(one.id) ? { ...one, withdrawn: true } : one))];
}

/** The notices that make the Encounter: none when all that is left are withdrawals. */
function noticesInForce(notices: readonly ToldNotice[]): ToldNotice[] {
  const inForce = notices.filter(({ heard, withdrawn }) => heard && !withdrawn);
  return inForce.some(({ withdrawal }) => withdrawal !== true) ? inForce : [];
}

/** The Encounter that the notices in force make. With none left it is `unknown`: a withdrawal says no reason (12.2). */
function encounterOf(notices: readonly ToldNotice[], { encounter }: NoticeView): Encounter {
  const inForce = noticesInForce(notices);
  const ends = inForce.flatMap((one) => one.plannedEnd ?? []);
  const plannedEnd = ends.at(-1);
  const before = ends.findLast(({ valueDateTime }) => valueDateTime !== plannedEnd?.valueDateTime)?.valueDateTime;
  const end = inForce.findLast((one) => one.end !== undefined)?.end;
  // A withdrawal that tells a state (the discharge is taken back) stands as a notice itself: it has the last word.
  const status = inForce.findLast((one) => one.status !== undefined)?.status ?? 'unknown';
  return {
    resourceType: 'Encounter',
    ...(encounter.id === undefined ? {} : { id: encounter.id }),
    ...(plannedEnd === undefined ? {} : { extension: [plannedEnd, ...previousEnd(before)] }),
    status,
    class: encounter.class,
    ...(encounter.subject === undefined ? {} : { subject: encounter.subject }),
    ...(end === undefined ? {} : { period: { end } }),
  };
}

/** What was told before: a person who reads of a moved discharge has planned for the old one. */
function previousEnd(before: string | undefined): Extension[] {
  return before === undefined ? [] : [{ url: EXTENSION.previousPlannedEndDate, valueDateTime: before }];
}

const MASKED = { extension: [{ url: EXTENSION.dataAbsentReason, valueCode: 'masked' }] };

/**
 * A person as one party was told of them. A notice that leaves an item out leaves what an earlier one told; once a notice
 * says that the identity is protected, the address that was told before is shown no more (SE-24, RTE-42).
 * @param before the person in this party's view, undefined at the first notice
 * @param told the Patient of the notice
 */
export function toldPatient(before: Patient | undefined, told: Patient, wasProtected: boolean): Patient {
  const hidden = wasProtected || protectionOf(told.meta) !== undefined;
  const name = told.name ?? before?.name;
  const known = told.address ?? before?.address;
  const address = hidden && known !== undefined ? [MASKED] : known;
  const security = told.meta?.security;
  return {
    resourceType: 'Patient',
    ...(told.id === undefined ? {} : { id: told.id }),
    // The profile of a notice speaks of that notice's Patient, not of what several of them have told.
    ...(security === undefined ? {} : { meta: { security } }),
    ...(told.identifier === undefined ? {} : { identifier: told.identifier }),
    ...(name === undefined ? {} : { name }),
    ...(address === undefined ? {} : { address }),
  };
}
