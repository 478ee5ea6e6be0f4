import type { PersonEvent } from '../events/person-event.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { isPartysOrOperators } from '../events/stay-event.ts';
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
 *
 * Taken back by another word of the operator, each message is again one of the stay that it named.
 */

/** Stay that was given up -> the stay that its messages are of. */
export type JoinedStays = ReadonlyMap<string, string>;

/**
 * The stays that are joined by what was said; the same whatever the order in which it came.
 * @param said what was said of persons: of anybody
 */
export function joinedStays(said: readonly PersonEvent[]): JoinedStays {
  const joinings = notUndone(said).filter(({ says }) => says.kind === 'stays-joined');
  const into = new Map<string, string>();
  for (const { says } of [...joinings].sort(byIntake)) {
    if (says.kind !== 'stays-joined') continue;
    const home = into.get(says.into) ?? says.into;
    // Who gave way already, or would give way to itself, stays where it is: so nothing goes in circles.
    if (home === says.from || into.has(says.from)) continue;
    for (const [stay, before] of into) if (before === says.from) into.set(stay, home);
    into.set(says.from, home);
  }
  return into;
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
  const stayId = joined.get(named) ?? named;
  if (stayId === event.stayId) return event;
  const { joined: before, ...rest } = event;
  const course = before?.course ?? event.course;
  if (stayId === named) return { ...rest, stayId, course };
  const read = course === 'cancel-admission' ? 'update' : course;
  return { ...rest, stayId, course: read, joined: { stay: named, course } };
}
