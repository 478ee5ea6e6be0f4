import type { History } from '../acts/history.ts';
import type { Step } from '../acts/ward-record.ts';
import { UTK } from '../notices/kinds.ts';
import type { Addressee } from '../routing/addressees.ts';
import { groundFor } from '../disclosure/gate.ts';
import { type FactInForce, isDecided, ofCode, runStart } from '../stay/facts.ts';
import type { Discharge } from '../stay/inpatient-course.ts';
import { dischargeOf } from '../stay/stay.ts';
import { endOfLocalDay, HOUR, type Instant, localDate, MINUTE } from '../time/time.ts';
import { movedByOutages } from '../rules/judged-time.ts';
import {
  closedWithDischarge,
  deviationOf,
  firstRow,
  isConcern,
  NOTHING,
  oncePassed,
  oncePerJudgement,
  parametersAt,
  together,
  type Circumstances,
  type DeviationDefinition,
  type Judgement,
} from './definition.ts';
import { firstInsOf, inscribedUnits, wasInscribedBefore } from './inscription.ts';

/*
 * Ready for discharge (LUS 3:1): the ward's word is READY, and the units that have an INS are told by it, each on a ground.
 * UTK-01 and UTK-03 are judged per discharge over all units (DEC-27), UTK-02, 04 and 07 per word.
 *
 *   UTK-01  left, and no unit had the UTK by then; milder when the ward had said it and nothing but a ground was missing
 *   UTK-02  the ward said it many hours after it was judged
 *   UTK-03  left, and some units had it and others neither had it nor was it lawfully withheld from them
 *   UTK-04  said while the ward had a referral to another inpatient unit open
 *   UTK-07  sent, by its own word, before noon, and taken in after it: the clock of LUS 5:4 would begin a day too early
 *   TVG-03  the stay went on in open compulsory care, and the ward said no decision: that is the UTK then (DEC-11)
 *
 * Against advice there was nothing to be ready for, and a transfer or a death ends the matter (DEC-08).
 */

/** How the UTK of one discharge stands. */
interface ReadyState {
  readonly discharge: Discharge;
  readonly left: Step;
  /** The ward had said it by the discharge. */
  readonly isSaid: boolean;
  readonly units: readonly { readonly party: string; readonly told: 'told' | 'withheld' | 'ground-not-stated' }[];
}

/** How it stands for each discharge that asks for it. */
const readinessOf = oncePerJudgement((history, circumstances): readonly ReadyState[] => {
  const { stay, ward } = history;
  if (stay.discharges.length === 0) return [];
  if (!isConcern(history) || stay.openCompulsoryCare || !wasInscribedBefore(history, circumstances)) return [];
  const inscribed = inscribedUnits(history);
  return stay.discharges.flatMap((discharge, index) => {
    const left = ward.discharge(discharge.statedBy);
    if (discharge.leaving !== 'home' || !left) return [];
    const until = stay.discharges[index + 1]?.legStart ?? Infinity;
    const word = readyWithin(history, discharge.legStart, until);
    const said = word && ward.said(word);
    const concerned = inscribed.filter((unit) => wasConcernedBy(unit, left));
    const units = concerned.map((unit) => ({ party: unit.party.id, told: toldTo(history, unit, discharge, left) }));
    if (units.length === 0 || units.every(({ told }) => told === 'withheld')) return [];
    return [{ discharge, left, isSaid: said !== undefined && isInTime(said, left), units }];
  });
});

/** The word that began the readiness that held at the end of a part of the stay. */
function readyWithin({ stay }: History, from: Instant, until: Instant): FactInForce | undefined {
  const said = ofCode(stay.recorded, 'READY').filter(({ at }) => from <= at && at < until);
  return runStart(said, ({ values }) => values[0] === 'Y');
}

/** A UTK in the same minute as the discharge is in time (DEC-07). */
function isInTime(said: Pick<Step, 'sent'>, left: Step): boolean {
  return Math.floor(said.sent / MINUTE) <= Math.floor(left.sent / MINUTE);
}

/** One whom only the stay before has told is this ward's from when that was known (DEC-08). */
function wasConcernedBy({ ownNeed, kept }: Addressee, left: Step): boolean {
  return ownNeed !== undefined || (kept !== undefined && kept.since <= left.event.intakeAt);
}

/** True when the unit had the INS before the patient left. */
function hadInsBy({ acts }: History, { party, kept }: Addressee, left: Step): boolean {
  if (kept && kept.since <= left.event.intakeAt) return true;
  const first = acts.find((act) => act.kind === 'INS' && act.recipient === party.id && !act.ended);
  return first !== undefined && isInTime(first, left);
}

function toldTo(
  history: History,
  unit: Addressee,
  discharge: Discharge,
  left: Step,
): ReadyState['units'][number]['told'] {
  const { stay, ward } = history;
  const handed = ward.handedOver(unit.party.id, UTK_SLOT);
  if (handed && isInTime(handed, left)) return 'told';
  const decision = groundFor({
    kind: UTK.kind,
    from: stay.terms.legalForm,
    to: unit.party,
    scopes: unit.scopes,
    disclosures: stay.disclosures.filter(({ at }) => at <= discharge.at.end),
    date: localDate(discharge.at.start),
  });
  // One who got the INS only after the discharge, because an address was corrected, did not lack a ground.
  if ('ground' in decision) return handed && hadInsBy(history, unit, left) ? 'ground-not-stated' : 'told';
  return decision.withheld === 'refused' ? 'withheld' : 'ground-not-stated';
}

const UTK_SLOT = 'UTK';

export const UTK_01: DeviationDefinition = {
  code: 'UTK-01',
  rows: firstRow(
    'UTK-01',
    'Underrättelse om utskrivningsklar saknas',
    4,
    'LUS 3:1',
    'rules 6.2; DEC-06; DEC-07; DEC-27',
  ),
  party: 'ward',
  judge: (history, circumstances) => {
    const judged = readinessOf(history, circumstances).map(({ discharge, left, isSaid, units }) => {
      const open = units.filter(({ told }) => told !== 'withheld');
      if (isSaid && open.some(({ told }) => told === 'told')) return NOTHING;
      const details = {
        occasion: String(discharge.n),
        due: left.sent,
        evidence: [discharge.statedBy],
        suspected: circumstances.suspected,
        units: open.map(({ party }) => party),
        ...(isSaid && { severity: 2 as const, reason: 'ground-not-stated' as const }),
      };
      return oncePassed(left.sent, circumstances, parametersAt(discharge.at.start, circumstances), () =>
        deviationOf(UTK_01, history, discharge.at.start, details),
      );
    });
    return together(judged);
  },
  closing: (_closed, { stay }) => closedWithDischarge(stay),
};

export const UTK_03: DeviationDefinition = {
  code: 'UTK-03',
  rows: firstRow(
    'UTK-03',
    'Underrättelse om utskrivningsklar nådde inte alla',
    3,
    'LUS 3:1',
    'rules 6.2; DEC-06; DEC-27',
  ),
  party: 'ward',
  judge: (history, circumstances) => {
    const judged = readinessOf(history, circumstances).map(({ discharge, left, isSaid, units }) => {
      const missed = units.filter(({ told }) => told === 'ground-not-stated');
      if (!isSaid || missed.length === 0 || !units.some(({ told }) => told === 'told')) return NOTHING;
      const details = {
        occasion: String(discharge.n),
        due: left.sent,
        evidence: [discharge.statedBy],
        units: missed.map(({ party }) => party),
        ...{ severity: 2 as const, reason: 'ground-not-stated' as const },
      };
      return oncePassed(left.sent, circumstances, parametersAt(discharge.at.start, circumstances), () =>
        deviationOf(UTK_03, history, discharge.at.start, details),
      );
    });
    return together(judged);
  },
  closing: (_closed, { stay }) => closedWithDischarge(stay),
};

/** One time that the ward said that the patient is ready, and when it said so. */
interface ReadyWord {
  readonly fact: FactInForce;
  readonly said: Step;
}

/** Every readiness that begins, for a stay with somebody to tell; none that the ward may not tell anybody of. */
const readyWords = oncePerJudgement((history, circumstances): readonly ReadyWord[] => {
  const { stay, ward, kept } = history;
  if (!isConcern(history) || stay.openCompulsoryCare) return [];
  if (!firstInsOf(history) && kept.length === 0) return [];
  if (discharged(history) && !wasInscribedBefore(history, circumstances)) return [];
  const words = ofCode(stay.recorded, 'READY');
  return words.flatMap((fact, index) => {
    const said = fact.values[0] === 'Y' && words[index - 1]?.values[0] !== 'Y' ? ward.said(fact) : undefined;
    return said ? [{ fact, said }] : [];
  });
});

const discharged = ({ stay }: History): boolean => dischargeOf(stay) !== undefined;

/** What is said of a word, once per word. */
function perWord(
  definition: DeviationDefinition,
  history: History,
  circumstances: Circumstances,
  judged: (word: ReadyWord) => { readonly due: Instant; readonly evidence?: readonly string[] } | undefined,
): Judgement {
  const words = readyWords(history, circumstances);
  if (words.length === 0) return NOTHING;
  return together(
    words.map((word) => {
      const found = judged(word);
      if (!found) return NOTHING;
      const { eventId } = word.said.event;
      const details = { occasion: word.fact.statedBy, due: found.due, evidence: [eventId, ...(found.evidence ?? [])] };
      return { deviations: [deviationOf(definition, history, word.fact.at, details)], timers: [] };
    }),
  );
}

export const UTK_02: DeviationDefinition = {
  code: 'UTK-02',
  rows: firstRow('UTK-02', 'Underrättelse om utskrivningsklar sen', 2, 'LUS 3:1', 'rules 6.2 (4 h, unsure)'),
  party: 'ward',
  judge: (history, circumstances) =>
    perWord(UTK_02, history, circumstances, ({ fact, said }) => {
      const parameters = parametersAt(fact.at, circumstances);
      const due = fact.at + parameters.readyDeadline;
      if (said.sent <= movedByOutages(due, circumstances.outages, parameters)) return undefined;
      return isSaidAfterLeaving(history, said) ? undefined : { due };
    }),
  closing: () => 'disproved',
};

/** What was said only when the patient had left is UTK-01 alone: one failure is one case. */
function isSaidAfterLeaving({ stay, ward }: History, said: Step): boolean {
  return stay.discharges.some(({ statedBy }, index) => {
    const left = ward.discharge(statedBy);
    const next = stay.discharges[index + 1]?.legStart ?? Infinity;
    return left !== undefined && !isInTime(said, left) && said.event.at < next;
  });
}

export const UTK_04: DeviationDefinition = {
  code: 'UTK-04',
  rows: firstRow('UTK-04', 'Utskrivningsklar med öppen remiss till annan slutenvård', 3, 'LUS 3:1', 'rules 6.2'),
  party: 'ward',
  judge: (history, circumstances) =>
    perWord(UTK_04, history, circumstances, ({ fact, said }) => {
      const referral = ofCode(history.stay.recorded, 'REFERRAL').findLast(({ at }) => at <= fact.at);
      return referral?.values[0] === 'Y' ? { due: said.sent, evidence: [referral.statedBy] } : undefined;
    }),
  closing: () => 'disproved',
};

export const UTK_07: DeviationDefinition = {
  code: 'UTK-07',
  rows: firstRow('UTK-07', 'Efterdaterad underrättelse om utskrivningsklar', 3, 'LUS 5:4', 'rules 6.2; architecture 7'),
  party: 'ward',
  judge: (history, circumstances) =>
    perWord(UTK_07, history, circumstances, ({ said }) => {
      const { event, sent, elsewhere } = said;
      const { sentAt, intakeAt } = event;
      // A sent time that is believed, because of a short way or an outage of the hub, is the time of the notice.
      const isDoubted = !elsewhere && sent === intakeAt && sentAt < intakeAt && event.terms.clock === 'trusted';
      const noon = noonFrom(sentAt);
      return isDoubted && noon < intakeAt && !isSaidAfterLeaving(history, said) ? { due: noon } : undefined;
    }),
  closing: () => 'disproved',
};

/** The first noon in Stockholm at or after an instant; no clock changes at noon. */
function noonFrom(instant: Instant): Instant {
  const noonOf = (at: Instant): Instant => endOfLocalDay(at) - 12 * HOUR;
  const noon = noonOf(instant);
  return instant <= noon ? noon : noonOf(endOfLocalDay(instant));
}

export const TVG_03: DeviationDefinition = {
  code: 'TVG-03',
  rows: firstRow('TVG-03', 'Beslut om öppen tvångsvård ej underrättat', 4, 'LPT 7 a', 'rules 6.2; DEC-11; LAW-42'),
  party: 'ward',
  judge: (history, circumstances) => {
    const { stay, ward } = history;
    const discharge = dischargeOf(stay);
    const left = discharge && ward.discharge(discharge.statedBy);
    if (!left || discharge.leaving !== 'home' || !stay.openCompulsoryCare || !isConcern(history)) return NOTHING;
    if (!wasInscribedBefore(history, circumstances)) return NOTHING;
    const decided = ofCode(stay.recorded, 'OPTDECISION')
      .filter(isDecided)
      .flatMap((fact) => ward.said(fact) ?? []);
    if (decided.some((step) => isInTime(step, left))) return NOTHING;
    const { suspected } = circumstances;
    const details = { occasion: String(discharge.n), due: left.sent, evidence: [discharge.statedBy], suspected };
    return oncePassed(left.sent, circumstances, parametersAt(discharge.at.start, circumstances), () =>
      deviationOf(TVG_03, history, discharge.at.start, details),
    );
  },
  closing: (_closed, { stay }) => closedWithDischarge(stay),
};
