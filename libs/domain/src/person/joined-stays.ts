import type { PersonEvent } from '../events/person-event.ts';
import { isPartysOrOperators, type StayEvent } from '../events/stay-event.ts';
import type { Instant } from '../time/time.ts';
import { notUndone } from './person-in-stay.ts';

/*
 * Two stays that are one: a patient who was registered twice, or whose visit got another number. The operator says that the
 * stay `from` is the stay `into`, and from then on, for the whole of both:
 *
 *   a message of `from`       is one of `into`, with the times that it has: who is told, what is due and what is missing is
 *                             what it would have been had the ward sent it under the other number
 *   what was told of `from`   is taken back from those who had it: they have it of `into`
 *   a cancelled admission     of `from` takes back the record that was given up, and not the stay: nobody at home is forgotten
 *                             because the ward has tidied up
 *   admitted                  is whoever of both was admitted first (`stay/inpatient-course.ts`)
 *   the need                  of each stands that was assessed while they were two, until one is assessed anew (`stay/need.ts`)
 *
 * Taken back by another word of the operator, each message is again one of the stay that it named.
 */

/** Where the messages of a stay are that was given up. */
export interface Home {
  readonly into: string;
  /** Intake of the word that says so. */
  readonly since: Instant;
}

/** By the stay that was given up. */
export type JoinedStays = ReadonlyMap<string, Home>;

/**
 * The stays that are joined by what was said; the same whatever the order in which it came.
 * @param said what was said of persons: of anybody
 */
export function joinedStays(said: readonly PersonEvent[]): JoinedStays {
  const joinings = notUndone(said).filter(({ says }) => says.kind === 'stays-joined');
  const homes = new Map<string, Home>();
  for (const { says, intakeAt: since } of [...joinings].sort(byIntake)) {
    if (says.kind !== 'stays-joined') continue;
    const home = { into: homes.get(says.into)?.into ?? says.into, since };
    // Who gave way already, or would give way to itself, stays where it is: so nothing goes in circles.
    if (home.into === says.from || homes.has(says.from)) continue;
    for (const [stay, { into }] of homes) if (into === says.from) homes.set(stay, home);
    homes.set(says.from, home);
  }
  return homes;
}

function byIntake(a: PersonEvent, b: PersonEvent): number {
  return a.intakeStamp - b.intakeStamp || (a.eventId < b.eventId ? -1 : 1);
}

/**
 * An event as one of the stay that it is of; the same object when it is there already. What a stay reads of its person goes with
 * the stay, and not from one to another.
 */
export function inItsStay(event: StayEvent, joined: JoinedStays): StayEvent {
  if (event.beside && !isPartysOrOperators(event)) return event;
  const named = event.joined?.stay ?? event.stayId;
  const home = joined.get(named);
  const stayId = home?.into ?? named;
  if (stayId === event.stayId && home?.since === event.joined?.since) return event;
  const { joined: before, ...rest } = event;
  const course = before?.course ?? event.course;
  if (!home) return { ...rest, stayId, course };
  const read = course === 'cancel-admission' ? 'update' : course;
  return { ...rest, stayId, course: read, joined: { stay: named, course, since: home.since } };
}
