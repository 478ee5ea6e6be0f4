import { DISPOSITION } from '#libs/fhir';
import type { Instant } from '#libs/domain';
import type { StatedStay } from '../stated-stays.ts';
import { statedWords } from '../time-words.ts';

/** How a stay ended or is expected to, in Swedish for its ward. */
export interface StayEnd {
  readonly name: string;
  readonly text: string;
  readonly isOver: boolean;
}

/** A stay that never was, a death and a transfer are none of them a way home: the ward is told which it was. */
export function endWords(
  stay: Pick<StatedStay, 'status' | 'isDead' | 'leaving' | 'dischargedAt' | 'expected'>,
  now: Instant,
): StayEnd {
  const { dischargedAt, expected, leaving } = stay;
  if (stay.status === 'entered-in-error') return over('Makulerat', 'vårdtillfället har aldrig ägt rum');
  const left = dischargedAt === undefined ? 'tiden är inte angiven' : statedWords(dischargedAt, now);
  if (stay.isDead) return over('Avliden', left);
  if (dischargedAt !== undefined) return over(LEFT.get(leaving) ?? 'Utskriven', left);
  return {
    name: 'Beräknas hem',
    text: expected === undefined ? 'inte angivet' : statedWords(expected, now),
    isOver: false,
  };
}

const over = (name: string, text: string): StayEnd => ({ name, text, isOver: true });

const LEFT: ReadonlyMap<string | undefined, string> = new Map([
  [DISPOSITION.transfer, 'Överförd till annan enhet'],
  [DISPOSITION['against-advice'], 'Utskriven mot läkares råd'],
]);
