import { describe, expect, it } from '@jest/globals';
import {
  DISCLOSURES,
  disclosureRow,
  endOf,
  GROUNDS,
  groundsThatCarry,
  HIDDEN_OF_PROTECTED,
  IDENTITY_TYPES,
  historyOf,
  hospitalEnd,
  judgedTime,
  localDate,
  mayHold,
  NOTICE_KINDS,
  parametersOn,
  PartyDirectory,
  statedTime,
  TAKEN_BACK,
  type Act,
  type Element,
  routingEventOf,
  type Fact,
  type FactCode,
  type Ground,
  type HomeWord,
  type IdentityType,
  type LegalForm,
  type NoticeKind,
  type Party,
  type PartyKind,
  type Protection,
  type StayEvent,
} from '#libs/domain';
import { EXTENSION, formOf, writeNoticeBundle } from '../index.ts';

/**
 * Every kind, to every class of recipient, from every legal form, on every ground, of every kind of identity, protected and not:
 * what went out, element by element, is what the table of what may be said has, no more and no less.
 *
 * Each element of the stay has a value that nothing else has, and so has everything of it that no notice may tell. A bundle is
 * read by looking for the values in its text, so that no element can hide in a place that nobody thought of.
 */
const START = Date.parse('2026-05-04T08:00:00+02:00');
const HOUR = 3_600_000;
const DAY = localDate(START);

function time(day: number, hour?: number, minute?: number) {
  const stated = statedTime({ year: 2026, month: 5, day, hour, minute });
  if (typeof stated === 'string') throw new Error('May has no change of clocks');
  return stated;
}

/** What stands in a bundle when it tells an element. */
const MARKS: Readonly<Partial<Record<Element, RegExp>>> = {
  identity: /191212121212/,
  name: /Tolvansson/,
  address: /Adressgatan/,
  'care-provider': /"care-provider-[a-z0-9-]+"/,
  'own-need': /recipient-need/,
  'expected-discharge': /2026-05-2[01]/,
  'ready-since': /2026-05-06[T ]1[13]:17/,
  'decided-at': /2026-05-05[T ]1[35]:23/,
  'discharged-at': /"period":\{"end":"2026-05-07T14:19/,
  'information-scope': /info-scope/,
  information: /Rullatorn/,
  'away-from': /away-from/,
  'home-from': /home-from/,
  'measures-unchanged': /measures-unchanged/,
  'whom-to-call': /Ringkontakten/,
};
/** What of the stay no notice tells to anybody (rules 12.4). */
const NEVER: Readonly<Record<string, RegExp>> = {
  'the ward': /SE2321000016-1001/,
  'the organisation': /SE2321000016-1000/,
  'when the stay began': /T0[57]:41/,
  'the care type': /PSY/,
  'the housing': /ORD|SABO/,
  'the home-care provider': /Hemtjänstbolaget/,
  'the birth date': /1912-12-12/,
  'the reason in the trace': /eftersom|Grund:/,
  'who judged': /SE2321000016-1X1/,
  'the masked lines': /Hemliggatan/,
};

const WARD_FORMS: readonly LegalForm[] = ['region-authority', 'private'];
const PROTECTIONS: readonly (Protection | undefined)[] = [
  undefined,
  'sekretessmarkering',
  'skyddadFolkbokforing',
  'fingeradePersonuppgifter',
  'unknown',
];

const row = (id: string, kind: PartyKind, ...legalForms: LegalForm[]): Party => ({
  ...{ id, name: `Part ${id}`, kind, legalForms, from: '2018-01-01', source: 'test' },
});
const MUNICIPALITIES: readonly Party[] = [
  row('0184', 'municipality', 'municipal-authority'),
  row('0180-jarva', 'district-board', 'municipal-authority'),
  row('SE2220000188-3001', 'federation', 'region-authority', 'municipal-authority'),
];
const CLINICS: readonly Party[] = [
  row('SE2321000016-2001', 'clinic', 'region-authority'),
  row('SE5560000001-2002', 'clinic', 'private'),
  row('SE2321000016-2003', 'clinic', 'region-authority'),
  row('SE5560000001-2004', 'clinic', 'private'),
];
const HOME_CARE = row('SE5560000004-5001', 'home-care', 'private');
const PARTIES = [...MUNICIPALITIES, ...CLINICS, HOME_CARE];
const DIRECTORY = new PartyDirectory({
  version: 'test',
  parties: [
    { ...row('0180', 'municipality', 'municipal-authority'), divided: true },
    {
      ...row('0188', 'municipality', 'municipal-authority'),
      entrusts: [{ to: 'SE2220000188-3001', scopes: ['SOC', 'KHSL'] }],
    },
    ...PARTIES,
  ],
});

interface Case {
  readonly municipality: Party;
  readonly clinic: Party;
  readonly from: LegalForm;
  readonly ground: Ground | 'none' | 'refused';
  readonly identity: IdentityType;
  /** What the municipality lets the provider that it has added know; without it the ward does, with consent. */
  readonly home?: HomeWord;
}

/** A stay of everything that a ward can state, and then its protection. */
function eventsOf({ municipality, clinic, from, ground, identity, home }: Case): StayEvent[] {
  const facts: Fact[] = [];
  const state = (code: FactCode, ...values: string[]): void => {
    facts.push({ code, values, scopes: [], status: 'F', at: START, stated: 'a', judgedBy: 'SE2321000016-1X1' });
  };
  state('NEED', 'SOC', 'KHSL', 'ROV');
  state('CARETYPE', 'PSY');
  state('HOUSING', 'SABO');
  state('CONTACT', 'SE2321000016-2003');
  state('REHAB', 'SE5560000001-2004');
  state('HOMECARE', 'Hemtjänstbolaget');
  if (ground === 'refused') state('CONSENT', 'N');
  else if (ground === 'CONSENT') state('CONSENT', 'Y');
  else if (ground !== 'none') state('BASIS', ground);
  const first: StayEvent = {
    ...{ eventId: 'e1', inboundId: 'e1', ordinal: 0, revision: 1, intakeStamp: 1, stayId: 'stay', patientId: 'p' },
    ...{ sender: 'KS', trigger: 'A01', course: 'admit', at: START, sentAt: START, intakeAt: START, findings: [] },
    terms: {
      organisation: 'SE2321000016-1000',
      careProvider: 'Vårdgivaren',
      legalForm: from,
      ins: 'auto',
      impliedNeed: [],
      info: 'here',
      clock: 'trusted',
      connectedFrom: '2018-01-01',
    },
    patient: {
      identities: [{ type: identity, system: 'urn:test', value: '191212121212' }],
      name: { family: 'Tolvansson', given: ['Tolvan'] },
      birthDate: '1912-12-12',
      address: {
        lines: ['Adressgatan 1'],
        municipality: municipality.kind === 'federation' ? '0188' : municipality.id.slice(0, 4),
        ...(municipality.kind === 'district-board' && { district: municipality.id.slice(5) }),
      },
      listedClinic: clinic.id,
    },
    encounter: { class: 'IMP', ward: 'SE2321000016-1001', start: time(4, 7, 41), expectedDischarge: time(20) },
    facts,
  };
  const later = (n: number, hours: number, more: Partial<StayEvent>): StayEvent => {
    const at = START + hours * HOUR;
    const id = `e${n}`;
    const when = { at, sentAt: at, intakeAt: at, intakeStamp: n };
    return { ...first, ...when, eventId: id, inboundId: id, course: 'update', facts: [], ...more };
  };
  const said = (code: FactCode, value: string, at: number, scopes: Fact['scopes'] = []): Fact => ({
    ...{ code, values: [value], scopes, status: 'F', at, stated: String(at) },
  });
  const ready = time(6, 13, 17).start;
  const decided = time(5, 15, 23).start;
  const grounds = ground === 'none' || ground === 'refused' ? [] : [ground];
  const adding = routingEventOf({
    ...{ eventId: 'added', inboundId: 'added', ordinal: 0, revision: 1, intakeStamp: 1, stayId: 'stay' },
    ...{ intakeAt: START + 80 * HOUR, sentAt: START + 80 * HOUR, party: municipality.id, grounds },
    says: { kind: 'recipient-added', recipient: HOME_CARE.id, ...(home && { home }) },
  });
  const after = adding ? [adding] : [];
  return [
    first,
    later(2, 12, { encounter: { class: 'IMP', expectedDischarge: time(21) } }),
    later(3, 34, { facts: [said('OPTDECISION', 'Y', decided)] }),
    // Voluntary care in the end: so that the stay has a notice of readiness, and of the decision too.
    later(4, 54, { facts: [said('COMPULSORY', 'N', ready), said('READY', 'Y', ready)] }),
    later(5, 79, {
      course: 'discharge',
      encounter: { class: 'IMP', end: time(7, 14, 19) },
      facts: (['SOC', 'KHSL', 'ROV'] as const).map((scope) => said('INFO', 'Rullatorn', START + 78 * HOUR, [scope])),
    }),
    // After the discharge: then the notice of home care has all its elements at once.
    ...after,
  ];
}

const RULES = {
  directory: DIRECTORY,
  parameters: (date: string) => parametersOn(date),
  judge: (event: StayEvent) => judgedTime(event, parametersOn(DAY)),
};

function bundleText(act: Act, withdrawn?: Protection | 'unlabelled'): string {
  const id = (nth: number) => `00000000-0000-8000-8000-00000000000${nth}`;
  const bundle = writeNoticeBundle({
    ...{ deliveryId: id(1), actId: id(2), stayId: id(3), patientIdForParty: id(4), replyAddress: id(5) },
    recipient: { id: act.recipient, name: `Part ${act.recipient}` },
    act,
    timestamp: act.at,
    ...(withdrawn !== undefined && {
      withdrawal: { ofIds: [id(6)], sent: act.at, ...(withdrawn !== 'unlabelled' && { protection: withdrawn }) },
    }),
  });
  return JSON.stringify(bundle);
}

const found = (text: string): Element[] =>
  (Object.keys(MARKS) as Element[]).filter((element) => MARKS[element]?.test(text)).sort();
/** What stands in a bundle that may not; the registered address itself names a municipality, where it may be told. */
function forbidden(text: string, { recipient }: Act): string[] {
  const beside = JSON.stringify(JSON.parse(text), (key, value: unknown) => (key === 'address' ? undefined : value));
  return [
    ...Object.keys(NEVER).filter((what) => NEVER[what]?.test(text)),
    ...PARTIES.filter(({ id }) => id !== recipient && beside.includes(id)).map(({ id }) => id),
  ];
}

const HOME_WORD: HomeWord = { awayFrom: time(4), homeFrom: time(7, 16), unchanged: 'no', call: 'Ringkontakten' };
const OF_WARDS: readonly Case[] = MUNICIPALITIES.flatMap((municipality, nth) =>
  WARD_FORMS.flatMap((from) =>
    [...GROUNDS, 'none' as const, 'refused' as const].flatMap((ground) =>
      IDENTITY_TYPES.map((identity): Case => ({
        ...{ municipality, from, ground, identity },
        clinic: CLINICS[nth % 2] ?? municipality,
      })),
    ),
  ),
);

/** Some of them again, with a municipality that says itself what its provider may know. */
const CASES: readonly Case[] = [
  ...OF_WARDS,
  ...OF_WARDS.flatMap((one): Case[] => (one.identity === 'personnummer' ? [{ ...one, home: HOME_WORD }] : [])),
];

/** Who says a notice: the municipality where it is its own word. */
const sayerOf = ({ from, municipality, home }: Case, kind: NoticeKind) =>
  home && kind === 'HOME' ? endOf(municipality) : hospitalEnd(from);

/** The elements that the table has for an act, of one who is not protected. */
function elementsByTable(one: Case, { kind, recipient }: Act): Element[] {
  const party = DIRECTORY.party(recipient, DAY);
  if (!party) throw new Error(`no party ${recipient}`);
  const found = disclosureRow({ kind, from: sayerOf(one, kind), to: endOf(party), date: DAY });
  return [...(found?.elements ?? [])].sort();
}

describe('what goes out', () => {
  const told = CASES.map((one) => ({ one, acts: historyOf({ ...RULES, events: eventsOf(one) }).acts }));

  it('is each element of the table and nothing else, for every kind, recipient, ground and identity', () => {
    const wrong: unknown[] = [];
    for (const { one, acts } of told) {
      for (const act of acts) {
        const text = bundleText(act);
        const [got, expected] = [found(text), elementsByTable(one, act)];
        const said = one.home && act.kind === 'HOME' ? [one.municipality.id] : [];
        const leaks = forbidden(text, act).filter((leak) => !said.includes(leak));
        if (got.join() !== expected.join() || leaks.length > 0)
          wrong.push({ kind: act.kind, recipient: act.recipient, ...one, got, expected, leaks });
      }
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    // The test would see nothing if nothing went out.
    expect(new Set(told.flatMap(({ acts }) => acts.map(({ kind }) => kind)))).toEqual(new Set(NOTICE_KINDS));
  });

  it('goes to each recipient exactly when the table has a ground of those stated', () => {
    const wrong: unknown[] = [];
    for (const { one, acts } of told) {
      const informed = acts.filter(({ kind }) => kind === 'INS').map(({ recipient }) => recipient);
      const parties = new Set([...informed, HOME_CARE.id]);
      for (const recipient of parties) {
        for (const kind of NOTICE_KINDS) {
          const party = DIRECTORY.party(recipient, DAY);
          if (!party) throw new Error(`no party ${recipient}`);
          const carrying = groundsThatCarry({ kind, from: sayerOf(one, kind), to: endOf(party), date: DAY });
          const may = carrying.some((ground) => ['LUS_2KAP', 'SAME_REGION', 'LPT_7A', one.ground].includes(ground));
          const went = acts.some((act) => act.kind === kind && act.recipient === recipient);
          if (may !== went) wrong.push({ kind, recipient, ...one, may, went });
        }
      }
    }
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  it('is nothing by rule once the person is protected, and every withdrawal is labelled and shows whose it was alone', () => {
    for (const protection of PROTECTIONS) {
      const [one] = CASES;
      if (!one) throw new Error('no case');
      const from = protection && { protection: { label: protection, since: START + 60 * HOUR } };
      const { acts } = historyOf({ ...RULES, events: eventsOf({ ...one, ground: 'CONSENT' }), ...from });
      expect([protection, acts.some(({ kind }) => kind === 'UTS')]).toEqual([protection, protection === undefined]);
      for (const act of acts) {
        const text = bundleText(act, protection ?? 'unlabelled');
        expect(found(text)).toEqual([...TAKEN_BACK].sort());
        expect(forbidden(text, act)).toEqual([]);
        const resources = [...text.matchAll(/"resourceType"/g)].length;
        expect([...text.matchAll(/"security":/g)]).toHaveLength(protection ? resources : 0);
      }
    }
  });

  it('of a protected person, released by hand, has the label on every resource and hides what the table hides', () => {
    const [{ one, acts } = { one: undefined, acts: [] }] = told;
    for (const act of acts) {
      if (!one) throw new Error('no case');
      const { address, ...person } = act.content.person;
      const shielded: Act = { ...act, content: { ...act.content, person: { ...person, protection: 'unknown' } } };
      const text = bundleText(shielded);
      const shown = elementsByTable(one, act).filter((element) => !HIDDEN_OF_PROTECTED.has(element));
      expect([act.kind, found(text)]).toEqual([act.kind, shown]);
      expect([...text.matchAll(/"security":/g)]).toHaveLength([...text.matchAll(/"resourceType"/g)].length);
      // Even a content that still had the address does not show it.
      expect(
        bundleText({
          ...shielded,
          content: { ...shielded.content, person: { ...shielded.content.person, address } },
        }),
      ).not.toMatch(/Adressgatan/);
    }
  });
});

/** Where in FHIR an element stands, as the forms of the kinds declare it for the profiles. */
const DECLARED: Readonly<Partial<Record<Element, (kind: NoticeKind) => boolean>>> = {
  'away-from': (kind) => declares(kind, 'communication', EXTENSION.awayFrom),
  'home-from': (kind) => declares(kind, 'communication', EXTENSION.homeFrom),
  'measures-unchanged': (kind) => declares(kind, 'communication', EXTENSION.measuresUnchanged),
  'whom-to-call': (kind) => declares(kind, 'communication', EXTENSION.whomToCall),
  'own-need': (kind) => declares(kind, 'communication', EXTENSION.recipientNeed),
  'ready-since': (kind) => declares(kind, 'communication', EXTENSION.readySince),
  'decided-at': (kind) => declares(kind, 'communication', EXTENSION.decidedAt),
  'information-scope': (kind) => declares(kind, 'communication', EXTENSION.infoScope),
  'expected-discharge': (kind) => declares(kind, 'encounter', EXTENSION.plannedEndDate),
  'discharged-at': (kind) => formOf(kind).allows.end === true,
};

function declares(kind: NoticeKind, part: 'communication' | 'encounter', url: string): boolean {
  return formOf(kind).allows[part]?.some((one) => one.url === url) ?? false;
}

describe('the profiles', () => {
  it.each(NOTICE_KINDS)('of %s let through the elements of its row, and forbid all others', (kind) => {
    for (const [element, declared] of Object.entries(DECLARED)) {
      expect([element, declared(kind)]).toEqual([element, mayHold(kind, element as Element)]);
    }
    expect(DISCLOSURES.some(({ kinds }) => kinds.includes(kind))).toBe(true);
  });
});
