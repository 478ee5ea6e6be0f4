import {
  withheldReason,
  type ActEnd,
  type EndCause,
  type FactCode,
  type History,
  type RecordedCall,
  type TraceLine,
} from '#libs/domain';
import {
  callMade,
  type CallLine,
  FACT_NAMES,
  type FindingLine,
  protectionOf,
  type StayRecord,
  type ToldLine,
  type TracedLine,
  type WithheldLine,
} from '#libs/fhir';
import type { IdMaker } from '#libs/platform';
import { actOf, type ToldNotice } from '../telling/told-notices.ts';
import { ANOTHERS, DecisionsInRecord, MOST_LINES, OWN } from './decision-lines.ts';
import { senderStay, type StatedTogether } from './sender-stay.ts';

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
  const ends = new Map(ended.map((act) => [act.key, act.ended]));
  const isProtected = history?.stay.protection !== undefined;
  const decisions = history && new DecisionsInRecord(history);
  const lines = told.map((notice) => {
    const end = ends.get(notice.actKey);
    return toldLine(notice, withdrawnText(end?.cause, givesWay, isProtected), end, decisions);
  });
  const calls = history?.calls ?? [];
  const [latest, earlier] = [decisions?.latest(), decisions?.earlier() ?? []];
  return {
    stayId,
    ...(protection && { protection }),
    ...(stated && { stated }),
    told: lines,
    withheld: (history?.withheld ?? []).slice(-MOST_LINES).map((withheld): WithheldLine => ({
      ...{ kind: withheld.kind, recipient: withheld.recipient, text: withheldReason(withheld) },
      seenBy: OWN,
    })),
    findings: (history?.stay.lostCorrections ?? []).slice(-MOST_LINES).map(({ eventId, code }): FindingLine => ({
      statedBy: eventId,
      text: foundText(code),
      seenBy: OWN,
    })),
    ...(calls.length > 0 && { calls: calls.slice(-MOST_LINES).map(callLine) }),
    ...(latest && { decision: latest }),
    ...(earlier.length > 0 && { earlier }),
  };
}

/** A ward sees the calls that it recorded itself; what the operator recorded may be of another's notice. */
function callLine({ eventId: statedBy, recipient, at, notice: kind, channel, byWard }: RecordedCall): CallLine {
  return { statedBy, ...callMade({ recipient, at, kind, channel }), seenBy: byWard ? OWN : ANOTHERS };
}

function toldLine(
  notice: ToldNotice,
  because: string,
  end: ActEnd | undefined,
  decisions: DecisionsInRecord | undefined,
): ToldLine {
  const { id: delivery, kind, recipient, statedBy, withdrawn } = notice;
  const { ground, sent, at, trace, decision } = actOf(notice);
  const toldBy = decisions?.name(decision, at);
  const endedBy = end && decisions?.name(end.decision, end.at);
  return {
    ...{ delivery, kind, recipient, ground, statedBy, sent },
    seenBy: [...OWN, recipient],
    trace: trace.map(traced),
    ...(toldBy !== undefined && { decision: toldBy }),
    ...(withdrawn && {
      withdrawn: {
        ...withdrawn,
        ...(endedBy !== undefined && { decision: endedBy }),
        because: { text: because, seenBy: ENDED_BY_ANOTHER_STAY.has(end?.cause) ? ANOTHERS : OWN },
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
  'other-recipient':
    'Återtaget: mottagaren berörs inte av det som nu gäller (behov, adress, listning eller boende är ändrat).',
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
  return `Rättelsen av ${FACT_NAMES[code]} (${code}) träffar ingen uppgift: omfattningen är en annan än den som angavs.`;
}
