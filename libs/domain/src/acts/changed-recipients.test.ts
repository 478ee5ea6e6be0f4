import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { routingEventOf } from '../stay/routing-statements.ts';
import type { OperatorStatement } from '../events/operator-event.ts';
import type { PartyStatement } from '../events/party-event.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { judge } from '../deviations/registry.ts';
import { parametersOn } from '../rules/parameters.ts';
import {
  DIRECTORY,
  expecting,
  fact,
  history,
  inForce,
  JARVA,
  may,
  message,
  need,
  PRIVATE_CLINIC,
  REGION_CLINIC,
  SOLNA,
  stated,
} from '../ward.fixture.ts';
import type { PersonEvent } from '../events/person-event.ts';
import { inStay, knownSince } from '../person/person-in-stay.ts';
import { claimOf, protectionAt, protectionBy, protectionIn } from '../person/protection.ts';
import { PartyDirectory, type DirectoryVersions } from '../routing/directory.ts';
import { decide } from '../routing/decision.ts';
import { VersionedDirectory } from '../routing/directory-versions.ts';
import type { Party } from '../routing/party.ts';
import { IntakeSequence } from '../events/intake-sequence.ts';
import { GrowingHistory, historyOf, type History } from './history.ts';

const SUNDBYBERG = '0183';
const ADMITTED = message('A01', {
  id: 'admission',
  sent: '04 08:30',
  facts: [need('SOC', '04 08:15')],
  encounter: expecting('10'),
});

let count = 0;
const origin = (intake: string) => {
  const eventId = `routing-${++count}`;
  const intakeAt = may(intake);
  return {
    eventId,
    inboundId: eventId,
    ordinal: 0,
    revision: 1,
    intakeAt,
    intakeStamp: intakeAt * 1000,
    stayId: 'stay',
  };
};

function said(party: string, intake: string, says: PartyStatement): StayEvent {
  const event = routingEventOf({ ...origin(intake), party, sentAt: may(intake), says });
  if (!event) throw new Error(`${says.kind} changes nobody's being told`);
  return event;
}

function decided(intake: string, says: OperatorStatement): StayEvent {
  const event = routingEventOf({ ...origin(intake), operator: 'Anna', reason: 'Enligt samtal', says });
  if (!event) throw new Error(`${says.kind} changes nobody's being told`);
  return event;
}

const returned = (party: string, intake: string, proposal?: string): StayEvent =>
  said(party, intake, { kind: 'returned', reason: 'NOT-REGISTERED-HERE', ...(proposal !== undefined && { proposal }) });
const released = (intake: string, recipient: string, more: object = {}): StayEvent =>
  decided(intake, { kind: 'released', recipient, scopes: ['SOC', 'KHSL', 'ROV'], ground: 'LUS_2KAP', ...more });
const undone = (intake: string, { eventId }: StayEvent): StayEvent => decided(intake, { kind: 'undone', eventId });

const undoneBy = ({ eventId }: StayEvent): PartyStatement => ({ kind: 'undone', eventId, code: 'RET' });

const acts = (events: readonly StayEvent[]): string[] =>
  history(events).acts.map(({ recipient, kind, ended }) => `${recipient} ${kind}${ended ? ` ${ended.cause}` : ''}`);
const waiting = ({ duties }: History): string[] =>
  duties.flatMap(({ code, occasion }) => (code === 'ROUTE-BY-HAND' ? [occasion] : []));

const misaddressed = (events: readonly StayEvent[]): string[] => {
  const all = history(events);
  const received = new Map(all.acts.map((act) => [act.key, act.at]));
  const parameters = (date: string) => parametersOn(date);
  const circumstances = {
    watermark: may('20 00:00'),
    parameters,
    outages: [],
    received,
    deliveryId: (key: string) => key,
    suspected: false,
  };
  const { deviations } = judge(all, circumstances);
  return deviations.flatMap(({ code, occasion }) => (/^(INS-06|SEK)/.test(code) ? [`${code} ${occasion}`] : []));
};

describe('a notice that is returned', () => {
  it('was wrongly addressed: the INS that, what holds more a breach; taken back it was right after all', () => {
    const sentBack = returned(SOLNA, '05 09:00', SUNDBYBERG);
    expect(misaddressed([ADMITTED])).toEqual([]);
    expect(misaddressed([ADMITTED, sentBack])).toEqual([`INS-06 ${SOLNA}`]);
    expect(misaddressed([ADMITTED, sentBack, said(SOLNA, '05 10:00', undoneBy(sentBack))])).toEqual([]);
    const facts = [fact('CONSENT', 'Y', '04 09:00'), fact('READY', 'Y', '04 09:00')];
    const ready = message('A08', { id: 'ready', sent: '04 09:10', facts });
    expect(misaddressed([ADMITTED, ready, sentBack])).toEqual([`INS-06 ${SOLNA}`, `SEK-02 ${SOLNA}`]);
  });

  it('is withdrawn from the one who sent it back and goes to the one proposed: two acts, each with its own time', () => {
    const events = [ADMITTED, returned(SOLNA, '05 09:00', SUNDBYBERG)];
    const { acts: all, returns } = history(events);
    expect(all.map(({ recipient, at, ended }) => [recipient, at, ended?.at, ended?.cause])).toEqual([
      [SOLNA, may('04 08:30'), may('05 09:00'), 'returned'],
      [SUNDBYBERG, may('05 09:00'), undefined, undefined],
    ]);
    expect(returns).toMatchObject([{ by: SOLNA, at: may('05 09:00') }]);
  });

  it('is told no more to the one who had it, and the withdrawal has gone there (MC-28)', () => {
    const events = [
      ADMITTED,
      returned(SOLNA, '05 09:00', SUNDBYBERG),
      message('A08', { sent: '06 08:00', encounter: expecting('12') }),
      message('A11', { sent: '07 08:00' }),
    ];
    expect(acts(events)).toEqual([
      `${SOLNA} INS returned`,
      `${SUNDBYBERG} INS cancelled`,
      `${SUNDBYBERG} BUT cancelled`,
    ]);
  });

  it.each([
    ['without a proposal', [returned(SOLNA, '05 09:00')]],
    ['with a proposal of another kind', [returned(SOLNA, '05 09:00', REGION_CLINIC)]],
    ['a second time', [returned(SOLNA, '05 09:00', SUNDBYBERG), returned(SUNDBYBERG, '05 10:00', JARVA)]],
  ])('%s goes to a person, and nobody has it', (_name, returns) => {
    const events = [ADMITTED, ...returns];
    expect(inForce(events)).toEqual([]);
    expect(waiting(history(events))).toEqual(['municipality']);
  });

  it('by one who was told nothing changes nothing', () => {
    expect(acts([ADMITTED, returned(SUNDBYBERG, '05 09:00', JARVA)])).toEqual([`${SOLNA} INS`]);
  });

  it('is the party’s own to take back; then it has it again', () => {
    const first = returned(SOLNA, '05 09:00', SUNDBYBERG);
    const back = said(SOLNA, '05 10:00', { kind: 'undone', eventId: first.eventId, code: 'RET' });
    const others = said(SUNDBYBERG, '05 10:00', { kind: 'undone', eventId: first.eventId, code: 'RET' });
    expect(acts([ADMITTED, first, back])).toEqual([
      `${SOLNA} INS returned`,
      `${SUNDBYBERG} INS other-recipient`,
      `${SOLNA} INS`,
    ]);
    expect(acts([ADMITTED, first, others])).toEqual([`${SOLNA} INS returned`, `${SUNDBYBERG} INS`]);
  });

  it('says nothing of another person on the same visit (DEC-18)', () => {
    const other = message('A08', {
      sent: '06 08:00',
      facts: [need('SOC', '06 07:00')],
      patient: {
        identities: [
          { type: 'personnummer', system: 'http://electronichealth.se/identifier/personnummer', value: '189001019802' },
        ],
      },
    });
    expect(inForce([ADMITTED, returned(SOLNA, '05 09:00', SUNDBYBERG), other])).toEqual([
      `${SOLNA} INS 2026-05-10 SOC`,
    ]);
  });
});

describe('a need that waits for a person', () => {
  const UNKNOWN = message('A01', {
    sent: '04 08:30',
    facts: [need(['SOC', 'ROV'], '04 08:15')],
    encounter: expecting('10'),
    patient: { address: null },
  });

  it('goes to whom it is released, and its Task is done', () => {
    const events = [UNKNOWN, released('04 12:00', SOLNA, { role: 'municipality' })];
    expect(inForce(events)).toEqual([`${REGION_CLINIC} INS 2026-05-10 ROV`, `${SOLNA} INS 2026-05-10 SOC`]);
    expect(waiting(history(events))).toEqual([]);
    expect(history(events).acts.at(-1)?.trace).toContainEqual({
      rule: '4.4',
      text: 'Mottagaren är vald av en människa.',
    });
  });

  it('waits again when the release is undone, or its recipient returns it', () => {
    const first = released('04 12:00', SOLNA);
    for (const end of [undone('04 13:00', first), returned(SOLNA, '04 13:00')]) {
      const events = [UNKNOWN, first, end];
      expect(inForce(events)).toEqual([`${REGION_CLINIC} INS 2026-05-10 ROV`]);
      expect(waiting(history(events))).toEqual(['municipality']);
    }
  });

  it('may be released again to the one who returned it: the person has the last word', () => {
    const events = [UNKNOWN, released('04 12:00', SOLNA), returned(SOLNA, '04 13:00'), released('04 14:00', SOLNA)];
    expect(acts(events)).toEqual([`${REGION_CLINIC} INS`, `${SOLNA} INS returned`, `${SOLNA} INS`]);
  });

  it('is never released to a party of another kind', () => {
    const events = [UNKNOWN, released('04 12:00', PRIVATE_CLINIC)];
    expect(waiting(history(events))).toEqual(['municipality']);
  });

  it('goes by the rule once the address is known, whatever was released', () => {
    const address = { lines: ['Provgatan 1'], municipality: SUNDBYBERG };
    const known = message('A08', { sent: '05 08:00', patient: { address } });
    expect(acts([UNKNOWN, released('04 12:00', SOLNA), known]).slice(1)).toEqual([
      `${SOLNA} INS other-recipient`,
      `${SUNDBYBERG} INS`,
      // A second version: the address has become known.
      `${REGION_CLINIC} INS`,
    ]);
  });

  it('on a ground of the person who releases: what the ward gave no ground for is told there too', () => {
    const ready = message('A08', {
      sent: '05 08:00',
      facts: [fact('READY', 'Y', '05 08:00')],
      patient: { address: null },
    });
    const kinds = (ground: string): string[] =>
      history([UNKNOWN, released('04 12:00', SOLNA, { ground }), ready])
        .acts.filter(({ recipient }) => recipient === SOLNA)
        .map(({ kind }) => kind);
    expect(kinds('LUS_2KAP')).toEqual(['INS']);
    expect(kinds('MENPROVNING')).toEqual(['INS', 'UTK']);
  });
});

describe('a call that is recorded', () => {
  it('is TEK-02 of the hub until its record is taken back, and tells nobody anything', () => {
    const called = decided('04 12:00', { kind: 'call-recorded', recipient: SOLNA, at: may('04 11:30'), notice: 'INS' });
    const { parameters, ...rest } = {
      parameters: (date: string) => parametersOn(date),
      outages: [],
      deliveryId: (key: string) => key,
      suspected: false,
    };
    const circumstances = { watermark: may('04 13:00'), received: new Map<string, number>(), parameters, ...rest };
    const named = (events: readonly StayEvent[]) =>
      judge(history(events), circumstances)
        .deviations.filter(({ code }) => code === 'TEK-02')
        .map(({ occasion, party, severity, due, units }) => [occasion, party, severity, due, units]);
    expect(named([ADMITTED, called])).toEqual([[called.eventId, 'hub', 1, may('04 11:30'), [SOLNA]]]);
    expect(acts([ADMITTED, called])).toEqual(acts([ADMITTED]));
    expect(named([ADMITTED, called, undone('04 13:00', called)])).toEqual([]);
  });
});

describe('a protected person', () => {
  const PROTECTED = message('A01', {
    sent: '04 08:30',
    facts: [need(['SOC', 'ROV'], '04 08:15')],
    encounter: expecting('10'),
    patient: { protection: 'sekretessmarkering' },
  });

  it('is told only to whom it was released, by name, and the rest waits', () => {
    const events = [PROTECTED, released('04 12:00', SUNDBYBERG)];
    expect(acts(events)).toEqual([`${SUNDBYBERG} INS`]);
    expect(waiting(history(events))).toEqual(['protected']);
    const both = [...events, released('04 13:00', REGION_CLINIC)];
    expect(acts(both)).toEqual([`${SUNDBYBERG} INS`, `${REGION_CLINIC} INS`]);
    expect(waiting(history(both))).toEqual([]);
    expect(history(both).acts.every(({ content }) => content.person.address === undefined)).toBe(true);
  });

  it('is told on to them, and withdrawn when the release is undone', () => {
    const first = released('04 12:00', SUNDBYBERG);
    const later = message('A08', { sent: '05 08:00', encounter: expecting('12') });
    expect(acts([PROTECTED, first, later])).toEqual([`${SUNDBYBERG} INS`, `${SUNDBYBERG} BUT`]);
    expect(acts([PROTECTED, first, later, undone('05 09:00', first)])).toEqual([
      `${SUNDBYBERG} INS release-undone`,
      `${SUNDBYBERG} BUT release-undone`,
    ]);
  });
});

describe('a protection that the operator lifts (DEC-23)', () => {
  const facts = [need(['SOC', 'ROV'], '04 08:15')];
  const label = { protection: 'sekretessmarkering' } as const;
  const stayOf = (stayId: string, sent: string, more: object) => message('A01', { stay: stayId, sent, facts, ...more });
  const MARKED = stayOf('stay', '04 08:30', { patient: label, encounter: expecting('10') });
  const OTHER = stayOf('other', '04 09:00', { encounter: { ...expecting('10'), protection: 'unknown' } });
  const word = (intake: string, says: PersonEvent['says'], eventId = `word ${intake}`): PersonEvent => ({
    ...{ ...origin(intake), eventId, inboundId: eventId, patientIds: [MARKED.patientId], saidBy: 'Anna', trigger: '' },
    ...{ at: may(intake), sentAt: may(intake), says, findings: [] },
  });
  const lifted = word('05 10:00', { kind: 'protection-lifted', reason: 'Enligt register', visit: 'stay' });
  const undone = word('05 12:00', { kind: 'undone', eventId: lifted.eventId });
  const told = (stayId: string, ...said: PersonEvent[]) => {
    const all = [MARKED, OTHER].map((event) => [event, ...inStay([event], said, (id, stay) => `${id} ${stay}`)]);
    const claims = all.flat().flatMap((event) => claimOf(event) ?? []);
    const own = all.find(([event]) => event?.stayId === stayId) ?? [];
    const { acts: made, stay, duties } = history(own, [], protectionIn(knownSince(own), claims));
    return {
      acts: made.map(({ recipient, at, ended }) => [recipient, at, ended?.cause]),
      ...{ protection: stay.protection, waits: duties.some(({ code }) => code === 'ROUTE-BY-HAND') },
    };
  };

  it('lets be told what waited, in every stay of the person, from the lifting on', () => {
    expect(told('stay')).toEqual({ acts: [], protection: 'sekretessmarkering', waits: true });
    expect(told('stay', lifted)).toEqual({
      acts: [
        [SOLNA, may('05 10:00'), undefined],
        [REGION_CLINIC, may('05 10:00'), undefined],
      ],
      ...{ protection: undefined, waits: false },
    });
  });

  it('leaves what was said of another visit alone', () => {
    expect(told('other', lifted)).toEqual({ acts: [], protection: 'unknown', waits: true });
  });

  it('never was, when that is undone: what was told of the person by it is taken back', () => {
    for (const order of [
      [lifted, undone],
      [undone, lifted],
    ]) {
      expect(told('stay', ...order)).toEqual(told('stay'));
    }
  });

  it('holds until somebody says anew that the person is protected', () => {
    const again = word('06 10:00', { kind: 'described', patient: { identities: [], ...label } });
    expect(told('stay', lifted, again).protection).toBe('sekretessmarkering');
    const { patientId } = MARKED;
    const claims = [MARKED, ...inStay([MARKED], [lifted, again], (id) => id)].flatMap((event) => claimOf(event) ?? []);
    const protection = protectionBy(claims);
    const at = (instant: string) => protectionAt(protection, may(instant))?.label;
    expect([at('04 08:29'), at('04 08:30'), at('05 10:00'), at('06 09:59'), at('06 10:00')]).toEqual([
      ...[undefined, 'sekretessmarkering', undefined, undefined, 'sekretessmarkering'],
    ]);
    expect(claims.every((claim) => claim.patientId === patientId)).toBe(true);
  });
});

describe('whose the case is', () => {
  const CITY = message('A01', {
    sent: '04 08:30',
    facts: [need('SOC', '04 08:15')],
    encounter: expecting('10'),
    patient: { address: { lines: ['Provgatan 1'], municipality: '0180', district: 'jarva' } },
  });

  it('beats the address, as a board that is told has stated it (RTE-23)', () => {
    const events = [CITY, said(JARVA, '05 09:00', { kind: 'case-owned', owner: '0180-farsta' })];
    expect(acts(events)).toEqual([`${JARVA} INS other-recipient`, '0180-farsta INS']);
    const moved = message('A08', {
      sent: '06 08:00',
      patient: { address: { lines: ['Provgatan 1'], municipality: '0180', district: 'jarva' } },
    });
    expect(inForce([...events, moved])).toEqual(['0180-farsta INS 2026-05-10 SOC']);
  });

  it('is not for a board that was told nothing, nor for a party outside the municipality', () => {
    expect(acts([CITY, said('0180-farsta', '05 09:00', { kind: 'case-owned', owner: '0180-farsta' })])).toEqual([
      `${JARVA} INS`,
    ]);
    expect(acts([CITY, said(JARVA, '05 09:00', { kind: 'case-owned', owner: SOLNA })])).toEqual([`${JARVA} INS`]);
  });
});

describe('a directory that is imported while the stay goes on', () => {
  const entrusting = new PartyDirectory({
    version: 'entrusting',
    parties: DIRECTORY.all().map((party): Party =>
      party.id === SOLNA ? { ...party, entrusts: [{ to: SUNDBYBERG, scopes: ['SOC'] }] } : party,
    ),
  });
  const versions = new VersionedDirectory([
    { since: may('01'), directory: DIRECTORY },
    { since: may('05 12:00'), directory: entrusting },
  ]);
  const rules = (directory: DirectoryVersions) => ({
    directory,
    parameters: (date: string) => parametersOn(date),
    judge: ({ sentAt }: StayEvent) => sentAt,
  });
  const told = (events: readonly StayEvent[], directory: DirectoryVersions) =>
    historyOf({ events, ...rules(directory) });
  const reroutedAt = (events: readonly StayEvent[], directory: DirectoryVersions, instant: string) => {
    const growing = new GrowingHistory(rules(directory));
    growing.of(new IntakeSequence(events), undefined);
    return growing.reroutedAt(may(instant));
  };
  const changed = (intake: string): StayEvent =>
    decided(intake, { kind: 'directory-changed', version: 'entrusting', at: may('05 12:00') });

  it('is gone by from the event on that says so, and what was decided before is decided the same again', () => {
    const first = told([ADMITTED], DIRECTORY);
    expect(reroutedAt([ADMITTED], versions, '05 11:59')).toBeUndefined();
    expect(reroutedAt([ADMITTED], versions, '05 12:00')).toEqual({ before: [SOLNA], after: [SUNDBYBERG] });
    const reached = [ADMITTED, changed('05 12:00')];
    expect(reroutedAt(reached, versions, '05 12:01')).toBeUndefined();
    const history = told(reached, versions);
    const { acts: all, decisions } = history;
    expect(all.map(({ recipient, at, ended, decidedBy }) => [recipient, at, ended?.at, decidedBy?.directory])).toEqual([
      [SOLNA, may('04 08:30'), may('05 12:00'), 'ward'],
      [SUNDBYBERG, may('05 12:00'), undefined, 'entrusting'],
    ]);
    // The ward has told whom it had to: that another answers since is none of its doing.
    const received = new Map(all.map((act) => [act.key, act.at]));
    const { parameters } = rules(versions);
    const circumstances = {
      watermark: may('09 00:00'),
      parameters,
      outages: [],
      received,
      deliveryId: (key: string) => key,
      suspected: false,
    };
    const { deviations } = judge(history, circumstances);
    expect(deviations.filter(({ code }) => !code.startsWith('TEK'))).toEqual([]);
    expect(decisions[0]).toEqual(first.decisions[0]);
    const { facts, date, recipients } = decisions[0]!.decision;
    expect(decide(facts, versions.at(decisions[0]!.at), date).recipients).toEqual(recipients);
  });

  it('tells nobody twice when the event comes late, or a message has brought the change before it', () => {
    const message1 = message('A08', { sent: '05 12:30', encounter: expecting('11') });
    for (const events of [
      [ADMITTED, message1, changed('05 13:00')],
      [changed('05 13:00'), message1, ADMITTED],
    ]) {
      expect(told(events, versions).acts.map(({ kind, recipient, ended }) => [kind, recipient, ended?.cause])).toEqual([
        ['INS', SOLNA, 'other-recipient'],
        ['INS', SUNDBYBERG, undefined],
      ]);
    }
  });

  it('changes nothing of a stay whose patient has left by then (DEC-17)', () => {
    const left = message('A03', { sent: '05 09:00', encounter: { end: stated('05 08:30') } });
    const later = message('A08', { sent: '05 15:00', encounter: expecting('12') });
    expect(reroutedAt([ADMITTED, left], versions, '05 12:00')).toBeUndefined();
    expect(told([ADMITTED, left, changed('05 13:00'), later], versions).informed.map(({ party }) => party.id)).toEqual([
      SOLNA,
    ]);
  });

  it('reaches a stay at midnight of the day on which a board is merged into another (RTE-24)', () => {
    const merging = new PartyDirectory({
      version: 'merging',
      parties: DIRECTORY.all().map((party): Party => {
        const isOld = party.id === JARVA && party.to === undefined;
        return isOld ? { ...party, to: '2026-05-05', successor: '0180-farsta' } : party;
      }),
    });
    const patient = { address: { lines: ['Provgatan 1'], municipality: '0180', district: 'jarva' } };
    const facts = [need('SOC', '04 08:15')];
    const CITY = message('A01', { sent: '04 08:30', facts, encounter: expecting('10'), patient });
    expect(merging.changes).toContain(may('06 00:00'));
    expect(reroutedAt([CITY], merging, '05 23:59')).toBeUndefined();
    expect(reroutedAt([CITY], merging, '06 00:00')).toEqual({ before: [JARVA], after: ['0180-farsta'] });
    const later = message('A08', { sent: '06 08:00', encounter: expecting('12'), patient });
    const events = [CITY, changed('06 00:00'), later];
    // Who has been told stays told, and what comes next goes to who took over.
    expect(told(events, merging).acts.map(({ kind, recipient, ended }) => [kind, recipient, ended?.cause])).toEqual([
      ['INS', JARVA, undefined],
      ['INS', '0180-farsta', undefined],
      ['BUT', '0180-farsta', undefined],
    ]);
  });
});

describe('each change of who is told', () => {
  it('is kept with the decision that made it, and what states nothing new is none', () => {
    const events = [
      ADMITTED,
      message('A08', { sent: '04 20:00', encounter: expecting('11') }),
      message('A08', {
        sent: '05 08:00',
        facts: [need(['SOC', 'ROV'], '05 07:00')],
        patient: { address: { lines: ['Provgatan 1'], municipality: SUNDBYBERG } },
      }),
      returned(SUNDBYBERG, '05 12:00'),
    ];
    const { decisions } = history(events);
    expect(
      decisions.map(({ at, newlyTold, toldStill, noLongerTold, decision }) => [
        ...[at, newlyTold, toldStill, noLongerTold],
        ...[decision.directoryVersion, decision.date],
      ]),
    ).toEqual([
      [may('04 08:30'), [SOLNA], [], [], 'ward', '2026-05-04'],
      [may('05 08:00'), [SUNDBYBERG, REGION_CLINIC], [], [SOLNA], 'ward', '2026-05-05'],
      [may('05 12:00'), [], [REGION_CLINIC], [SUNDBYBERG], 'ward', '2026-05-05'],
    ]);
  });

  it('leaves no need without one recipient or one Task, whatever comes in whatever order', () => {
    const release = released('05 11:00', SUNDBYBERG);
    const all = [
      message('A08', { sent: '05 08:00', patient: { address: null } }),
      message('A08', {
        sent: '05 09:00',
        patient: { listedClinic: PRIVATE_CLINIC },
        facts: [need(['SOC', 'ROV'], '05 08:30')],
      }),
      message('A08', { sent: '05 10:00', patient: { protection: 'sekretessmarkering' } }),
      message('A08', { sent: '05 13:00', patient: { address: { lines: ['x'], municipality: SUNDBYBERG } } }),
      message('A02', { sent: '05 14:00', encounter: { ward: 'SE2321000016-1002' } }),
      message('A03', { sent: '06 14:00', encounter: { end: stated('06 13:00') } }),
      returned(SOLNA, '05 10:30', SUNDBYBERG),
      release,
      returned(SUNDBYBERG, '05 12:00'),
      undone('05 12:30', release),
      released('05 13:30', SOLNA),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(all), (some) => {
        const at = history([ADMITTED, ...some]);
        // The order in which they come makes no difference.
        expect(history([...some, ADMITTED].reverse()).acts).toEqual(at.acts);
        const needed = (at.stay.need?.scopes ?? []).map(({ scope }) => scope);
        const told = at.acts.flatMap(({ kind, ended, content }) =>
          kind === 'INS' && !ended && content.kind === 'INS' ? content.ownNeed : [],
        );
        const byHand = at.duties.filter(({ code }) => code === 'ROUTE-BY-HAND');
        for (const scope of needed) expect(told.includes(scope) || byHand.length > 0).toBe(true);
        for (const duty of byHand) {
          expect(duty.owner).toBe('operator');
          expect(duty.due - duty.since).toBeLessThanOrEqual(24 * 3_600_000);
        }
        // Of one municipality's need at most one has a notice in force.
        const inscribed = at.acts.filter(({ kind, ended }) => kind === 'INS' && !ended);
        const municipal = new Set(inscribed.flatMap(({ recipient }) => (/^\d{4}$/.test(recipient) ? [recipient] : [])));
        if (!at.stay.protection) expect(municipal.size).toBeLessThanOrEqual(1);
      }),
      { numRuns: 150 },
    );
  });
});
