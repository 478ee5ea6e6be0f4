import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { History } from '../acts/history.ts';
import { heldElements } from '../disclosure/disclosure-table.ts';
import { ELEMENTS, type Ground, placesIn } from '../codes/elements-and-grounds.ts';
import { NEED_SCOPES, type NeedScope } from '../codes/scope.ts';
import { compareByWord } from '../events/order.ts';
import type { StayEvent } from '../events/stay-event.ts';
import type { LegalForm } from '../codes/legal-form.ts';
import type { Act } from '../notices/act.ts';
import { type Instant, localDate } from '../time/time.ts';
import { openCareDecision } from '../stay/facts.ts';
import { isReal, type Stay } from '../stay/stay.ts';
import { DIRECTORY } from './generated-county.fixture.ts';
import { historiesOf, prefixesOf } from './generated-histories.fixture.ts';
import { FIRST, FIRST_NAME, GENERATED_EVENTS, SECOND, SECOND_NAME } from './generated-stays.fixture.ts';

/**
 * What must hold of every act at the moment at which it is done. Each moment is the taking in of some messages: what the hub
 * then tells is what the histories have more than a moment before.
 */
interface Moment {
  readonly now: Instant;
  readonly stayId: string;
  /** The messages of the stay that have been taken in. */
  readonly all: readonly StayEvent[];
  /** Those of them that were, before the stay closed: only they say anything of person and need (DEC-17). */
  readonly taken: readonly StayEvent[];
  /** The stay right before; undefined at its first message. */
  readonly before: History | undefined;
  readonly history: History;
  readonly others: readonly History[];
  /** Those that this moment has added, but for what was told and taken back at once. */
  readonly told: readonly Act[];
}

function momentsOf(events: readonly StayEvent[]): Moment[] {
  let before = new Map<string, History>();
  return prefixesOf(events).flatMap(({ now, taken }) => {
    const histories = historiesOf(taken);
    const moments = [...histories].map(([stayId, history]) => {
      const known = new Set(before.get(stayId)?.acts.map(({ key }) => key));
      return {
        ...{ now, stayId, history, before: before.get(stayId) },
        all: taken.filter((event) => event.stayId === stayId),
        taken: taken.filter(
          (event) => event.stayId === stayId && event.intakeAt <= (history.stay.closesAt ?? Infinity),
        ),
        others: [...histories].flatMap(([id, other]) => (id === stayId ? [] : [other])),
        told: history.acts.filter(({ key, ended }) => !known.has(key) && !ended),
      };
    });
    before = histories;
    return moments;
  });
}

/** Asserts something of every moment of generated stays. */
function always(asserts: (moment: Moment) => void): void {
  fc.assert(
    fc.property(GENERATED_EVENTS, (events) => momentsOf(events).forEach(asserts)),
    { numRuns: 250 },
  );
}

const livesAtHome = ({ concerns }: Stay): boolean =>
  concerns.some(({ code, values }) => code === 'HOUSING' && values.includes('ORD'));

const ANY: readonly LegalForm[] = ['region-authority', 'municipal-authority', 'private'];
const AUTHORITY: readonly LegalForm[] = ['region-authority', 'municipal-authority'];
const CHAPTER_2 = ['INS', 'BUT'];
const MORE = ['UTK', 'UTS', 'INFO'];

/** The table of rules 12.2 and 12.3, written out: kinds, from, to. What is not here carries nothing that the hub tells. */
const TABLE: Readonly<
  Partial<Record<Ground, readonly [readonly string[], readonly LegalForm[], readonly LegalForm[]]>>
> = {
  LUS_2KAP: [CHAPTER_2, ANY, ANY],
  CONSENT: [MORE, ANY, ANY],
  SAME_REGION: [MORE, ['region-authority'], ['region-authority']],
  CHILD_OR_ABUSE_OR_COMPULSORY: [MORE, AUTHORITY, AUTHORITY],
  CANNOT_CONSENT: [MORE, AUTHORITY, ANY],
  MENPROVNING: [MORE, ANY, ANY],
  PRIVATE_PROVIDER: [MORE, ['private'], ANY],
  LPT_7A: [['OPT-DECISION'], ANY, AUTHORITY],
};

/** The personal number that the ward last spoke of, and the message that put it there (DEC-18). */
function latestPerson(taken: readonly StayEvent[]): { readonly value: string; readonly since: StayEvent } | undefined {
  let latest: { value: string; since: StayEvent; event: StayEvent } | undefined;
  for (const event of taken.toSorted((a, b) => a.intakeStamp - b.intakeStamp)) {
    const value = event.patient.identities.find(({ type }) => type === 'personnummer')?.value;
    if (value === undefined || (latest && compareByWord(event, latest.event) < 0)) continue;
    latest = { value, event, since: latest?.value === value ? latest.since : event };
  }
  return latest;
}

/** Which messages may still say something of the person whose stay it is. @param all those asked about */
function ofThePerson(taken: readonly StayEvent[], all: readonly StayEvent[] = taken): StayEvent[] {
  const latest = latestPerson(taken);
  if (!latest) return [...all];
  const other = latest.value === FIRST.value ? SECOND.value : FIRST.value;
  const isOthers = ({ patient }: StayEvent): boolean => patient.identities.some(({ value }) => value === other);
  const cameBetween = taken.some((event) => isOthers(event) && compareByWord(event, latest.since) < 0);
  return all.filter((event) => !isOthers(event) && (!cameBetween || compareByWord(event, latest.since) >= 0));
}

const has = (events: readonly StayEvent[], code: string, ...values: string[]): boolean =>
  events.some(({ facts }) =>
    facts.some((fact) => fact.code === code && fact.status !== 'D' && values.some((one) => fact.values.includes(one))),
  );

/** Scopes that anybody who speaks of this person has ever said to be needed. */
function everNeeded(events: readonly StayEvent[]): NeedScope[] {
  const orders = events.flatMap(({ facts }) => facts.filter(({ code }) => code === 'INS'));
  return NEED_SCOPES.filter(
    (scope) =>
      has(events, 'NEED', scope) ||
      orders.some(({ scopes }) => scopes.includes(scope)) ||
      events.some(({ terms }) => terms.impliedNeed.includes(scope)),
  );
}

/** Every party that a message of this person has named, in whatever capacity. */
function everNamed(events: readonly StayEvent[]): Set<string> {
  return new Set(
    events.flatMap(({ patient: { address, listedClinic }, facts }) => [
      ...(address?.district === undefined ? [] : [`${address.municipality}-${address.district}`]),
      ...(address?.municipality === undefined ? [] : [address.municipality]),
      ...(listedClinic ? [listedClinic] : []),
      ...facts.filter(({ code }) => ['PLACEDBY', 'CONTACT', 'REHAB'].includes(code)).flatMap(({ values }) => values),
    ]),
  );
}

const inForce = ({ acts }: History): Act[] => acts.filter(({ ended }) => !ended);
const inscribed = (history: History | undefined): Set<string> =>
  new Set(
    (history?.acts ?? []).filter(({ kind, ended }) => kind === 'INS' && !ended).map(({ recipient }) => recipient),
  );

/** A decision on open care stands with every authority that has the INS, and with no company: there its ward sees why not. */
function assertDecisionTold({ stay, acts, informed, withheld }: History): void {
  if (!isReal(stay) || stay.protection) return;
  const standing = acts.filter(({ kind, ended }) => kind === 'OPT-DECISION' && !ended);
  for (const { party, scopes } of informed) {
    const isDue = openCareDecision(stay.recorded, scopes) !== undefined;
    const isAuthority = party.legalForms.some((form) => form !== 'private');
    const has = standing.some(({ recipient }) => recipient === party.id);
    const why = withheld.find((one) => one.recipient === party.id && one.kind === 'OPT-DECISION');
    expect([party.id, has, why?.because]).toEqual([
      party.id,
      isDue && isAuthority,
      isDue && !isAuthority ? 'legal-form' : undefined,
    ]);
  }
}

describe('at every moment of every generated stay', () => {
  it('nobody is told but who has a need of its own, or was told by the stay that goes on in this one', () => {
    always(({ taken, told, others }) => {
      const events = ofThePerson(taken);
      const [needed, named] = [everNeeded(events), everNamed(events)];
      for (const { recipient, kind, content } of told) {
        const party = DIRECTORY.party(recipient, '2026-05-04');
        const own = party?.kind === 'clinic' ? ['ROV', 'KHSL'] : ['SOC', 'KHSL'];
        const isConcerned = named.has(recipient) && needed.some((scope) => own.includes(scope));
        const isKept = kind !== 'INS' && others.some((other) => other.acts.some((act) => act.recipient === recipient));
        expect([recipient, kind, isConcerned || isKept]).toEqual([recipient, kind, true]);
        if (content.kind === 'INS')
          expect(needed).toEqual(expect.arrayContaining(party?.kind === 'clinic' ? [] : [...content.ownNeed]));
        if (content.kind === 'INS') expect(own).toEqual(expect.arrayContaining([...content.ownNeed]));
      }
    });
  });

  it('nobody is told outside of a decision that had been made by then, but for whom the stay before has told', () => {
    always(({ told, history, others }) => {
      for (const { recipient, kind, at } of told) {
        const isChosen = history.decisions.some(
          (made) => made.at <= at && made.decision.recipients.some(({ party }) => party.id === recipient),
        );
        const isKept = kind !== 'INS' && others.some(({ acts }) => acts.some((act) => act.recipient === recipient));
        expect([recipient, kind, isChosen || isKept]).toEqual([recipient, kind, true]);
      }
    });
  });

  it('no notice holds an element that its row has not, whatever the ward has stated', () => {
    always(({ told }) => {
      for (const { kind, content } of told) {
        const open = ['kind', 'person.protection', ...heldElements(kind).map((element) => ELEMENTS[element].at)];
        expect(placesIn(content).filter((place) => !open.includes(place))).toEqual([]);
      }
    });
  });

  it('a ward that never states a need, or states NONE alone, is silent, and has nothing to do (DEC-01)', () => {
    always(({ taken, history, others }) => {
      if (everNeeded(taken).length > 0 || others.some(({ acts }) => acts.length > 0)) return;
      expect(history.acts).toEqual([]);
      expect(history.duties.filter(({ code }) => code !== 'COMPLETE-INS')).toEqual([]);
    });
  });

  it('every notice names a ground that carries its kind between these legal forms on that day, and that somebody stated', () => {
    always(({ taken, all, told, history }) => {
      assertDecisionTold(history);
      const events = ofThePerson(taken, all);
      const from = history.stay.terms.legalForm;
      for (const { kind, ground, recipient, at } of told) {
        const [kinds = [], senders = [], receivers = []] = TABLE[ground] ?? [];
        const forms = DIRECTORY.party(recipient, localDate(at))?.legalForms ?? [];
        const carries =
          kinds.includes(kind) && senders.includes(from) && forms.some((form) => receivers.includes(form));
        expect([kind, ground, from, forms, carries]).toEqual([kind, ground, from, forms, true]);
        if (ground === 'CONSENT') expect(has(events, 'CONSENT', 'Y') || has(events, 'BASIS', 'CONSENT')).toBe(true);
        else if (ground === 'LPT_7A') expect(has(events, 'OPTDECISION', 'Y')).toBe(true);
        else if (!['LUS_2KAP', 'SAME_REGION'].includes(ground)) expect(has(events, 'BASIS', ground)).toBe(true);
      }
    });
  });

  it('nobody is newly told after the stay has closed, and nothing is taken back for what is said of the person then (DEC-17)', () => {
    always(({ now, all, before, history, told, others }) => {
      const latest = all.filter(({ intakeAt }) => intakeAt === now);
      const { closesAt } = before?.stay ?? {};
      if (!before || closesAt === undefined || now <= closesAt || others.length > 0) return;
      if (latest.some(({ course, encounter }) => course !== 'update' || encounter.leaving)) return;
      for (const { recipient, kind } of told) {
        expect([...inscribed(before)]).toContain(recipient);
        expect(['UTK', 'OPT-DECISION', 'UTS', 'INFO']).toContain(kind);
      }
      const causes = history.acts.filter((act) => act.ended && !before.acts.find(({ key }) => key === act.key)?.ended);
      expect(causes.filter(({ ended }) => ended?.cause !== 'not-so-any-more')).toEqual([]);
    });
  });

  it('every need that the ward has sent an INS for has a unit that is told, or a person who routes it by hand', () => {
    always(({ now, history, others }) => {
      const { stay, units, duties } = history;
      if (stay.state === 'cancelled' || stay.deceased || stay.admittedAt === undefined) return;
      // A later stay may have ended the case.
      if (others.some((other) => other.stay.deceased || other.stay.need?.scopes.length === 0)) return;
      const byHand = duties.filter(({ code }) => code === 'ROUTE-BY-HAND').map(({ occasion }) => occasion);
      const needs = (stay.need?.scopes ?? []).map(({ scope }) => scope);
      const isSent = (scope: NeedScope): boolean =>
        stay.terms.ins === 'auto' || stay.insOrders.some(({ scopes }) => scopes.length === 0 || scopes.includes(scope));
      for (const scope of needs.filter(isSent)) {
        if (stay.protection) {
          if (stay.closesAt === undefined || now <= stay.closesAt) expect(byHand).toContain('protected');
          continue;
        }
        // RTE-07: of health care in ordinary housing the municipality need not know; the clinic always does.
        const isClinicsAlone = scope === 'ROV' || (scope === 'KHSL' && livesAtHome(stay));
        const roles = [
          ...(isClinicsAlone ? [] : [['municipality', 'placing']]),
          ...(scope === 'SOC' ? [] : [['clinic']]),
        ];
        for (const alike of roles) {
          const told = units.resolved.filter((unit) => unit.roles.some((role) => alike.includes(role)));
          const waits = alike.some((role) => byHand.includes(role));
          expect([scope, alike, told.length > 0 || waits]).toEqual([scope, alike, true]);
          for (const { party } of told) expect([...inscribed(history)]).toContain(party.id);
        }
      }
      if (stay.insOrders.some(({ scopes }) => scopes.length === 0) && stay.need === undefined)
        expect(duties.map(({ code }) => code)).toContain('COMPLETE-INS');
    });
  });

  it('of a protected person nobody is told by rule once the protection has been taken in (DEC-23)', () => {
    always(({ taken, all, told }) => {
      const events = ofThePerson(taken);
      const since = Math.min(
        ...all.filter(({ encounter }) => encounter.protection).map(({ intakeAt }) => intakeAt),
        ...events.filter(({ patient }) => patient.protection).map(({ intakeAt }) => intakeAt),
      );
      // What came at one instant is told in the order of the stay, message by message.
      expect(told.filter(({ at }) => at > since)).toEqual([]);
    });
  });

  it('no address of a protected person goes out, and every withdrawal after the protection is labelled', () => {
    always(({ all, history }) => {
      for (const { content } of history.acts)
        if (content.person.protection) expect(content.person.address).toBeUndefined();
      const since = Math.min(...all.filter(({ encounter }) => encounter.protection).map(({ intakeAt }) => intakeAt));
      for (const { ended } of history.acts) if (ended && ended.at > since) expect(ended.protection).toBeDefined();
    });
  });

  it('nothing of the first person goes out once a message has put another in the place, and what was told of the first is taken back (DEC-18)', () => {
    always(({ taken, told, history }) => {
      const now = latestPerson(taken);
      if (!now) return;
      const [number, name] = now.value === FIRST.value ? [SECOND, SECOND_NAME] : [FIRST, FIRST_NAME];
      for (const { content } of [...told, ...inForce(history)]) {
        expect(content.person.identity.value).not.toBe(number.value);
        expect(content.person.name?.family).not.toBe(name.family);
      }
    });
  });

  it('a stay that never was, or whose person is dead, has nothing in force (DEC-08, DEC-15)', () => {
    always(({ all, history }) => {
      const words = [...all].sort(compareByWord);
      const cancelled = words.findLastIndex(({ course }) => course === 'cancel-admission');
      const isCancelled = cancelled >= 0 && !words.slice(cancelled).some(({ course }) => course === 'admit');
      if (!isCancelled && !history.stay.deceased) return;
      expect(inForce(history)).toEqual([]);
    });
  });

  it('what a cancellation of the admission took back is told afresh only on what was said after it (DEC-25)', () => {
    always(({ taken, all, told }) => {
      const words = [...all].sort(compareByWord);
      const after = words.slice(words.findLastIndex(({ course }) => course === 'cancel-admission') + 1);
      const facts = ofThePerson(taken, after);
      for (const { kind, content } of told) {
        if (kind === 'UTK') expect(has(facts, 'READY', 'Y')).toBe(true);
        if (kind === 'UTS') expect(after.some(({ course }) => course === 'discharge')).toBe(true);
        if (content.kind !== 'INFO') continue;
        for (const line of content.text.split('\n')) expect(has(facts, 'INFO', line)).toBe(true);
      }
    });
  });

  it('no message tells afresh what it takes back', () => {
    always(({ history, told }) => {
      for (const act of told) {
        const earlier = history.acts.filter(
          (one) => one !== act && one.recipient === act.recipient && one.slot === act.slot && one.ended,
        );
        for (const { ended, content } of earlier) {
          const isSame = JSON.stringify(content) === JSON.stringify(act.content);
          if (isSame) expect(ended?.statedBy).not.toBe(act.statedBy);
        }
      }
    });
  });
});
