import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fieldPath } from './default-dialect.ts';
import { termsOf } from './agreement.ts';
import { CountyError, loadCounty } from './county.ts';

const DEMONSTRATION = join(import.meta.dirname, '../../../deploy/county');
const TODAY = '2026-11-22';
const BOARDS =
  'bromma enskede-arsta-vantor farsta hagersten-alvsjo hasselby-vallingby jarva kungsholmen norra-innerstaden skarholmen skarpnack sodermalm';
const MUNICIPALITIES =
  '0114 0115 0117 0120 0123 0125 0126 0127 0128 0136 0138 0139 0140 0160 0162 0163 0181 0182 0183 0184 0186 0187 0188 0191 0192';

describe('the demonstration county', () => {
  const county = loadCounty(DEMONSTRATION);
  const ids = (kind: string, date = TODAY) =>
    county
      .partiesOn(date)
      .filter((party) => party.kind === kind)
      .map(({ id }) => id)
      .sort();

  it('has the municipalities of county 01, Stockholm only by its boards (RTE-20, RTE-21)', () => {
    expect(ids('municipality')).toEqual(MUNICIPALITIES.split(' '));
    expect(ids('district-board')).toEqual(BOARDS.split(' ').map((slug) => `0180-${slug}`));
    expect(county.directory.municipality('0180', TODAY)?.divided).toBe(true);
    expect(county.directory.municipality('0184', TODAY)?.divided).toBeUndefined();
    expect(county.directory.party('0180', TODAY)).toBeUndefined();
  });

  it.each([
    ['2020-06-30', 14],
    ['2020-07-01', 13],
    ['2023-06-30', 13],
    ['2023-07-01', 11],
  ])('had on %s %i boards (RTE-24)', (date, count) => expect(ids('district-board', date)).toHaveLength(count));

  it.each([
    ['0180-rinkeby-kista', '2023-06-30', '0180-rinkeby-kista'],
    ['0180-rinkeby-kista', '2023-07-01', '0180-jarva'],
    ['0180-spanga-tensta', TODAY, '0180-jarva'],
    ['0180-ostermalm', TODAY, '0180-norra-innerstaden'],
    ['0180-norrmalm', TODAY, '0180-norra-innerstaden'],
    ['0180-alvsjo', TODAY, '0180-hagersten-alvsjo'],
    ['0180-jarva', '2023-06-30', undefined],
    ['0180-okand', TODAY, undefined],
  ])('%s on %s is %s', (id, date, expected) => expect(county.directory.party(id, date)?.id).toBe(expected));

  it('has the senders and clinics of contract 1', () => {
    expect(county.agreement('KS', TODAY)).toMatchObject({ need: 'stated', ins: 'auto', processingId: 'P' });
    expect(county.agreement('DS', TODAY)?.need).toEqual(['SOC', 'ROV']);
    expect(county.agreement('OS', TODAY)?.ins).toBe('ordered');
    expect(county.agreement('KS', TODAY)?.wards[0]?.hsaId).toBe('SE2321000016-1001');
    expect(county.directory.party('SE2321000016-2001', TODAY)?.legalForms).toEqual(['region-authority']);
    expect(county.directory.party('SE5560000001-2002', TODAY)?.legalForms).toEqual(['private']);
    expect(county.agreement('XX', TODAY)).toBeUndefined();
    expect(county.agreement('KS', '2017-12-31')).toBeUndefined();
  });

  it('has every organisation of an agreement as a party, and names for people', () => {
    for (const { organisation } of county.agreements()) {
      expect(county.directory.party(organisation, TODAY)?.kind).toBe('hospital');
    }
    expect(county.nameOf('0180', TODAY)).toBe('Stockholms stad');
    expect(county.nameOf('0180-jarva', TODAY)).toBe('Järva stadsdelsnämnd');
    expect(county.nameOf('SE2321000016-1001', TODAY)).toBe('Avdelning 11');
    expect(county.nameOf('nobody', TODAY)).toBeUndefined();
  });

  it('names topics and callers for the parties of every period, never for 0180', () => {
    const all = county.partyIds();
    expect(new Set(all).size).toBe(all.length);
    expect(all).toContain('0180-rinkeby-kista');
    expect(all).not.toContain('0180');
    for (const id of all) expect(id).toMatch(/^[A-Za-z0-9-]+$/);
  });

  it('has official test persons alone, and addresses that the directory knows', () => {
    const official =
      '189012259801 196101182803 189002029800 189012269818 189012279809 191212121212 196109732393 991981000010';
    for (const person of county.testPersons()) {
      expect(official.split(' ')).toContain(person.value);
      const { municipality, district, listedClinic } = person;
      const id = district === undefined ? municipality : `${municipality}-${district}`;
      if (id !== undefined) expect(county.directory.party(id, TODAY)).toBeDefined();
      if (listedClinic !== undefined) expect(county.directory.party(listedClinic, TODAY)?.kind).toBe('clinic');
    }
    expect(county.testPersons()).toHaveLength(8);
  });

  it('cites a source on every row', () => {
    for (const row of [...county.partiesOn(TODAY), ...county.agreements(), ...county.callers()]) {
      expect(row.source.length).toBeGreaterThan(5);
    }
  });

  it('finds by default what contract 5 says, where it says', () => {
    const { fields, leaving, addressTypes, triggers, zone } = county.agreement('KS', TODAY)!;
    expect(fields.ward).toEqual({ segment: 'PV1', field: 3, component: 4 });
    expect(fields.visitId).toEqual({ segment: 'PV1', field: 19 });
    expect(fields.listedClinic).toEqual({ segment: 'PD1', field: 3, component: 10 });
    expect(fields.expectedDischarge).toEqual({ segment: 'PV2', field: 9 });
    expect(['02', '07', '42', '01', 'constructor'].map((code) => leaving.get(code))).toEqual([
      'transfer',
      'against-advice',
      'dead',
      undefined,
      undefined,
    ]);
    expect(triggers.get('A03')).toEqual([{ course: 'discharge', time: ['occurredAt', 'dischargedAt'], when: [] }]);
    expect([...triggers.keys()].join(' ')).toBe(
      'A01 A02 A03 A04 A05 A06 A07 A08 A11 A12 A13 A14 A16 A18 A21 A22 A25 A28 A31 A34 A40',
    );
    expect(zone).toBe('message');
    expect(addressTypes).toEqual(['L']);
  });
});

describe('termsOf', () => {
  const agreement = loadCounty(DEMONSTRATION).agreement('DS', TODAY)!;

  it('says what the agreement means for a fold', () => {
    expect(termsOf(agreement)).toEqual({
      organisation: 'SE2321000016-1100',
      careProvider: 'Region Stockholm',
      legalForm: 'region-authority',
      ins: 'auto',
      impliedNeed: ['SOC', 'ROV'],
      info: 'here',
      clock: 'trusted',
      connectedFrom: '2018-01-01',
    });
  });

  it('takes the ward’s own legal form before the organisation’s', () => {
    const mixed = { ...agreement, wards: [{ hsaId: 'SE1', name: 'x', legalForm: 'private' as const }] };
    expect(termsOf(mixed, 'SE1').legalForm).toBe('private');
    expect(termsOf(mixed, 'SE2').legalForm).toBe('region-authority');
  });
});

describe('fieldPath', () => {
  it.each([
    ['PV1-3.4', { segment: 'PV1', field: 3, component: 4 }],
    ['PID-3.4.2', { segment: 'PID', field: 3, component: 4, subcomponent: 2 }],
    ['ZBE-1', { segment: 'ZBE', field: 1 }],
    ['PV1', undefined],
    ['PV1-0', undefined],
    ['pv1-3', undefined],
  ])('%s', (text, expected) => expect(fieldPath(text)).toEqual(expected));
});

describe('a county with faults', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bryggan-county-'));
    cpSync(DEMONSTRATION, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  type Row = Record<string, unknown>;
  const change = (name: string, mend: (value: { parties: Row[] } & Row) => void) => {
    const file = join(folder, name);
    const value = JSON.parse(readFileSync(file, 'utf8')) as { parties: Row[] } & Row;
    mend(value);
    writeFileSync(file, JSON.stringify(value));
  };
  const changeParty = (id: string, fields: Row) =>
    change(
      'parties.json',
      ({ parties }) =>
        void Object.assign(
          parties.find((party) => party.id === id)!,
          fields,
        ),
    );
  const problems = (): readonly string[] => {
    try {
      loadCounty(folder);
      return [];
    } catch (error) {
      if (error instanceof CountyError) return error.problems;
      throw error;
    }
  };

  it('tells all of them at once, with file and place', () => {
    changeParty('0184', { legalForm: 'state', source: undefined });
    change('agreements/KS.json', (file) => void Object.assign(file, { inss: 'auto' }));
    writeFileSync(join(folder, 'agreements/OS.json'), '{');
    rmSync(join(folder, 'callers.json'));
    const text = problems().join('\n');
    for (const part of [
      /parties\.json\/parties\/\d+\/legalForm/,
      /parties\.json\/parties\/\d+: .*source/,
      /agreements\/KS\.json: okänd nyckel .* inss/,
      /agreements\/OS\.json: .*JSON/,
      /callers\.json: filen saknas/,
    ]) {
      expect(text).toMatch(part);
    }
  });

  it.each<[string, string, Row, RegExp]>([
    ['a successor that does not begin the next day', '0180-alvsjo', { successor: '0180-jarva' }, /dagen efter/],
    ['a successor without an end', '0184', { successor: '0180-jarva' }, /efterträdare men inget slut/],
    ['a successor that is itself', '0180-alvsjo', { successor: '0180-alvsjo' }, /dagen efter/],
    ['an end before the beginning', '0184', { to: '2017-01-01' }, /slutar före/],
    ['a row that is there twice', '0186', { id: '0184' }, /samma dag/],
    ['an id that does not fit its kind', '0184', { id: 'Solna' }, /passar inte/],
    ['an organisation of another legal form', 'SE2321000016-1000', { legalForm: 'private' }, /annan legalForm/],
  ])('refuses %s', (_, id, fields, expected) => {
    changeParty(id, fields);
    expect(problems().join('\n')).toMatch(expected);
  });

  it.each<[string, Row, RegExp]>([
    ['an organisation that is no party', { organisation: 'SE2321000016-9999' }, /finns inte i parties/],
    ['a field path that is none', { fields: { ward: 'PV1.3' } }, /fields\/ward: ska vara en plats som/],
    ['a field that does not exist', { fields: { wrd: 'PV1-3' } }, /fields\/wrd: okänd nyckel.*visitId, ward/],
    [
      'a field named as a property of every object',
      { fields: { constructor: 'PV1-3' } },
      /fields\/constructor: okänd nyckel/,
    ],
    ['a need that is none', { need: ['HOME'] }, /need/],
    ['a course that is none', { triggers: { A04: { course: 'arrive' } } }, /triggers\/A04\/course/],
    ['a trigger without a course', { triggers: { A04: { time: ['occurredAt'] } } }, /triggers\/A04: .*course/],
    ['a time that is no field', { triggers: { A04: { course: 'admit', time: ['leaving'] } } }, /triggers\/A04\/time/],
    ['a trigger that is none', { triggers: { admit: { course: 'admit' } } }, /triggers/],
    ['readiness by a trigger that is not taken', { ready: 'A15' }, /ready: händelsen tas inte emot/],
    ['a zone that is none', { zone: 'utc' }, /zone/],
    ['an idle limit that is none', { idleSeconds: -1 }, /idleSeconds/],
  ])('refuses %s', (_, fields, expected) => {
    change('agreements/KS.json', (file) => void Object.assign(file, fields));
    expect(problems().join('\n')).toMatch(expected);
  });

  it('tells of an agreement all at once, each with file, key and what is allowed, also of what the schema cannot say', () => {
    change('agreements/KS.json', (file) =>
      Object.assign(file, {
        ...{ ins: 'sometimes', need: ['HOME'], ready: 'A15', inss: 'auto', organisation: 'SE2321000016-9999' },
        wards: [1, 2].map(() => ({ hsaId: 'SE2321000016-1001', name: 'Avdelning 11' })),
        ...{ to: '2017-01-01', triggers: { A04: { course: 'arrive' } }, fields: { factScope: 'ZOB-4' } },
        ...{ facts: [{ code: 'NEED', field: 'ZVP-1', time: 'ZVQ-2', values: { S: ['SOCIAL'] } }] },
        ...{ factValues: { CONSENT: { JA: ['YES'] } }, sender: {} },
      }),
    );
    const told = problems();
    for (const part of [
      /^agreements\/KS\.json\/ins: .*must be one of auto, ordered$/,
      /^agreements\/KS\.json\/need\/0: .*must be one of SOC, KHSL, ROV$/,
      /^agreements\/KS\.json\/ready: .*must be one of obx, A01, A02.*A40$/,
      /^agreements\/KS\.json: okänd nyckel .* inss; .*must be one of id, revision.*protectionCodes$/,
      /^agreements\/KS\.json\/organisation: SE2321000016-9999 finns inte/,
      /^agreements\/KS\.json\/wards\/1\/hsaId: .*två gånger/,
      /^agreements\/KS\.json\/to: slutar före/,
      /^agreements\/KS\.json\/triggers\/A04\/course: .*must be one of pre-admit.*merge-persons$/,
      /^agreements\/KS\.json\/fields\/factScope: .*OBX$/,
      /^agreements\/KS\.json\/facts\/0\/time: .*ZVP$/,
      /^agreements\/KS\.json\/facts\/0\/values\/S: .*must be one of SOC, KHSL, ROV, NONE$/,
      /^agreements\/KS\.json\/factValues\/CONSENT\/JA: .*must be one of \(rules of CONSENT\)$/,
      /^agreements\/KS\.json\/sender: minsta antal/,
    ])
      expect(told).toContainEqual(expect.stringMatching(part));
    expect(told).toHaveLength(13);
  });

  it('knows a sender by MSH-3 and MSH-4 where its agreement says so, the narrower first, and nobody twice', () => {
    const names = (sendingApplication: string, sendingFacility: string) => ({ sendingApplication, sendingFacility });
    const from = (application: string, facility: string) =>
      loadCounty(folder).agreementOf(names(application, facility), TODAY)?.id;
    change('agreements/DS.json', (file) => Object.assign(file, { sender: { 'MSH-3': ['LAB'], 'MSH-4': ['HUS'] } }));
    change('agreements/OS.json', (file) => Object.assign(file, { sender: { 'MSH-4': ['HUS', 'HOUSE'] } }));
    expect([from('LAB', 'HUS'), from('X', 'HUS'), from('LAB', 'HOUSE'), from('X', 'KS')]).toEqual([
      ...['DS', 'OS', 'OS', 'KS'],
    ]);
    expect([from('LAB', 'DS'), from('X', 'OS'), from('X', ''), from('PAS', 'VÄST'), from('X', 'VÄST')]).toEqual([
      ...[undefined, undefined, undefined, 'VS', undefined],
    ]);
    change('agreements/DS.json', (file) => Object.assign(file, { sender: { 'MSH-4': ['HOUSE'] } }));
    expect(problems()).toEqual([
      expect.stringMatching(/^agreements\/DS\.json och agreements\/OS\.json: samma avsändare/),
    ]);
  });

  it('leaves the idle limit to the installation unless an agreement says otherwise', () => {
    change('agreements/KS.json', (file) => void Object.assign(file, { idleSeconds: 0 }));
    const county = loadCounty(folder);
    expect(['KS', 'DS'].map((id) => county.agreement(id, TODAY)?.idleSeconds)).toEqual([0, undefined]);
  });

  it('takes the version of an agreement in force on the date, and refuses two for a day', () => {
    const file = join(folder, 'agreements/KS.json');
    const first = JSON.parse(readFileSync(file, 'utf8')) as Row;
    const second = { ...first, revision: 2, from: '2026-06-01', info: 'elsewhere' };
    writeFileSync(join(folder, 'agreements/KS-2026.json'), JSON.stringify(second));
    expect(problems().join('\n')).toMatch(
      /KS-2026\.json och agreements\/KS\.json: två versioner av KS gäller samma dag/,
    );
    writeFileSync(file, JSON.stringify({ ...first, to: '2026-05-31' }));
    const county = loadCounty(folder);
    expect(county.agreement('KS', '2026-05-31')?.info).toBe('here');
    expect(county.agreement('KS', '2026-06-01')?.info).toBe('elsewhere');
    expect(county.senderIds().filter((id) => id === 'KS')).toHaveLength(1);
    // The first version's first day, whichever is in force (DEC-30).
    for (const date of ['2026-05-31', '2026-06-01']) {
      expect(county.agreement('KS', date)?.connectedFrom).toBe('2018-01-01');
    }
    writeFileSync(join(folder, 'agreements/KS-2026.json'), JSON.stringify({ ...second, revision: 1 }));
    expect(problems().join('\n')).toMatch(/inte högre revision/);
  });

  it('lets an agreement override every line of the dialect', () => {
    change(
      'agreements/KS.json',
      (file) =>
        void Object.assign(file, {
          fields: { ward: 'PV1-10.1' },
          leaving: { '99': 'dead', '02': 'home' },
          identityTypes: [{ typeCode: 'XX', type: 'LMA-nummer' }],
          addressTypes: ['L', 'H'],
          triggers: {
            A04: { course: 'admit' },
            A01: { course: 'admit', time: ['recordedAt'] },
            Z01: { course: 'move' },
            Z99: [{ when: { 'ZBE-4': ['CANCEL'] }, course: 'cancel-move' }, { course: 'update' }],
          },
          ready: 'A16',
          zone: 'stockholm',
          protectionCodes: { Sekretess: 'sekretessmarkering' },
        }),
    );
    const agreement = loadCounty(folder).agreement('KS', TODAY);
    expect(agreement?.fields.ward).toEqual({ segment: 'PV1', field: 10, component: 1 });
    expect(['99', '02', '05'].map((code) => agreement?.leaving.get(code))).toEqual(['dead', 'home', 'transfer']);
    expect(['A04', 'A01', 'Z01', 'A02'].map((trigger) => agreement?.triggers.get(trigger))).toEqual([
      [{ course: 'admit', time: ['occurredAt'], when: [] }],
      [{ course: 'admit', time: ['recordedAt'], when: [] }],
      [{ course: 'move', time: ['occurredAt'], when: [] }],
      [{ course: 'move', time: ['occurredAt'], when: [] }],
    ]);
    const field = { segment: 'ZBE', field: 4 };
    expect(agreement?.triggers.get('Z99')?.map(({ course, when }) => [course, when])).toEqual([
      ['cancel-move', [{ field, is: ['CANCEL'] }]],
      ['update', []],
    ]);
    expect(agreement).toMatchObject({ ready: 'A16', zone: 'stockholm' });
    expect(agreement?.protectionCodes.get('SEKRETESS')).toBe('sekretessmarkering');
    expect(agreement?.protectionCodes.get('SEKR')).toBe('sekretessmarkering');
    expect(agreement?.identityTypes[0]?.type).toBe('LMA-nummer');
    expect(agreement?.addressTypes).toEqual(['L', 'H']);
  });
});
