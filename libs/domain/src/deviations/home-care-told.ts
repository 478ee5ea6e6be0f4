import type { History } from '../acts/history.ts';
import { ofCode } from '../stay/facts.ts';
import { MINUTE, type Instant } from '../time/time.ts';
import {
  closedWithDischarge,
  deviationOf,
  firstRow,
  isConcern,
  NOTHING,
  oncePassed,
  parametersAt,
  type Circumstances,
  type DeviationDefinition,
} from './definition.ts';
import { answersThroughHub, holdings, homeward, isMunicipal } from './recipients.ts';

/**
 * Left for home with home care, and its provider was not told before (rules 12.2): the municipality's, who had been told of the
 * discharge and whose provider it is; else the ward's. A call that was written down counts as told.
 *
 * Only of a municipality or board that adds its providers through the hub: of any other, somebody may have rung, and that the hub
 * told nobody shows nothing (DEC-13).
 */
export const UTS_04: DeviationDefinition = {
  code: 'UTS-04',
  rows: firstRow('UTS-04', 'Hemtjänst ej informerad', 4, 'Regional rutin', 'rules 6.2, 12.2; DEC-13'),
  party: 'recipient',
  judge: (history, circumstances) => {
    const home = homeward(history);
    if (!home || !isConcern(history)) return NOTHING;
    const { discharge, at } = home;
    const known = ofCode(history.stay.concerns, 'HOMECARE').findLast((fact) => fact.at <= discharge.at.end);
    if (!known || known.values.length === 0 || isToldBefore(history, at)) return NOTHING;
    const inscribed = holdings(history, circumstances, 'INS').find(
      ({ unit, act }) => isMunicipal(unit) && answersThroughHub(unit.party, 'RECIPIENT', act.sent),
    );
    if (!inscribed) return NOTHING;
    const { id } = inscribed.unit.party;
    const isOurs = wasToldOfDischarge(history, circumstances, id, at);
    const details = {
      ...{ occasion: String(discharge.n), due: at, units: [id] },
      evidence: [known.statedBy, discharge.statedBy],
      // Told with the discharge itself: as little time as a recipient can have (DEC-13).
      ...(isOurs && { party: id, severity: 1 as const }),
    };
    return oncePassed(at, circumstances, parametersAt(at, circumstances), () =>
      deviationOf(UTS_04, history, at, details),
    );
  },
  closing: (_closed, { stay }) => closedWithDischarge(stay),
};

const isBy = (one: Instant, other: Instant): boolean => Math.floor(one / MINUTE) <= Math.floor(other / MINUTE);

/** A provider had its notice, or was rung: whoever was rung that has no INS is one. */
function isToldBefore({ acts, calls, informed }: History, left: Instant): boolean {
  const units = new Set(informed.map(({ party }) => party.id));
  return (
    acts.some(({ kind, sent }) => kind === 'HOME' && isBy(sent, left)) ||
    calls.some(({ recipient, at }) => !units.has(recipient) && isBy(at, left))
  );
}

/** True when the municipality knew of the discharge when the patient left: by its notice, or by a call. */
function wasToldOfDischarge(
  { acts, calls }: History,
  { received }: Circumstances,
  party: string,
  left: Instant,
): boolean {
  const notice = acts.find(({ kind, recipient, ended }) => kind === 'UTS' && recipient === party && !ended);
  const at = notice && received.get(notice.key);
  return (at !== undefined && isBy(at, left)) || calls.some((call) => call.recipient === party && isBy(call.at, left));
}
