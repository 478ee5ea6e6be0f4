import type { Communication, Parameters } from 'fhir/r4.js';
import type { Caller } from '#libs/county';
import {
  EXTENSION,
  explanationOf,
  OPERATOR_VIEW,
  ownExplanation,
  SENDER_VIEW,
  writeExplanation,
  type Explanation,
} from '#libs/fhir';
import { fault, type Clock, type Fault } from '#libs/platform';
import { composed } from '../view/row.ts';
import { placeOf } from './access.ts';
import type { ViewReader } from './view-reader.ts';

/** `GET /fhir/Communication/<id>/$explain[?party=X]`. */
interface ExplainQuestion {
  readonly id: string;
  /** A party that did not get it: why not. */
  readonly asked: string | undefined;
  readonly caller: Caller;
  /** The header `x-reason`: in the URL a reason would end up in logs. Asked of the operator alone. */
  readonly reason: string | undefined;
}

const PARTY_ID = /^[A-Za-z0-9-]{1,60}$/;
const LONGEST_REASON = 300;
/** Of an answer that says only that this is, or is not, the right recipient (rules 12.2). */
const NO_GROUND = 'ingen behövs';

/**
 * Why a notice was told, and why another did not get it, as far as the caller may know (rules 12.5): a party has what stood in
 * its own notice, a sender what its wards stated and whom the hub chose, the operator all of it, for a reason that is kept
 * before anything is shown. A notice that is not the caller's is not there, whatever is asked of it.
 * @returns FHIR, or the fault; errors: the database's
 */
export async function explain(
  { id, asked, caller, reason = '' }: ExplainQuestion,
  { reader, clock }: { readonly reader: ViewReader; readonly clock: Clock },
): Promise<Parameters | Fault> {
  if (asked !== undefined && !PARTY_ID.test(asked)) return fault('bad-parameter', 'party');
  const place = placeOf(caller, 'Communication');
  const seesAll = place.view === 'hub' && place.audience === undefined;
  const why = reason.trim();
  if (seesAll && (why === '' || why.length > LONGEST_REASON)) return fault('bad-parameter', 'x-reason');
  const [row] = await reader.read(place, 'Communication', [id]);
  const notice = row && composed(row);
  if (notice?.resourceType !== 'Communication') return fault('not-found');
  if (place.view === 'party') return writeExplanation(toldTo(notice, asked));
  const stayId = idOf(notice.encounter?.reference);
  if (seesAll) await reader.noteLook({ at: clock.now(), caller: caller.name, stayId, reason: why });
  const lines = await reader.linesOf(stayId);
  const explanation = lines && explanationOf(lines, id, seesAll ? OPERATOR_VIEW : SENDER_VIEW, asked);
  return explanation ? writeExplanation(explanation) : fault('not-found');
}

/** A party's notice, from what was delivered to it and nothing else. */
function toldTo({ category, recipient, sent, extension = [] }: Communication, asked: string | undefined): Explanation {
  const ground = extension.find(({ url }) => url === EXTENSION.disclosureBasis)?.valueCoding?.code;
  return ownExplanation(
    {
      kind: category?.[0]?.coding?.[0]?.code ?? '',
      recipient: idOf(recipient?.[0]?.reference),
      ground: ground ?? NO_GROUND,
      sent: Date.parse(sent ?? ''),
      needs: extension.flatMap(({ url, valueCode }) =>
        url === EXTENSION.recipientNeed && valueCode ? [valueCode] : [],
      ),
    },
    asked,
  );
}

function idOf(reference: string | undefined): string {
  return reference?.split('/')[1] ?? '';
}
