import { HOUR, MINUTE, type Instant } from '../../apps/simulator/src/county/county-time.ts';
import { HOSPITALS, type HospitalId } from '../../apps/simulator/src/county/hospitals.ts';
import { HOMES, REGION_CLINICS, REGISTERED, type Home, type Person } from '../../apps/simulator/src/county/people.ts';
import type { Trigger, WardMessage } from '../../apps/simulator/src/messages/ward-message.ts';
import { writeAdt } from '../../apps/simulator/src/messages/write-adt.ts';

/** What a message says beyond what the bed says; by default it is sent a minute before it is handed over. */
export type Said = Partial<Omit<WardMessage, 'hospital' | 'visit' | 'controlId' | 'trigger'>>;

/** Who lies where. What is left out: Klarasjukhuset, Tolvan, at home in Solna (0184), listed at 2001, admitted an hour ago. */
export interface Bed {
  readonly sender?: HospitalId;
  readonly person?: Person;
  readonly home?: Home | undefined;
  readonly clinic?: string | undefined;
  /** PV2-9 of its messages unless they say otherwise; by default a day that no test comes to. */
  readonly expected?: string;
  readonly admitted: Instant;
}

export const SOLNA = '0184';
export const CLINIC = REGION_CLINICS[0]!;

/** The messages of one stay, in the default dialect. A second message with the same words is another message. */
export class Ward {
  readonly visit: string;
  readonly sender: HospitalId;
  readonly #bed: Bed;
  #written = 0;

  constructor(visit: string, bed: Bed) {
    this.visit = visit;
    this.sender = bed.sender ?? 'KS';
    this.#bed = bed;
  }

  /** @param now when it will be handed over */
  message(trigger: Trigger, now: Instant, said: Said = {}): Buffer {
    const { admitted, person = REGISTERED[0]!, expected = '20260620' } = this.#bed;
    const home = 'home' in this.#bed ? this.#bed.home : HOMES[0];
    const clinic = 'clinic' in this.#bed ? this.#bed.clinic : CLINIC;
    this.#written += 1;
    return writeAdt({
      hospital: HOSPITALS[this.sender],
      visit: this.visit,
      controlId: `${this.visit}-${this.#written}`,
      trigger,
      sent: now - MINUTE,
      person,
      ...(home && { home }),
      ...(clinic !== undefined && { clinic }),
      withName: true,
      class: 'I',
      admitted,
      ...(trigger === 'A01' && { occurred: admitted }),
      ...(trigger === 'A03' && { discharged: now - 2 * MINUTE, occurred: now - 2 * MINUTE, leaving: '01' }),
      expected,
      charset: 'UNICODE UTF-8',
      ...said,
      facts: said.facts ?? [],
    });
  }
}

/** A bed of somebody who came an hour ago. */
export const bedAt = (now: Instant, bed: Omit<Bed, 'admitted'> = {}): Bed => ({ ...bed, admitted: now - HOUR });
