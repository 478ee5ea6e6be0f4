import { HOUR, type Instant, MINUTE, onDay, SECOND } from '../county/county-time.ts';
import { type HospitalId, HOSPITALS } from '../county/hospitals.ts';
import { type Home, HOMES, type Person, PROTECTED, REGISTERED, UNKNOWN_HOMES } from '../county/people.ts';
import { Random } from '../county/random.ts';
import type { Code } from '../county/truth.ts';
import { type Sending, WardStay } from '../county/ward-stay.ts';
import { consent, need, ready } from '../messages/ward-message.ts';

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
interface DemoScript {
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

const [, second, third, fourth] = REGISTERED;
const homeOf = (party: string) => {
  const home = HOMES.find((one) => one.party === party);
  if (!home) throw new Error(`no home in ${party}`);
  return home;
};

/** A handful of stays, each for one thing that the hub does; their times are such that what is flagged is flagged now. */
export const DEMO_STAYS: readonly DemoScript[] = [
  {
    title: 'Behov av hemtjänst och öppen vård: var och en får veta sitt, och när utskrivningen flyttas',
    hospital: 'KS',
    write({ stay, now, sent, says }) {
      stay.expect(3);
      const first = stay.admit({ sent: sent(), need: ['SOC', 'ROV'], consent: 'Y' });
      says('Inskriven. Behov: socialtjänst och regionens öppna vård. Samtycke: ja', 'A01', first);
      stay.expect(5);
      says('Beräknad utskrivning flyttas två dagar', 'A08', stay.update(now, { sent: sent() }));
      says('Inskrivningen en gång till, samma meddelande', 'A01', first);
    },
  },
  {
    title: 'Hela vägen: utskrivningsklar och utskriven med information',
    hospital: 'KS',
    ...(second && { person: second }),
    home: homeOf('0180-jarva'),
    clinic: 'SE5560000001-2002',
    write({ stay, now, sent, says }) {
      const units = stay.units(['KHSL']);
      stay.admitted = now - 20 * HOUR;
      stay.expect(0);
      says(
        'Inskriven för 20 timmar sedan. Behov: kommunal hälso- och sjukvård. Samtycke: ja',
        'A01',
        stay.admit({ sent: sent(), need: ['KHSL'], consent: 'Y' }),
      );
      says('Utskrivningsklar', 'A08', stay.update(now, { sent: sent(), facts: [ready('Y')] }));
      const home = stay.discharge(now, { sent: sent(), discharged: now - 5 * MINUTE, informs: units });
      says('Utskriven till hemmet, med information till båda', 'A03', home);
    },
  },
  {
    title: 'De flesta: inget behov, och då får ingen utanför sjukhuset veta något',
    hospital: 'KS',
    write({ stay, sent, says }) {
      says('Inskriven. Behov: inget', 'A01', stay.admit({ sent: sent(), need: [] }));
    },
  },
  {
    title: 'Inskrivningsmeddelandet kom först efter 30 timmar',
    hospital: 'KS',
    ...(third && { person: third }),
    home: homeOf('0180-sodermalm'),
    flags: ['INS-03'],
    write({ stay, now, sent, says }) {
      stay.admitted = now - 30 * HOUR;
      stay.expect(2);
      const late = stay.admit({ sent: sent(), need: ['SOC'], consent: 'Y' });
      says('Inskriven för 30 timmar sedan. Behov: socialtjänst', 'A01', late);
    },
  },
  {
    title: 'Beräknad utskrivning saknas',
    hospital: 'PS',
    ...(fourth && { person: fourth }),
    home: homeOf('0183'),
    flags: ['INS-05'],
    write({ stay, sent, says }) {
      const lacking = stay.admit({ sent: sent(), need: ['ROV'], consent: 'Y' });
      says('Inskriven. Behov: regionens öppna vård. Ingen beräknad utskrivning', 'A01', lacking);
    },
  },
  {
    title: 'Utskriven i går, och informationen vid utskrivning kom aldrig',
    hospital: 'KS',
    home: homeOf('0182'),
    flags: ['UTS-01'],
    write({ stay, now, sent, says }) {
      const discharged = onDay(now, -1, 23.5);
      const assessed = Math.max(discharged - 2 * HOUR, now - 23 * HOUR);
      stay.admitted = now - 3 * 24 * HOUR;
      stay.expect(-1);
      const facts = [need(['SOC'], { at: assessed }), consent('Y')];
      says(
        'Inskriven för tre dagar sedan. Behov av socialtjänst, bedömt i går',
        'A01',
        stay.admit({ sent: sent(), facts }),
      );
      // Ready by then: what is flagged is the information alone.
      const left = [ready('Y', { at: now - 2 * MINUTE })];
      says('Utskriven till hemmet sent i går', 'A03', stay.discharge(now, { sent: sent(), discharged, facts: left }));
    },
  },
  {
    title: 'Samtycke nekat: inskrivningen får sägas, resten inte',
    hospital: 'KS',
    ...(second && { person: second }),
    home: homeOf('0126'),
    write({ stay, now, sent, says }) {
      stay.expect(1);
      says(
        'Inskriven. Behov: socialtjänst. Samtycke: nej',
        'A01',
        stay.admit({ sent: sent(), need: ['SOC'], consent: 'N' }),
      );
      says('Utskrivningsklar', 'A08', stay.update(now, { sent: sent(), facts: [ready('Y')] }));
    },
  },
  {
    title: 'Makulerad: det som har sagts tas tillbaka av den som fick det',
    hospital: 'DS',
    ...(third && { person: third }),
    home: homeOf('0160'),
    clinic: 'SE2321000016-2001',
    write({ stay, now, sent, says }) {
      stay.expect(4);
      says('Inskriven. Avtalet: varje inskrivning är ett behov', 'A01', stay.admit({ sent: sent(), consent: 'Y' }));
      says('Inskrivningen makuleras', 'A11', stay.send('A11', now, { sent: sent(), occurred: stay.admitted }));
    },
  },
  {
    title: 'Adress i ett annat län: ingen regel vet mottagaren, så en människa får välja',
    hospital: 'KS',
    ...(UNKNOWN_HOMES[0] && { home: UNKNOWN_HOMES[0] }),
    write({ stay, sent, says }) {
      stay.expect(2);
      const unknown = stay.admit({ sent: sent(), need: ['SOC'], consent: 'Y' });
      says('Inskriven. Behov: socialtjänst. Folkbokförd i Göteborg', 'A01', unknown);
    },
  },
  {
    title: 'Skyddade personuppgifter: inget sänds av en regel',
    hospital: 'KS',
    ...(PROTECTED[0] && { person: PROTECTED[0] }),
    write({ stay, sent, says }) {
      stay.protection = 'SEKR';
      stay.expect(2);
      const hidden = stay.admit({ sent: sent(), need: ['SOC', 'ROV'], consent: 'Y' });
      says('Inskriven. Behov: socialtjänst och öppen vård. Sekretessmarkering', 'A01', hidden);
    },
  },
];
