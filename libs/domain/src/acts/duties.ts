import type { NeedScope } from '../codes/scope.ts';
import type { Protection } from '../events/statements.ts';
import type { StayEvent } from '../events/stay-event.ts';
import type { Withheld } from '../notices/act.ts';
import type { NoticeKind } from '../codes/notice-kind.ts';
import type { Kept, Units } from '../routing/addressees.ts';
import { union } from '../routing/decision.ts';
import type { PartyId, UnitRole } from '../parties/party.ts';
import type { Parameters } from '../rules/parameters.ts';
import { dutyInstant } from '../stay/inpatient-course.ts';
import { dischargeOf, isReal, type Stay } from '../stay/stay.ts';
import { endOfLocalDay, type Instant, localDate } from '../time/time.ts';
import { insClocks, type InsItem, missingItems } from './ins-duty.ts';

/** Codes of `CodeSystem/task` (contract 4). */
export const TASK_CODES = [
  'ROUTE-BY-HAND',
  'COMPLETE-INS',
  'STATE-GROUND',
  'CONFIRM',
  'ANSWER-DEVIATION',
  'WARNING',
] as const;
export type TaskCode = (typeof TASK_CODES)[number];

/** A duty that a person has to do, with its clock. `owner` is `operator` or the organisation of the sender's agreement. */
export interface Duty {
  readonly code: TaskCode;
  /** Sets apart duties of one code in a stay. */
  readonly occasion: string;
  readonly owner: string;
  readonly since: Instant;
  readonly statedBy: string;
  readonly due: Instant;
  /**
   * The duty is one only from here on, if nothing has come by then: who says it must know that nothing has (architecture 7).
   * Absent: it is one at once.
   */
  readonly from?: Instant;
  /** Of a need that waits for a recipient: what it is of, and whom the person who decides is shown first. */
  readonly waiting?: {
    readonly role: UnitRole;
    readonly scopes: readonly NeedScope[];
    readonly proposals: readonly PartyId[];
  };
  /** Swedish, for a person; holds no identity, name or address. */
  readonly text: string;
  readonly protection?: Protection;
}

/** Open duties by code and occasion. */
export type Duties = Map<string, Duty>;

/** Where the stay stands at a step. */
export interface DutySituation {
  readonly stay: Stay;
  readonly units: Units;
  readonly kept: readonly Kept[];
  readonly withheld: readonly Withheld[];
  readonly event: StayEvent;
  /** The ward has sent an INS, and no other stay has ended the case. */
  readonly insSent: boolean;
  /** The ward has sent an INS in this visit once, perhaps of another person. */
  readonly wasSent: boolean;
  /** The stay before has told somebody, who is told on (DEC-08): a need, whether or not this stay states one. */
  readonly keeps: boolean;
  /** Some party has the INS: what a protected person waits for is then what comes next. */
  readonly insTold: boolean;
  /** True when a party has been told in a role, and stands so. */
  readonly isToldAs: (role: UnitRole) => boolean;
  /** The INS that stands has had all its items once. */
  readonly insComplete: boolean;
  /** A later stay goes on with this one. */
  readonly arrived: boolean;
  readonly parameters: (date: string) => Parameters;
}

/**
 * What people have to do after an event, carried on from step to step: a duty keeps the event that first made it, and
 * ends when nothing makes it any more.
 *
 *   ROUTE-BY-HAND  a need without a recipient, or a protected person: the operator, by the deadline of the INS
 *   COMPLETE-INS   an item of LUS 2:2 is missing, or the INS is ordered and nobody knows for whom: the ward (DEC-02, DEC-32)
 *   STATE-GROUND   something is withheld and no ground is stated: the ward (DEC-06)
 *   CONFIRM        the ward: a stay with a need was cancelled after its discharge (DEC-15), became another person's (DEC-18),
 *                  or its sender asks for a protection to be deleted (DEC-23); ward and operator: nobody has arrived after a
 *                  transfer (DEC-31)
 */
export function dutiesOf(open: Duties, situation: DutySituation): void {
  const drafts = [
    ...byHand(open, situation),
    ...completion(situation),
    ...grounds(situation),
    ...confirmations(situation),
    ...arrivals(situation),
  ];
  // As for nearly every message.
  if (drafts.length === 0) {
    open.clear();
    return;
  }
  const now = new Map(drafts.map((draft) => [`${draft.code}|${draft.occasion}`, draft]));
  for (const key of open.keys()) if (!now.has(key)) open.delete(key);
  for (const [key, draft] of now) open.set(key, carriedOn(open.get(key), draft, situation));
}

/** A duty as a step makes it. `fixed`: its clock ran from the step that made it, and no later one winds it up again. */
interface Draft extends Pick<Duty, 'code' | 'occasion' | 'owner' | 'due' | 'text' | 'from' | 'waiting'> {
  readonly fixed?: true;
}

function carriedOn(before: Duty | undefined, { fixed, ...draft }: Draft, { event, stay }: DutySituation): Duty {
  return {
    ...draft,
    due: fixed && before ? before.due : draft.due,
    since: before?.since ?? event.intakeAt,
    statedBy: before?.statedBy ?? event.eventId,
    ...(stay.protection && { protection: stay.protection }),
  };
}

function byHand(open: Duties, situation: DutySituation): Draft[] {
  const { stay, units, insSent, keeps, insTold, isToldAs, event } = situation;
  const { kept } = situation;
  // One whom the stay before has told waits too, for what comes next.
  const waits = units.unresolved.length > 0 || kept.some(({ party }) => !mayBeTold(units, party.id));
  if (!waits) return [];
  const [clock] = insClocks(stay, situation.parameters);
  const row = situation.parameters(localDate(event.intakeAt));
  const aWholeClock = event.intakeAt + row.insDeadline;
  // What is due already when the Task is made has its hours from then on: nobody can have been late before it was.
  const due = clock && clock.due > event.intakeAt ? clock.due : aWholeClock;
  // What waited for a person when the stay closed waits on: only a new reason is none any more (DEC-17).
  const isDue = !isClosed(situation) || open.has('ROUTE-BY-HAND|protected');
  if (stay.protection && (insSent || keeps) && isDue) {
    return [
      {
        code: 'ROUTE-BY-HAND',
        occasion: 'protected',
        owner: 'operator',
        due: insTold ? aWholeClock : due,
        text: 'Skyddade personuppgifter: mottagare väljs av en människa. Ring innan något sänds.',
        fixed: true,
      },
    ];
  }
  if (stay.protection || !insSent || !clock) return [];
  return [...Map.groupBy(units.unresolved, ({ role }) => role)].map(([role, needs]) => ({
    code: 'ROUTE-BY-HAND',
    occasion: role,
    waiting: {
      role,
      scopes: union(...needs.map(({ scopes }) => scopes)),
      proposals: [...new Set(needs.flatMap(({ proposals }) => proposals))],
    },
    owner: 'operator',
    // One who had a recipient and lost it waits from the change on.
    due: isToldAs(role) ? aWholeClock : due,
    text: needs.flatMap(({ trace }) => trace.map((line) => line.text)).join(' '),
    fixed: true,
  }));
}

function mayBeTold({ tellable }: Units, id: PartyId): boolean {
  return tellable.some(({ party }) => party.id === id);
}

/** DEC-17: what becomes of the person after the stay has closed is no duty of this stay. */
function isClosed({ stay, event }: DutySituation): boolean {
  return stay.closesAt !== undefined && event.intakeAt > stay.closesAt;
}

const ITEM_NAMES: Readonly<Record<InsItem, string>> = {
  name: 'namn',
  'personal-number': 'personnummer',
  address: 'folkbokföringsadress',
  'expected-discharge': 'beräknad tidpunkt för utskrivning',
};

function completion({ stay, insSent, insComplete, parameters }: DutySituation): Draft[] {
  const base = { code: 'COMPLETE-INS', occasion: 'INS', owner: stay.terms.organisation } as const;
  if (
    stay.insOrders.some(({ scopes }) => scopes.length === 0) &&
    stay.need === undefined &&
    isReal(stay) &&
    stay.admittedAt !== undefined
  ) {
    const { insDeadline } = parameters(localDate(stay.admittedAt));
    const text = 'Inskrivningsmeddelande är beställt, men inget behov är angivet: ange vem som berörs.';
    return [{ ...base, due: stay.admittedAt + insDeadline, text }];
  }
  if (!insSent || insComplete || dischargeOf(stay)) return [];
  const [clock] = insClocks(stay, parameters);
  if (!clock) return [];
  const missing = missingItems(stay, clock.parameters);
  if (missing.length === 0) return [];
  const names = missing.map((item) => ITEM_NAMES[item]).join(', ');
  return [{ ...base, due: clock.due, text: `Inskrivningsmeddelandet saknar: ${names}.` }];
}

/** What the ward reads that it has to state a ground for. */
const HELD_BACK: Readonly<Partial<Record<NoticeKind, string>>> = {
  UTK: 'Underrättelsen om utskrivningsklar',
  UTS: 'Att patienten är utskriven',
  INFO: 'Informationen inför utskrivning',
};

function grounds(situation: DutySituation): Draft[] {
  const { stay, withheld } = situation;
  if (withheld.length === 0) return [];
  const kinds = new Set(withheld.filter((one) => one.because === 'not-stated').map((one) => one.kind));
  return [...kinds].map((kind) => ({
    code: 'STATE-GROUND',
    occasion: kind,
    owner: stay.terms.organisation,
    due: groundDueAt(situation, kind),
    text: `${HELD_BACK[kind] ?? kind} hålls inne: ange samtycke eller annan grund för mottagaren.`,
  }));
}

/** The information has its day (LUS 3:2); what has no hour in the law gets the one in the parameters. */
function groundDueAt({ stay, event, parameters }: DutySituation, kind: NoticeKind): Instant {
  const discharge = dischargeOf(stay);
  if (kind !== 'UTK' && discharge) return endOfLocalDay(discharge.at.start);
  const begins =
    kind === 'UTK' && typeof stay.ready === 'object' ? stay.ready.since : (stay.infos.at(-1)?.at ?? event.intakeAt);
  return begins + parameters(localDate(begins)).readyDeadline;
}

function confirmations(situation: DutySituation): Draft[] {
  const { stay, kept, event, wasSent, parameters } = situation;
  const concerns = (stay.need?.scopes.length ?? 0) > 0 || kept.length > 0;
  const due = event.intakeAt + parameters(localDate(event.intakeAt)).insDeadline;
  const confirm = (occasion: string, text: string): Draft => ({
    code: 'CONFIRM',
    occasion,
    owner: stay.terms.organisation,
    due,
    text,
    fixed: true,
  });
  const drafts: Draft[] = [];
  if (stay.state === 'cancelled' && stay.everDischarged && concerns) {
    drafts.push(
      confirm('A11', 'Inskrivningen makulerades efter utskrivning. Bekräfta att vårdtillfället aldrig ägde rum.'),
    );
  }
  if (stay.personKey !== '' && wasSent && stay.need === undefined && stay.state !== 'cancelled') {
    drafts.push(
      confirm('person', 'Vårdtillfället har fått en annan persons personnummer. Bekräfta, och ange behovet på nytt.'),
    );
  }
  if (stay.protectionDeletedBy !== undefined && concerns && !isClosed(situation)) {
    drafts.push(
      confirm(
        'protection',
        'Avsändaren vill ta bort skyddet av personuppgifter. Bekräfta; skyddet gäller tills en människa häver det.',
      ),
    );
  }
  return drafts;
}

/**
 * DEC-31: the patient was sent on and nobody has arrived. Known only when the hours have passed without a word: the Task has
 * a time from which it is one, and whoever keeps the watermark says it.
 */
function arrivals({ stay, kept, arrived, insSent, parameters }: DutySituation): Draft[] {
  const discharge = dischargeOf(stay);
  if (discharge?.leaving !== 'transfer' || arrived || !isReal(stay) || (!insSent && kept.length === 0)) return [];
  const left = dutyInstant(discharge.at, Infinity);
  const { continuationWindow, insDeadline } = parameters(localDate(left));
  const from = left + continuationWindow;
  const text =
    'Patienten överfördes till en annan enhet, men har inte skrivits in någonstans. Bekräfta var patienten är.';
  return [
    { occasion: `transfer-${discharge.n}`, owner: stay.terms.organisation },
    { occasion: `transfer-${discharge.n}:operator`, owner: 'operator' },
  ].map((draft) => ({ code: 'CONFIRM', ...draft, from, due: from + insDeadline, text }));
}
