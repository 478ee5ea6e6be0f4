import type { FactLine, Scope } from '../messages/ward-message.ts';
import { HOUR, MINUTE, onDay, type Instant } from './county-time.ts';
import { HOSPITALS, type HospitalId } from './hospitals.ts';
import { registeredPersons, type Home, type Person } from './people.ts';
import { Random } from './random.ts';
import { WardStay, type Sending } from './ward-stay.ts';

/*
 * A county whose municipality and clinic answer through the hub: some at once, some late, some never, some wrongly. What must
 * come of it is told from what each of them did, with a calendar written by hand, and not by the rules of the hub.
 */

/** The two that answer. No other county tells them of anybody. */
const ANSWERING_HOME: Home = { municipality: '0186', city: 'Lidingö', party: '0186' };
const ANSWERING_CLINIC = 'SE2321000016-2010';
const TOWN = '0186';

/** What a party says, in the words of its answers. */
export type Said =
  | { readonly code: 'KVI' }
  | { readonly code: 'RET' }
  | { readonly code: 'PLAN' }
  | { readonly code: 'FVK' }
  | { readonly code: 'OBSTACLE'; readonly exists: 'yes' | 'no' }
  | { readonly code: 'FOUND' }
  | { readonly code: 'SIP-CALL'; readonly invited: readonly string[] }
  | { readonly code: 'SIP-DECLINED' }
  | {
      readonly code: 'SIP-PLAN';
      readonly items: readonly string[];
      readonly consent: boolean;
      readonly tookPart: readonly string[];
    }
  | { readonly code: 'UNDONE'; readonly of: Reply };

export interface Reply {
  readonly party: string;
  readonly at: Instant;
  /** The kind of notice that it is about. */
  readonly about?: 'INS' | 'UTK';
  readonly says: Said;
}

/** A deviation that must be open at the end, and whose it is. */
export interface Laid {
  readonly code: string;
  readonly party: string;
  /** Until when it could have been done, where a calendar and what was told tell it. */
  readonly due?: Instant;
}

export interface AnsweringStay {
  readonly visit: string;
  readonly hospital: HospitalId;
  readonly sendings: readonly Sending[];
  readonly replies: readonly Reply[];
  readonly laid: readonly Laid[];
}

export interface AnsweringCounty {
  readonly end: Instant;
  readonly stays: readonly AnsweringStay[];
}

/** Codes that this county can tell of. */
export const ANSWERED_CODES: ReadonlySet<string> = new Set(
  'INS-06 INS-08 FVK-01 FVK-02 PLA-01 UTK-06 SIP-01 SIP-02 SIP-03 SIP-04 SIP-05 SIP-06 SIP-07 SIP-08 UTS-04 UTS-09 UTS-10 FVK-03 MOT-02'.split(
    ' ',
  ),
);

/** Sundays and Saturdays apart, the days of 2026 and 2027 on which a time does not run out, as the almanac has them. */
const FREE_DAYS = new Set(
  `2026-01-01 2026-01-06 2026-04-03 2026-04-06 2026-05-01 2026-05-14 2026-06-19 2026-12-24 2026-12-25 2026-12-31
   2027-01-01 2027-01-06 2027-03-26 2027-03-29 2027-05-06 2027-06-25 2027-12-24 2027-12-31`.split(/\s+/),
);

/** Makes a county of so many stays; the same number, seed and start give the same one. */
export function makeAnsweringCounty(stays: number, seed: string, start: Instant): AnsweringCounty {
  const days = Math.max(60, Math.ceil(stays / 60));
  const end = onDay(start, days + 50, 12);
  const persons = registeredPersons(stays);
  const made = Array.from({ length: stays }, (_, n) => {
    const random = new Random(`answering ${seed} ${n}`);
    const from = onDay(start, random.int(0, days), random.int(14, 40) / 2);
    return answeringStay(`A${seed}-${n + 1}`, random, persons, from, end);
  });
  return { end, stays: made };
}

const NEEDS: readonly (readonly Scope[])[] = [
  ['SOC'],
  ['ROV'],
  ['KHSL'],
  ['SOC', 'ROV'],
  ['SOC', 'KHSL'],
  ['SOC', 'KHSL', 'ROV'],
];

interface Leaving {
  readonly at: Instant;
  readonly way: 'home' | 'moved' | 'dead';
  /** Its message came in the minute in which the patient left: whoever may hear of it heard of it then. */
  readonly isToldAtOnce: boolean;
  /** What the ward says that the patient was told; nothing, and it says nothing of that. */
  readonly informed: readonly string[];
}

/** What became of one stay, as those who were there know it. */
interface Course {
  readonly random: Random;
  readonly need: readonly Scope[];
  readonly refused: boolean;
  readonly admitted: Instant;
  readonly readyAt: Instant | undefined;
  readonly left: Leaving | undefined;
  readonly end: Instant;
  /** The ward knows that somebody comes home to the patient every day. */
  readonly hasHomeCare: boolean;
  /** The town is not the right one, and says so within the day: then it does nothing more. */
  readonly isReturned: boolean;
}

function answeringStay(
  visit: string,
  random: Random,
  persons: readonly Person[],
  start: Instant,
  end: Instant,
): AnsweringStay {
  const bed = { random, visit, hospital: HOSPITALS.KS, start, person: random.pick(persons), persons };
  const stay = new WardStay({ ...bed, home: ANSWERING_HOME, clinic: ANSWERING_CLINIC });
  const need = random.pick(NEEDS);
  const refused = random.chance(0.15);
  const [readyDay, leavingDay] = [random.int(0, 5), random.int(6, 9)];
  stay.expect(leavingDay);
  const isReturned = need.length === 1 && need[0] === 'SOC' && random.chance(0.3);
  const hasHomeCare = !isReturned && random.chance(0.3);
  const homeCare: FactLine[] = hasHomeCare ? [{ code: 'HOMECARE', value: ['Hemtjänsten på ön'] }] : [];
  stay.admit({ need, consent: refused ? 'N' : 'Y', facts: homeCare });
  const isReady = random.chance(0.8);
  // A readiness on the day of admission is said after it.
  const readyAt = isReady ? stay.day(readyDay + 1, random.int(7, 22)) : undefined;
  if (readyAt !== undefined) stay.update(readyAt, { facts: [{ code: 'READY', value: ['Y'] } satisfies FactLine] });
  let left: Course['left'];
  if (random.chance(0.8)) {
    const arrives = stay.day(leavingDay, random.int(10, 18));
    const way = random.chance(0.8) ? 'home' : random.pick(['moved', 'dead'] as const);
    const isToldAtOnce = arrives !== readyAt && random.chance(0.5);
    const informed = random.pick([[], ['WRITTEN'], ['WRITTEN', 'CONTACT'], ['Muntligt med dottern']]);
    const facts: FactLine[] = informed.length === 0 ? [] : [{ code: 'PATINFO', value: informed }];
    const times = isToldAtOnce ? { discharged: arrives, sent: arrives } : {};
    stay.discharge(arrives, { leaving: LEAVING[way], informs: stay.units(need), facts, ...times });
    left = { at: isToldAtOnce ? arrives : arrives - 30 * MINUTE, way, isToldAtOnce, informed };
  }
  const course: Course = { random, need, refused, admitted: start, readyAt, left, end, hasHomeCare, isReturned };
  const replies = [...townReplies(course), ...clinicReplies(course)].sort((a, b) => a.at - b.at);
  return { visit, hospital: 'KS', sendings: stay.sendings, replies, laid: laidOn(course, replies) };
}

const LEAVING = { home: '01', moved: '02', dead: '20' } as const;

const isTown = ({ need }: Course): boolean => need.some((scope) => scope !== 'ROV');
const isClinic = ({ need }: Course): boolean => need.some((scope) => scope !== 'SOC');

/** So many hours after a moment, with some minutes so that nothing stands on a deadline. */
function after(random: Random, from: Instant, hours: readonly number[]): Instant {
  return from + random.pick(hours) * HOUR + random.int(3, 25) * MINUTE;
}

function townReplies(course: Course): Reply[] {
  const { random, admitted, readyAt } = course;
  if (!isTown(course)) return [];
  const replies: Reply[] = [];
  const say = (at: Instant, says: Said, about?: Reply['about']): Reply => {
    const reply = { party: TOWN, at, says, ...(about && { about }) };
    replies.push(reply);
    return reply;
  };
  if (course.isReturned) {
    // Before anything but the admission has been told.
    say(after(random, admitted, [1, 5, 9]), { code: 'RET' }, 'INS');
    return replies;
  }
  if (random.chance(0.6)) {
    const read = say(after(random, admitted, [1, 10, 30, 60, 120]), { code: 'KVI' }, 'INS');
    if (random.chance(0.2)) say(read.at + HOUR, { code: 'UNDONE', of: read });
  }
  if (random.chance(0.6)) say(after(random, admitted, [5, 30, 45, 50, 90, 150, 300]), { code: 'PLAN' });
  if (readyAt !== undefined && random.chance(0.6)) {
    say(after(random, readyAt, [1, 12, 40, 100, 250]), { code: 'KVI' }, random.pick(['UTK', 'UTK', 'INS']));
  }
  if (random.chance(0.1)) say(after(random, admitted, [30, 100]), { code: 'SIP-CALL', invited: [ANSWERING_CLINIC] });
  if (random.chance(0.15)) say(after(random, admitted, [40, 200, 400]), { code: 'FOUND' });
  return replies;
}

function clinicReplies(course: Course): Reply[] {
  const { random, admitted, readyAt } = course;
  if (!isClinic(course)) return [];
  const replies: Reply[] = [];
  const say = (at: Instant, says: Said, about?: Reply['about']): Reply => {
    const reply = { party: ANSWERING_CLINIC, at, says, ...(about && { about }) };
    replies.push(reply);
    return reply;
  };
  if (random.chance(0.5)) say(after(random, admitted, [1, 23, 30, 70, 100]), { code: 'KVI' }, 'INS');
  if (random.chance(0.6)) say(after(random, admitted, [2, 40, 80, 150, 300]), { code: 'FVK' });
  if (readyAt !== undefined && random.chance(0.6))
    say(after(random, readyAt, [1, 12, 40, 250]), { code: 'KVI' }, 'UTK');
  if (random.chance(0.15)) {
    const obstacle = say(after(random, admitted, [20, 60]), { code: 'OBSTACLE', exists: 'yes' });
    if (random.chance(0.5)) say(obstacle.at + 2 * HOUR, { code: 'OBSTACLE', exists: 'no' });
  }
  if (random.chance(0.65)) {
    const invited = random.chance(0.8) ? [TOWN] : [ANSWERING_CLINIC];
    const call = say(after(random, readyAt ?? admitted, [1, 50, 75, 90, 110, 130, 170]), { code: 'SIP-CALL', invited });
    if (random.chance(0.6)) planReplies(random, call.at, say);
  } else if (random.chance(0.1)) say(after(random, admitted, [30, 100]), { code: 'SIP-DECLINED' });
  return replies;
}

const FOUR_ITEMS = ['MEASURES', 'RESPONSIBILITIES', 'OTHERS', 'LEAD'];

function planReplies(random: Random, from: Instant, say: (at: Instant, says: Said) => Reply): void {
  const plan = (): Said => ({
    code: 'SIP-PLAN',
    items: random.chance(0.7) ? FOUR_ITEMS : FOUR_ITEMS.slice(0, 3),
    consent: random.chance(0.8),
    tookPart: random.pick([['PERSON'], ['RELATIVE', 'REGION'], ['REGION', 'MUNICIPALITY']]),
  });
  const first = say(after(random, from, [100, 400, 760]), plan());
  if (random.chance(0.4)) say(first.at + 20 * HOUR, plan());
}

/** What each of the two did and did not do, at the end. */
function laidOn(course: Course, replies: readonly Reply[]): Laid[] {
  // Told to the wrong one it was, whatever became of the patient; and nobody else was told anything.
  if (course.isReturned) return [{ code: 'INS-06', party: HOSPITALS.KS.organisation }];
  if (course.left?.way === 'dead') return [];
  const stands = replies.filter((reply) => reply.says.code !== 'UNDONE' && !isTakenBack(reply, replies));
  return [
    ...(isTown(course) ? ofReading(course, TOWN, stands) : []),
    ...(isClinic(course) ? ofReading(course, ANSWERING_CLINIC, stands) : []),
    ...(isTown(course) ? ofPlanning(course, stands) : []),
    ...(isClinic(course) ? ofContact(course, stands) : []),
    ...ofCalls(course, stands),
    ...ofPlans(stands),
    ...ofLeaving(course, stands),
    ...ofTheRest(course, stands),
  ];
}

function isTakenBack(reply: Reply, replies: readonly Reply[]): boolean {
  return replies.some(({ says }) => says.code === 'UNDONE' && says.of === reply);
}

const minute = (at: Instant): number => Math.floor(at / MINUTE);

function ofReading(course: Course, party: string, replies: readonly Reply[]): Laid[] {
  const { left, readyAt } = course;
  const own = replies.filter((reply) => reply.party === party);
  const laid: Laid[] = [];
  if (own.length === 0) laid.push({ code: 'INS-08', party });
  const isRead = own.some(({ says, about }) => says.code === 'KVI' && about === 'UTK');
  const wentHome = left?.way === 'home';
  if (wentHome && readyAt !== undefined && hasUtk(course, party) && readyAt < left.at && !isRead)
    laid.push({ code: 'UTK-06', party });
  return laid;
}

/** The ward may tell the region's own clinic always, and the municipality with consent. */
function hasUtk(course: Course, party: string): boolean {
  return course.readyAt !== undefined && !(course.refused && party === TOWN);
}

function ofPlanning({ admitted, left }: Course, replies: readonly Reply[]): Laid[] {
  const planned = replies.filter(
    ({ party, says }) => party === TOWN && (says.code === 'PLAN' || says.code === 'SIP-CALL'),
  );
  const laid: Laid[] = [];
  const wentHome = left?.way === 'home' ? left.at : undefined;
  const isThereAfterTwoDays = wentHome === undefined || wentHome > admitted + 48 * HOUR;
  if (isThereAfterTwoDays && planned.length === 0)
    laid.push({ code: 'PLA-01', party: TOWN, due: admitted + 48 * HOUR });
  if (wentHome !== undefined && !planned.some(({ at }) => minute(at) <= minute(wentHome)))
    laid.push({ code: 'UTS-09', party: TOWN });
  return laid;
}

function ofContact({ left, admitted }: Course, replies: readonly Reply[]): Laid[] {
  const own = replies.filter(({ party }) => party === ANSWERING_CLINIC);
  const laid: Laid[] = [];
  const isThereAfterThreeDays = left === undefined || (left.way === 'home' && left.at > admitted + 72 * HOUR);
  if (isThereAfterThreeDays && own.length === 0)
    laid.push({ code: 'FVK-02', party: ANSWERING_CLINIC, due: admitted + 72 * HOUR });
  if (left?.way === 'home' && !own.some(({ says }) => says.code === 'FVK'))
    laid.push({ code: 'FVK-01', party: ANSWERING_CLINIC });
  return laid;
}

function ofCalls(course: Course, replies: readonly Reply[]): Laid[] {
  const { need, readyAt, refused, left, end } = course;
  const laid: Laid[] = [];
  const isCall = ({ says }: Reply): boolean => says.code === 'SIP-CALL';
  const [first] = replies.filter((reply) => isCall(reply) && reply.party === ANSWERING_CLINIC);
  for (const call of replies)
    if (isCall(call) && call.party === TOWN) laid.push({ code: 'SIP-04', party: TOWN, due: call.at });
  const isOver = left?.way === 'moved';
  const isDeclined = replies.some(({ says }) => says.code === 'SIP-DECLINED');
  if (first && !isOver) {
    const hasPlan = replies.some(({ says }) => says.code === 'SIP-PLAN' || says.code === 'SIP-DECLINED');
    const due = onDay(first.at, 31, 0);
    if (!hasPlan && end > due + MINUTE) laid.push({ code: 'SIP-06', party: ANSWERING_CLINIC, due });
  }
  if (isOver || isDeclined || refused) return laid;
  const isLeftOut = first?.says.code === 'SIP-CALL' && !first.says.invited.includes(TOWN);
  if (isLeftOut && isTown(course)) laid.push({ code: 'SIP-03', party: ANSWERING_CLINIC });
  const needsBoth = need.includes('KHSL') || (need.includes('SOC') && need.includes('ROV'));
  if (readyAt === undefined || !needsBoth) return laid;
  const due = lastMoment(readyAt);
  if (!first) laid.push({ code: 'SIP-01', party: ANSWERING_CLINIC, due });
  else if (first.at >= due) laid.push({ code: 'SIP-02', party: ANSWERING_CLINIC, due });
  return laid;
}

/** The end of the third day, or of the next day that is none of rest. */
function lastMoment(told: Instant): Instant {
  for (let days = 3; ; days++) {
    const noon = onDay(told, days, 12);
    const weekday = new Date(noon).getUTCDay();
    const isFree = weekday === 0 || weekday === 6 || FREE_DAYS.has(dayOf(noon));
    if (!isFree) return onDay(told, days + 1, 0);
  }
}

const dayOf = (noon: Instant): string => new Date(noon).toISOString().slice(0, 10);

function ofPlans(replies: readonly Reply[]): Laid[] {
  const plan = replies.findLast(({ says }) => says.code === 'SIP-PLAN');
  if (plan?.says.code !== 'SIP-PLAN') return [];
  const { items, consent, tookPart } = plan.says;
  const party = plan.party;
  return [
    ...(consent ? [] : [{ code: 'SIP-05', party }]),
    ...(items.length < 4 ? [{ code: 'SIP-07', party }] : []),
    ...(tookPart.includes('PERSON') || tookPart.includes('RELATIVE') ? [] : [{ code: 'SIP-08', party }]),
  ];
}

/** What was to be told before the patient left: to who comes home to the patient, and to the patient whom to turn to. */
function ofLeaving(course: Course, replies: readonly Reply[]): Laid[] {
  const { left, refused, hasHomeCare } = course;
  if (left?.way !== 'home') return [];
  const ward = HOSPITALS.KS.organisation;
  const laid: Laid[] = [];
  // Nobody in this county tells a provider through the hub; the town could, when it knew of the leaving.
  if (hasHomeCare && isTown(course)) laid.push({ code: 'UTS-04', party: left.isToldAtOnce && !refused ? TOWN : ward });
  const isAppointed = replies.some(({ says, at }) => says.code === 'FVK' && minute(at) <= minute(left.at));
  if (isAppointed && left.informed.includes('WRITTEN') && !left.informed.includes('CONTACT'))
    laid.push({ code: 'FVK-03', party: ward });
  return laid;
}

function ofTheRest({ left }: Course, replies: readonly Reply[]): Laid[] {
  const laid: Laid[] = [];
  const obstacle = replies.findLast(({ says }) => says.code === 'OBSTACLE');
  if (obstacle?.says.code === 'OBSTACLE' && obstacle.says.exists === 'yes')
    laid.push({ code: 'MOT-02', party: obstacle.party });
  if (left === undefined && replies.some(({ says }) => says.code === 'FOUND'))
    laid.push({ code: 'UTS-10', party: HOSPITALS.KS.organisation });
  return laid;
}
