import {
  type Charset,
  consent as consentFact,
  type FactLine,
  info,
  need as needFact,
  type Scope,
  type Trigger,
  type WardMessage,
} from '../messages/ward-message.ts';
import { writeAdt } from '../messages/write-adt.ts';
import { HOUR, hl7Day, MINUTE, onDay, SECOND, type Instant } from './county-time.ts';
import { HOSPITALS, type Hospital, type HospitalId } from './hospitals.ts';
import { REGION_CLINICS, type Home, type Person } from './people.ts';
import type { Random } from './random.ts';
import { TruthDraft, type Information, type Look } from './truth.ts';

/** One arrival of one message at the hub. */
export interface Sending {
  readonly arrives: Instant;
  readonly sender: HospitalId;
  readonly bytes: Buffer;
}

/** One message as the ward wrote it. */
export interface LogEntry {
  readonly trigger: Trigger;
  readonly sent: Instant;
  readonly arrives: Instant;
  readonly admitted: Instant;
  readonly discharged: Instant | undefined;
  readonly leaving: string | undefined;
  readonly dead: boolean | undefined;
  readonly expected: string | undefined;
  readonly facts: readonly FactLine[];
}

/** A party that a need concerns. */
export interface Unit {
  readonly party: string;
  /** The scopes of the information that is for it. */
  readonly scopes: readonly Scope[];
  /** Told more than the lawful items without anybody stating a ground: region to region. */
  readonly isSameRegion: boolean;
}

/** Who lies where, before anything is said of the stay. */
export interface Bed {
  readonly random: Random;
  readonly visit: string;
  readonly hospital: Hospital;
  /** When the first message arrives if nothing else is said. All arrivals stand on half hours. */
  readonly start: Instant;
  readonly person: Person;
  /** Who else lives in the county, registered and never protected; it may be the patient too. */
  readonly persons: readonly Person[];
  readonly home: Home | undefined;
  readonly clinic: string | undefined;
  /** HSA-id; the hospital's first ward unless said. */
  readonly ward?: string;
}

type Said = Partial<Omit<WardMessage, 'hospital' | 'ward' | 'visit' | 'controlId' | 'trigger' | 'facts'>> & {
  readonly facts?: readonly FactLine[];
};

/**
 * One stay as its ward lives it: the messages that it writes, when each arrives, and what must come of it. Scenarios speak
 * to this. What a message says of person, address and expected discharge is what the ward believes at that time.
 */
export class WardStay {
  readonly random: Random;
  readonly hospital: Hospital;
  readonly ward: string;
  readonly visit: string;
  readonly start: Instant;
  readonly truth = new TruthDraft();
  readonly sendings: Sending[] = [];
  /** What must be seen on the way. */
  readonly looks: Look[] = [];
  /** What the ward wrote, each message once. */
  readonly log: LogEntry[] = [];
  /** It began before the sender was connected: nothing is laid on the ward. */
  isUnjudged = false;
  /** It goes on in open compulsory care: no word of readiness is asked for. */
  isReadyByDecision = false;
  /** The stay that this one goes on with: whoever was told then is told on. */
  goesOnWith: WardStay | undefined;
  /** The stays that go on with this one elsewhere, in the order of their making. */
  readonly sentOnTo: WardStay[] = [];
  person: Person;
  home: Home | undefined;
  clinic: string | undefined;
  admitted: Instant;
  admissionGiven: WardMessage['admissionGiven'];
  expected: string | undefined;
  protection: WardMessage['protection'];
  class: WardMessage['class'] = 'I';
  withName = true;
  familyName: string | undefined;
  readonly #persons: readonly Person[];
  readonly #charset: Charset;

  constructor({ random, visit, hospital, ward, start, person, persons, home, clinic }: Bed) {
    this.random = random;
    this.visit = visit;
    this.hospital = hospital;
    this.ward = ward ?? hospital.wards[0];
    this.start = start;
    this.person = person;
    this.#persons = persons;
    this.home = home;
    this.clinic = clinic;
    this.admitted = start - random.int(10, 50) * MINUTE;
    this.#charset = hospital.sender === 'KS' && random.chance(0.3) ? '8859/1' : 'UNICODE UTF-8';
  }

  /** Another stay of the same person as it is known here, at another ward: of another hospital, or of the same. */
  goesOn(hospital: HospitalId, start: Instant): WardStay {
    const [first, second] = HOSPITALS[hospital].wards;
    const next = this.#next(hospital, this.ward === first ? second : first, start);
    next.goesOnWith = this;
    return next;
  }

  /** Another stay of the same person at this very ward. */
  comesBack(start: Instant): WardStay {
    return this.#next(this.hospital.sender, this.ward, start);
  }

  #next(hospital: HospitalId, ward: string, start: Instant): WardStay {
    const { random, person, home, clinic } = this;
    const persons = this.#persons;
    const visit = `${this.visit}-${this.sentOnTo.length + 2}`;
    const bed = { random, visit, hospital: HOSPITALS[hospital], ward, start, person, persons, home, clinic };
    const next = new WardStay(bed);
    this.sentOnTo.push(next);
    return next;
  }

  /** Somebody of the county who is not the patient of now. */
  somebodyElse(): Person {
    return this.random.pick(this.#persons.filter(({ number }) => number !== this.person.number));
  }

  /** So many hours after the start; half hours only, so that it can be an arrival. */
  hours(hours: number): Instant {
    return this.start + Math.round(hours * 2) * (HOUR / 2);
  }

  /** A wall clock some local days after the day of the start. */
  day(days: number, hour: number): Instant {
    return onDay(this.start, days, hour);
  }

  /** What the ward gives as expected discharge from now on: a day, or (an hour given) a minute of it. */
  expect(days: number, hour?: number): void {
    const day = hl7Day(this.day(days, 12));
    this.expected = hour === undefined ? day : `${day}${`${hour}`.padStart(2, '0')}00`;
  }

  /** Who a need concerns, as the county is: the municipality or board, and the listed clinic. */
  units(need: readonly Scope[]): Unit[] {
    const units: Unit[] = [];
    const municipal = need.filter((scope) => scope !== 'ROV');
    if (municipal.length > 0 && this.home?.party !== undefined) {
      units.push({ party: this.home.party, scopes: municipal, isSameRegion: false });
    }
    if (need.some((scope) => scope !== 'SOC') && this.clinic !== undefined) {
      const isSameRegion = this.hospital.isRegion && REGION_CLINICS.includes(this.clinic);
      units.push({ party: this.clinic, scopes: ['ROV'], isSameRegion });
    }
    return units;
  }

  /** The parties that have an admission notice that stands, of this stay or of one that it goes on with. */
  get told(): string[] {
    const own = [...this.truth.notices].flatMap(([party, { INS = 0 }]) => (INS > 0 ? [party] : []));
    return [...new Set([...own, ...(this.goesOnWith?.told ?? [])])];
  }

  /** A moment at which a message that arrives then was sent: a little before, as networks go. */
  sentBefore(arrives: Instant): Instant {
    return arrives - this.random.int(5, 540) * SECOND;
  }

  /** The admission (A01), with a need and an answer about consent where they are given. */
  admit(said: Said & { need?: readonly Scope[]; consent?: 'Y' | 'N'; arrives?: Instant } = {}): Sending {
    const { need, consent, arrives = this.start, facts = [], ...rest } = said;
    const stated = [...(need ? [needFact(need)] : []), ...(consent ? [consentFact(consent)] : []), ...facts];
    return this.send('A01', arrives, { occurred: this.admitted, ...rest, facts: stated });
  }

  /** News of the stay (A08). */
  update(arrives: Instant, said: Said = {}): Sending {
    return this.send('A08', arrives, said);
  }

  /** The discharge (A03), half an hour before its message arrives, with information for the units given. */
  discharge(arrives: Instant, said: Said & { informs?: readonly Unit[] } = {}): Sending {
    const { informs = [], facts = [], ...rest } = said;
    const discharged = rest.discharged ?? arrives - 30 * MINUTE;
    const told = informs.map(({ scopes }) => info(scopes));
    return this.send('A03', arrives, {
      occurred: discharged,
      leaving: '01',
      ...rest,
      discharged,
      facts: [...facts, ...told],
    });
  }

  /**
   * The admission never was (A11), or the discharge never was (A13, `ofDischarge` given). Systems differ in what they write
   * as its time: that of what is cancelled, one near it, or nothing. It means the same.
   */
  cancel(arrives: Instant, ofDischarge?: Instant): Sending {
    const cancelled = ofDischarge ?? this.admitted;
    const occurred = this.random.pick([cancelled, cancelled - 20 * MINUTE, undefined]);
    return this.send(ofDischarge === undefined ? 'A11' : 'A13', arrives, occurred === undefined ? {} : { occurred });
  }

  /** The very same bytes once more. */
  again(sending: Sending, arrives: Instant): void {
    this.sendings.push({ ...sending, arrives });
  }

  /**
   * Two numbers turn out to be one person's (A40), who is called `person` from now on. The message says nothing else of the
   * person: others' stays of that one are as they were.
   */
  mergeInto(person: Person, arrives: Instant): Sending {
    const [mergedWith, { home, clinic }] = [this.person, this];
    this.person = person;
    [this.home, this.clinic] = [undefined, undefined];
    const sending = this.send('A40', arrives, { mergedWith, withName: false });
    [this.home, this.clinic] = [home, clinic];
    return sending;
  }

  /** Writes a message and lets it arrive. What is not said is what the ward believes; `sent` is a little before. */
  send(trigger: Trigger, arrives: Instant, said: Said = {}): Sending {
    const believed = {
      ...(this.home && { home: this.home }),
      ...(this.clinic !== undefined && { clinic: this.clinic }),
      ...(this.expected !== undefined && { expected: this.expected }),
      ...(this.protection !== undefined && { protection: this.protection }),
      ...(this.admissionGiven !== undefined && { admissionGiven: this.admissionGiven }),
      ...(this.familyName !== undefined && { familyName: this.familyName }),
    };
    const sent = said.sent ?? this.sentBefore(arrives);
    this.log.push(logged(trigger, arrives, sent, { ...believed, admitted: this.admitted, ...said }));
    const bytes = writeAdt({
      hospital: this.hospital,
      ward: this.ward,
      visit: this.visit,
      controlId: `${this.visit}-${this.sendings.length + 1}`,
      trigger,
      person: this.person,
      withName: this.withName,
      class: this.class,
      admitted: this.admitted,
      charset: this.#charset,
      ...believed,
      ...said,
      sent,
      facts: said.facts ?? [],
    });
    this.truth.information.push(informationIn(said.facts ?? []));
    const sending: Sending = { arrives, sender: this.hospital.sender, bytes };
    this.sendings.push(sending);
    return sending;
  }
}

/** What of a message the end of the stay is told by. */
function logged(trigger: Trigger, arrives: Instant, sent: Instant, said: Said): LogEntry {
  const { admitted = sent, discharged, leaving, dead, expected, facts = [] } = said;
  return { trigger, arrives, sent, admitted, discharged, leaving, dead, expected, facts };
}

/** What a message states and does not take back; without a scope it is for the region's open care. */
function informationIn(facts: readonly FactLine[]): Information[] {
  return facts.flatMap(({ code, scopes = [], status = 'F', value }) =>
    code === 'INFO' && 'FC'.includes(status)
      ? [{ scopes: scopes.length === 0 ? ['ROV'] : scopes, text: value.join('') }]
      : [],
  );
}
