import { informationDueAt, insDueAt } from './deadlines.ts';
import type { Kept } from './addressees.ts';
import type { StayEvent } from './event.ts';
import { missingItems, type InsItem } from './ins-items.ts';
import type { Duty, NoticeKind, Withheld } from './notice.ts';
import type { Recipients } from './routing.ts';
import type { Parameters } from './rules/parameters.ts';
import { dischargeOf, type Stay } from './stay.ts';
import type { Instant } from './time.ts';

/** Open duties by code and occasion. */
export type Duties = Map<string, Duty>;

interface Situation {
  readonly stay: Stay;
  readonly recipients: Recipients;
  readonly kept: readonly Kept[];
  readonly withheld: readonly Withheld[];
  readonly event: StayEvent;
  readonly insSent: boolean;
  /** The stay before has told somebody, who is told on (DEC-08): a need, whether or not this stay states one. */
  readonly keeps: boolean;
  /** Some party has the INS: what a protected person waits for is then what comes next. */
  readonly insTold: boolean;
  /** The INS that stands has had all its items once. */
  readonly insComplete: boolean;
  readonly parameters: Parameters;
}

/**
 * What people have to do after an event, carried on from step to step: a duty keeps the event that first made it, and
 * is gone when nothing makes it any more.
 *
 *   ROUTE-BY-HAND  a need without a recipient, or a protected person: the operator, by the deadline of the INS
 *   COMPLETE-INS   an item of LUS 2:2 is missing: the ward (DEC-02)
 *   STATE-GROUND   something is withheld and no ground is stated: the ward (DEC-06)
 *   CONFIRM        a stay with a need, its own or kept, was cancelled after its discharge: the ward (DEC-15)
 */
export function dutiesOf(open: Duties, situation: Situation): void {
  const now = new Map(
    [...byHand(situation), ...completion(situation), ...grounds(situation), ...confirmation(situation)].map((duty) => [
      `${duty.code}|${duty.occasion}`,
      duty,
    ]),
  );
  for (const key of open.keys()) if (!now.has(key)) open.delete(key);
  for (const [key, duty] of now) {
    const before = open.get(key);
    open.set(key, before ? carriedOn(before, duty) : duty);
  }
}

/** A clock that runs from the event that made the duty is not wound up again by later events. */
function carriedOn(before: Duty, duty: Duty): Duty {
  const due = duty.code === 'CONFIRM' || duty.occasion === PROTECTED ? before.due : duty.due;
  return { ...duty, due, since: before.since, statedBy: before.statedBy };
}

type Draft = Pick<Duty, 'code' | 'occasion' | 'owner' | 'due' | 'text'>;

function duty(situation: Situation, draft: Draft): Duty {
  const { event, stay } = situation;
  return {
    ...draft,
    since: event.intakeAt,
    statedBy: event.eventId,
    ...(stay.protection && { protection: stay.protection }),
  };
}

/** Occasion of the Task for a protected person. */
const PROTECTED = 'protected';

function byHand(situation: Situation): Duty[] {
  const { stay, recipients, insSent, keeps, insTold, event, parameters } = situation;
  const due = insDueAt(stay, parameters);
  if (stay.protection && (insSent || keeps)) {
    return [
      duty(situation, {
        code: 'ROUTE-BY-HAND',
        occasion: PROTECTED,
        owner: 'operator',
        due: insTold || due === undefined ? event.intakeAt + parameters.insDeadline : due,
        text: 'Skyddade personuppgifter: mottagare väljs av en människa. Ring innan något sänds.',
      }),
    ];
  }
  if (!insSent || due === undefined) return [];
  return recipients.unresolved.map((need) =>
    duty(situation, {
      code: 'ROUTE-BY-HAND',
      occasion: need.role,
      owner: 'operator',
      due,
      text: need.trace.map((line) => line.text).join(' '),
    }),
  );
}

const ITEM_NAMES: Record<InsItem, string> = {
  name: 'namn',
  'personal-number': 'personnummer',
  address: 'folkbokföringsadress',
  'expected-discharge': 'beräknad tidpunkt för utskrivning',
};

function completion(situation: Situation): Duty[] {
  const { stay, insSent, insComplete, parameters } = situation;
  const due = insDueAt(stay, parameters);
  const missing = missingItems(stay);
  if (!insSent || due === undefined || insComplete || missing.length === 0 || dischargeOf(stay)) return [];
  return [
    duty(situation, {
      code: 'COMPLETE-INS',
      occasion: 'INS',
      owner: stay.terms.organisation,
      due,
      text: `Inskrivningsmeddelandet saknar: ${missing.map((item) => ITEM_NAMES[item]).join(', ')}.`,
    }),
  ];
}

function grounds(situation: Situation): Duty[] {
  const { stay, withheld } = situation;
  const kinds = new Set(withheld.filter((one) => one.because === 'not-stated').map((one) => one.kind));
  return [...kinds].map((kind) =>
    duty(situation, {
      code: 'STATE-GROUND',
      occasion: kind,
      owner: stay.terms.organisation,
      due: groundDueAt(situation, kind),
      text: `${kind} hålls inne: ange samtycke eller annan grund för mottagaren.`,
    }),
  );
}

/** The information has its day (LUS 3:2); what has no hour in the law gets the one in the parameters. */
function groundDueAt({ stay, event, parameters }: Situation, kind: NoticeKind): Instant {
  if (kind === 'UTK')
    return (typeof stay.ready === 'object' ? stay.ready.since : event.intakeAt) + parameters.readyDeadline;
  const discharge = dischargeOf(stay);
  if (discharge) return informationDueAt(discharge);
  return (stay.infos.at(-1)?.at ?? event.intakeAt) + parameters.readyDeadline;
}

function confirmation(situation: Situation): Duty[] {
  const { stay, kept, event, parameters } = situation;
  const wasNeeded = (stay.need?.scopes.length ?? 0) > 0 || kept.length > 0;
  if (stay.state !== 'cancelled' || !stay.everDischarged || !wasNeeded) return [];
  return [
    duty(situation, {
      code: 'CONFIRM',
      occasion: 'A11',
      owner: stay.terms.organisation,
      due: event.intakeAt + parameters.insDeadline,
      text: 'Inskrivningen makulerades efter utskrivning. Bekräfta att vårdtillfället aldrig ägde rum.',
    }),
  ];
}
