import { HOSPITALS, type HospitalId } from '../county/hospitals.ts';
import { SECOND, type Instant } from '../county/county-time.ts';
import { HOMES, REGISTERED, type Home, type Person } from '../county/people.ts';
import { Random } from '../county/random.ts';
import type { Code } from '../county/truth.ts';
import { WardStay, type Sending } from '../county/ward-stay.ts';

/** One message of the demonstration, and what it says in words. */
export interface DemoMessage {
  readonly what: string;
  readonly trigger: string;
  readonly sent: Instant;
  readonly sending: Sending;
}

/** A stay that is shown: what it shows, its messages, and what must be flagged at once. */
export interface DemoStay {
  readonly title: string;
  readonly visit: string;
  readonly messages: readonly DemoMessage[];
  readonly flags: readonly Code[];
}

/** What makes a stay of the demonstration; `write` speaks as the ward, `says` names each message. */
export interface DemoScript {
  readonly title: string;
  readonly hospital: HospitalId;
  readonly person?: Person;
  readonly home?: Home;
  readonly clinic?: string;
  readonly flags?: readonly Code[];
  readonly write: (ward: DemoWard) => void;
}

/** The ward of a demonstration: all that it sends is sent now, one message a few seconds after the other. */
export interface DemoWard {
  readonly stay: WardStay;
  readonly now: Instant;
  /** MSH-7 of the next message. */
  readonly sent: () => Instant;
  readonly says: (what: string, trigger: string, sending: Sending) => void;
}

const BETWEEN = 5 * SECOND;
/** Before now, as a sent time after the intake would not be believed. */
const HEAD_START = 60 * SECOND;

/** Writes the messages of a script, with times that are right now. @param visit new for every demonstration */
export function demoStay(script: DemoScript, visit: string, now: Instant): DemoStay {
  const [person, home] = [REGISTERED[0], HOMES[0]];
  if (!person || !home) throw new Error('a county has people');
  const stay = new WardStay({
    random: new Random(visit),
    visit,
    hospital: HOSPITALS[script.hospital],
    start: now,
    person: script.person ?? person,
    persons: REGISTERED,
    home: script.home ?? home,
    clinic: script.clinic ?? 'SE2321000016-2001',
  });
  const messages: DemoMessage[] = [];
  const sent = (): Instant => now - HEAD_START + messages.length * BETWEEN;
  script.write({
    stay,
    now,
    sent,
    says: (what, trigger, sending) => messages.push({ what, trigger, sent: sent(), sending }),
  });
  return { title: script.title, visit, messages, flags: script.flags ?? [] };
}
