import {
  explained,
  factSources,
  STATED_BY_OTHERS,
  withheldReason,
  type EndCause,
  type FactCode,
  type FactName,
  type History,
  type RoutingDecision,
  type Stay,
  type TraceLine,
} from '#libs/domain';
import {
  type DecisionLines,
  type FindingLine,
  OPERATOR_VIEW,
  protectionOf,
  SENDER_VIEW,
  type StayRecord,
  type ToldLine,
  type TracedLine,
  type WithheldLine,
} from '#libs/fhir';
import type { IdMaker } from '#libs/platform';
import { actOf, type ToldNotice } from '../telling/told-notices.ts';
import { senderStay, type StatedTogether } from './sender-stay.ts';

/**
 * So many lines of a kind a stay's record has, the latest. Without a bound it would grow with each notice of the stay, until
 * the broker takes none that large and the views stand still (`docs/decisions/long-stays.md`). The operator's trace has all.
 */
export const MOST_LINES = 100;

/** A stay as the router has it after an event. */
export interface StayNow {
  readonly stayId: string;
  /** What its messages say together. */
  readonly together: StatedTogether;
  /** What the rules say of it; undefined without events. */
  readonly history: History | undefined;
  /** What was told of it, in the order of telling: the latest {@link MOST_LINES}, and the latest of each kind to each recipient. */
  readonly told: readonly ToldNotice[];
  readonly visitId: string | undefined;
  /** The operator has joined it to another. */
  readonly givesWay: boolean;
}

/**
 * Who may see a line (rules 12.5). The sender sees what it stated itself and whom the hub chose; a recipient sees that
 * it was told, when and on which ground, but not why it was chosen, which rests on facts that were not addressed to it; what
 * another stay's ward stated is the operator's alone.
 */
const OWN = [SENDER_VIEW, OPERATOR_VIEW];
const ANOTHERS = [OPERATOR_VIEW];

/** Rules whose lines tell what another ward has stated or told. */
const BY_ANOTHER_STAY: ReadonlySet<string> = new Set(['DEC-08']);
const ENDED_BY_ANOTHER_STAY: ReadonlySet<EndCause | undefined> = new Set<EndCause>(['deceased-later', 'no-need-later']);

/** The record of a stay, but for its version. */
export function describeStay(now: StayNow, ids: IdMaker): Omit<StayRecord, 'version'> {
  const { stayId, together, history, told, visitId, givesWay } = now;
  const stated = history && senderStay(together, history.stay, ids, visitId);
  const protection = stated && protectionOf(stated.encounter.meta);
  const taken = new Set(told.flatMap(({ actKey, withdrawn }) => (withdrawn ? actKey : [])));
  const ended = taken.size === 0 ? [] : (history?.acts.filter(({ key }) => taken.has(key)) ?? []);
  const causes = new Map(ended.map((act) => [act.key, act.ended?.cause]));
  const isProtected = history?.stay.protection !== undefined;
  return {
    stayId,
    ...(protection && { protection }),
    ...(stated && { stated }),
    told: told.map((notice) =>
      toldLine(notice, withdrawnText(causes.get(notice.actKey), givesWay, isProtected), causes.get(notice.actKey)),
    ),
    withheld: (history?.withheld ?? []).slice(-MOST_LINES).map((withheld): WithheldLine => ({
      ...{ kind: withheld.kind, recipient: withheld.recipient, text: withheldReason(withheld) },
      seenBy: OWN,
    })),
    findings: (history?.stay.lostCorrections ?? []).slice(-MOST_LINES).map(({ eventId, code }): FindingLine => ({
      statedBy: eventId,
      text: foundText(code),
      seenBy: OWN,
    })),
    ...(history?.units.decision && { decision: decisionLines(history.units.decision, history.stay) }),
  };
}

/** Rules whose reasons tell what a party has said of who is told. */
const BY_ANOTHER_PARTY: ReadonlySet<string> = new Set(['RTE-23', '12.7']);

/** Why whom was chosen, and whom not: of the ward's own facts the ward's, of another party's the operator's (rules 12.5). */
function decisionLines(decision: RoutingDecision, stay: Stay): DecisionLines {
  const { facts, rules, notChosen, byHand } = explained(decision, factSources(stay));
  return {
    facts: facts.map(({ fact, value, source }) => ({
      ...{ fact, value: valueOf(fact, value, stay), source },
      seenBy: STATED_BY_OTHERS.has(fact) ? ANOTHERS : OWN,
    })),
    rules,
    notChosen: notChosen.slice(-MOST_LINES).map(({ candidate, rule, text }) => ({
      ...{ candidate, rule, text },
      seenBy: BY_ANOTHER_PARTY.has(rule) ? ANOTHERS : OWN,
    })),
    waiting: byHand.map(({ role, why }) => ({ role, text: why.map(({ text }) => text).join(' '), seenBy: OWN })),
  };
}

/** The address of a protected person decides nothing, and is shown nowhere (RTE-43). */
function valueOf(fact: FactName, value: unknown, { protection }: Stay): string {
  if (fact === 'address' && protection) return 'skyddad';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function toldLine(notice: ToldNotice, because: string, cause: EndCause | undefined): ToldLine {
  const { id: delivery, kind, recipient, statedBy, withdrawn } = notice;
  const { ground, sent, trace } = actOf(notice);
  return {
    ...{ delivery, kind, recipient, ground, statedBy, sent },
    seenBy: [...OWN, recipient],
    trace: trace.map(traced),
    ...(withdrawn && {
      withdrawn: {
        ...withdrawn,
        because: { text: because, seenBy: ENDED_BY_ANOTHER_STAY.has(cause) ? ANOTHERS : OWN },
      },
    }),
  };
}

function traced({ rule, text }: TraceLine): TracedLine {
  return { rule, text, seenBy: BY_ANOTHER_STAY.has(rule) ? ANOTHERS : OWN };
}

const ENDED: Readonly<Record<EndCause, string>> = {
  cancelled: 'Återtaget: vårdtillfället makulerades.',
  deceased: 'Återtaget: patienten har avlidit.',
  'deceased-later': 'Återtaget: patienten har avlidit i det vårdtillfälle som fortsätter detta.',
  'no-need': 'Återtaget: behovet gäller inte längre.',
  'no-need-later': 'Återtaget: avdelningen som fortsätter vårdtillfället anger att inget behov finns.',
  'other-person': 'Återtaget: vårdtillfället avser en annan person.',
  'other-recipient': 'Återtaget: en annan mottagare gäller.',
  returned: 'Återtaget: mottagaren har återsänt det som feladresserat.',
  'release-undone': 'Återtaget: valet av mottagare är taget tillbaka.',
  'not-so-any-more': 'Återtaget: uppgiften gäller inte längre.',
};
const JOINED = 'Återtaget: vårdtillfället är sammanfört med ett annat, och gäller som det.';
const PROTECTED = 'Återtaget: personen har skyddade personuppgifter, och ingen människa har valt mottagaren.';
const DECIDED_ANEW =
  'Återtaget: det som nu är känt ger inte meddelandet (ett meddelande som kom sent, eller ett beslut som togs tillbaka).';

/**
 * Why a notice was taken back, in Swedish. Without a cause its act is none any more: the stay was decided anew by what had
 * not been known, or by what an operator has undone.
 * @param givesWay of a stay that is another one now
 * @param isProtected of a person who is protected again: a lifting was undone
 */
export function withdrawnText(cause: EndCause | undefined, givesWay: boolean, isProtected: boolean): string {
  if (cause) return ENDED[cause];
  return givesWay ? JOINED : isProtected ? PROTECTED : DECIDED_ANEW;
}

/** A correction that finds no fact to correct (DEC-19), in Swedish. */
export function foundText(code: FactCode): string {
  return `Rättelsen av ${code} träffar ingen uppgift: omfattningen är en annan än den som angavs.`;
}
