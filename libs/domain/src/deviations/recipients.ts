import type { History } from '../acts/history.ts';
import type { AnswerCode } from '../codes/answer-code.ts';
import type { Act } from '../notices/act.ts';
import { MUNICIPAL_KINDS, type Party } from '../parties/party.ts';
import type { Addressee } from '../routing/addressees.ts';
import type { Discharge } from '../stay/inpatient-course.ts';
import { dutyInstant } from '../stay/inpatient-course.ts';
import type { TakenWord } from '../answers/party-words.ts';
import { dischargeOf } from '../stay/stay.ts';
import { type Instant, localDate, MINUTE } from '../time/time.ts';
import {
  deviationOf,
  isConcern,
  leftForHome,
  NOTHING,
  oncePassed,
  oncePerJudgement,
  parametersAt,
  together,
  type Circumstances,
  type DeviationDefinition,
  type Judgement,
} from './definition.ts';
import { inscribedUnits } from './inscription.ts';
import { overdueFrom } from './of-the-hub.ts';

/*
 * The duties of those who were told (DEC-13): what INS-08, FVK-*, PLA-01, UTK-06, SIP-* and UTS-09 have in common.
 *
 * A duty begins when its own party received the notice. What triggered it was withheld, late or never delivered: that is the
 * ward's or the hub's, and the party is not judged. Nor is a party that does not answer this kind through the hub, or is
 * reached by telephone or post: its silence says nothing.
 */

/** A unit with a notice of a kind that stands. */
export interface Holding {
  readonly unit: Addressee;
  /** The first version that stands. */
  readonly act: Act;
  /** Ids by which an answer may name it. */
  readonly keys: readonly string[];
  /** When its first version was there; absent: not yet, as far as is known. */
  readonly received?: Instant;
}

const heldIn = oncePerJudgement(() => new Map<Act['kind'], readonly Holding[]>());

/** Who holds a notice of a kind, and since when. */
export function holdings(history: History, circumstances: Circumstances, kind: Act['kind']): readonly Holding[] {
  const held = heldIn(history, circumstances);
  const known = held.get(kind);
  if (known) return known;
  const made = isConcern(history) ? holdingsOf(history, circumstances, kind) : [];
  held.set(kind, made);
  return made;
}

function holdingsOf(history: History, { received }: Circumstances, kind: Act['kind']): Holding[] {
  const standing = history.acts.filter((act) => act.kind === kind && !act.ended);
  if (standing.length === 0) return [];
  const byRecipient = Map.groupBy(standing, ({ recipient }) => recipient);
  return inscribedUnits(history).flatMap((unit) => {
    const acts = byRecipient.get(unit.party.id) ?? [];
    const [act] = acts;
    if (!act) return [];
    const keys = acts.map(({ key }) => key);
    const times = keys.flatMap((key) => received.get(key) ?? []);
    return [{ unit, act, keys, ...(times.length > 0 && { received: Math.min(...times) }) }];
  });
}

/** A duty to answer: the notice that begins it, the answer that it is about, and which units it is of; all unless said. */
interface Answered {
  readonly kind: Act['kind'];
  readonly answer: AnswerCode;
  readonly concerns?: (unit: Addressee) => boolean;
}

type Received = Holding & { readonly received: Instant; readonly due: Instant };

/**
 * What is said of each holder that answers a kind through the hub.
 *
 * While a notice is not known to be received there is nothing to judge. Its receipt has the stay judged again only when it
 * comes late, so that one in time costs nothing: the stay is looked at when the duty could end at the earliest.
 * @param endOf when the duty of one who received it at an instant ends
 */
function perHolder(
  history: History,
  circumstances: Circumstances,
  { kind, answer, concerns }: Answered,
  endOf: (received: Instant) => Instant,
  judge: (holding: Received) => Judgement,
): Judgement {
  const held = holdings(history, circumstances, kind);
  if (held.length === 0) return NOTHING;
  const judged = held.map((holding): Judgement => {
    const { unit, act, received } = holding;
    if (concerns && !concerns(unit)) return NOTHING;
    if (!answersThroughHub(unit.party, answer, received ?? act.sent)) return NOTHING;
    if (received !== undefined) return judge({ ...holding, received, due: endOf(received) });
    return looksFor(act, endOf(act.sent), history, circumstances);
  });
  return together(judged);
}

/**
 * A holder that has not done within a time of its notice what it had to.
 * @param of.within when the time of one who received it at an instant is over
 * @param of.isDone nothing is missing of this holder, or no more
 */
export function notInTime(
  definition: DeviationDefinition,
  history: History,
  circumstances: Circumstances,
  of: Answered & {
    readonly within: (received: Instant) => Instant;
    readonly isDone: (holding: Received) => boolean;
  },
): Judgement {
  return perHolder(history, circumstances, of, of.within, (holding) => {
    if (of.isDone(holding)) return NOTHING;
    const { unit, act, received, due } = holding;
    const { id } = unit.party;
    const details = { occasion: id, party: id, due, evidence: [act.statedBy], units: [id] };
    const make = () => deviationOf(definition, history, received, details);
    return oncePassed(due, circumstances, parametersAt(received, circumstances), make, { begins: received });
  });
}

/**
 * A holder that had not done what it had to when the patient left for home; of one told shortly before it is a small matter.
 * @param of.isDone nothing is missing of this holder, by the instant at which the patient left
 */
export function notBeforeLeaving(
  definition: DeviationDefinition,
  history: History,
  circumstances: Circumstances,
  of: Answered & { readonly isDone: (holding: Received, left: Instant) => boolean },
): Judgement {
  const home = homeward(history);
  if (!home) return NOTHING;
  const { discharge, at } = home;
  return perHolder(
    history,
    circumstances,
    of,
    () => at,
    (holding) => {
      const { unit, act, received } = holding;
      if (received >= at || of.isDone(holding, at)) return NOTHING;
      const { id } = unit.party;
      const parameters = parametersAt(received, circumstances);
      const details = {
        ...{ occasion: `${discharge.n}|${id}`, party: id, due: at, units: [id] },
        evidence: [act.statedBy, discharge.statedBy],
        ...(at - received < parameters.shortNotice && { severity: 1 as const }),
      };
      return oncePassed(at, circumstances, parameters, () => deviationOf(definition, history, received, details));
    },
  );
}

/**
 * When to look at a stay again for a notice that is not known to be received: when its party would be warned, and when its
 * duty could end. By the second of them the receipt is known, or is late and has the stay judged by itself (TEK-01).
 * @param end of the duty of one who received it at once
 */
export function looksFor(act: Act, end: Instant, history: History, circumstances: Circumstances): Judgement {
  const { watermark } = circumstances;
  const { warningShare } = parametersAt(act.sent, circumstances);
  const looks = [end - (end - act.sent) * warningShare, Math.max(end, overdueFrom(history, act, circumstances))];
  return { deviations: [], timers: looks.map(Math.ceil).flatMap((at) => (watermark < at ? [{ at }] : [])) };
}

/** True of a party whose silence on a kind says something (DEC-13). */
export function answersThroughHub({ answers, delivery }: Party, code: AnswerCode, at: Instant): boolean {
  const since = answers?.[code];
  if (since === undefined || localDate(at) < since) return false;
  return delivery === undefined || delivery.some(({ channel }) => channel === 'topic' || channel === 'fhir');
}

/** True of a unit of the region's open care (LUS 2:5, 4:3); a federation is one where it was told of that need (RTE-08). */
export function isOpenCare({ kind }: Pick<Party, 'kind'>, scopes?: readonly string[]): boolean {
  return kind === 'clinic' || (kind === 'federation' && (scopes?.includes('ROV') ?? true));
}

/** True of a unit of the region's open care, and its need. */
export const isOpenCareUnit = ({ party, scopes }: Addressee): boolean => isOpenCare(party, scopes);

/** True of a call to a plan by one whose it is to call (LUS 4:3). */
export function isRightCall({ says, by }: TakenWord): boolean {
  return says.kind === 'sip-called' && by !== undefined && isOpenCare(by);
}

/** True of a unit that answers for social services or municipal health care. */
export function isMunicipal({ party, scopes }: Addressee): boolean {
  return MUNICIPAL_KINDS.has(party.kind) && scopes.some((scope) => scope !== 'ROV');
}

/** What a party has said. */
export function wordsOf({ words }: History, party: string): readonly TakenWord[] {
  return words.length === 0 ? words : words.filter((word) => word.party === party);
}

/** The discharge in force of one who left for home, when that was, and a minute of grace within which an act is in time. */
export function homeward({ stay, ward }: History): { readonly discharge: Discharge; readonly at: Instant } | undefined {
  const discharge = dischargeOf(stay);
  const left = discharge && ward.discharge(discharge.statedBy);
  if (!left || !leftForHome(discharge)) return undefined;
  return { discharge, at: dutyInstant(discharge.at, left.sent) };
}

/** True of what was said by an instant; its own minute is in time, as a UTK in the minute of the discharge is (DEC-07). */
export function isSaidBy({ sent }: TakenWord, instant: Instant): boolean {
  return Math.floor(sent / MINUTE) <= Math.floor(instant / MINUTE);
}

/** True when the patient was transferred: the case goes on elsewhere (DEC-08). */
export function isSentOn({ stay }: History): boolean {
  return dischargeOf(stay)?.leaving === 'transfer';
}
