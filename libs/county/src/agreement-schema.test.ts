import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { AGREEMENT_SCHEMA } from './agreement-schema.ts';
import { validateAgreement } from './agreement-file.ts';

const LEAST = {
  ...{ id: 'XS', revision: 1, from: '2026-01-01', organisation: 'SE2321000016-1000', name: 'X', careProvider: 'X' },
  ...{ legalForm: 'private', wards: [{ hsaId: 'SE2321000016-1001', name: 'X' }], processingId: 'P', source: 'X' },
};
const { properties, required } = AGREEMENT_SCHEMA as { properties: object; required: readonly string[] };

/** Key -> values that the schema takes, and values that it refuses. */
const KEYS: Readonly<Record<string, readonly [valid: readonly unknown[], invalid: readonly unknown[]]>> = {
  id: [['K-1'], ['K 1', '', 'Ö', 7]],
  revision: [[2], [0, 1.5, '1']],
  from: [['2026-02-28'], ['2026-02-30', '20260228', null]],
  to: [['2026-12-31'], ['2026']],
  sender: [
    [{ 'MSH-4': ['VÄST'] }, { 'MSH-3': ['PAS'], 'MSH-4': ['A', 'B'] }],
    [{}, { 'MSH-5': ['X'] }, { 'MSH-4': [] }],
  ],
  organisation: [['SE2321000016-A1'], ['2321000016', 'SE2321000016', 'SE2321000016-å']],
  name: [['Å'], ['', 1, 'x'.repeat(301)]],
  careProvider: [['Å'], ['']],
  legalForm: [['region-authority', 'municipal-authority'], ['state']],
  wards: [
    [[{ hsaId: 'SE2321000016-1', name: 'X', legalForm: 'private' }]],
    [[], [{ hsaId: 'SE2321000016-1' }], [{ hsaId: 'SE2321000016-1', name: 'X', floor: 2 }], {}],
  ],
  processingId: [['T'], ['D', 'p']],
  idleSeconds: [
    [0, 86400],
    [-1, 86401, 0.5],
  ],
  certificates: [[['a', 'b']], [[], ['a', 'a'], ['']]],
  source: [['Avtal 2026-01'], ['']],
  ins: [
    ['auto', 'ordered'],
    ['never', true],
  ],
  need: [
    ['stated', ['SOC'], ['SOC', 'ROV', 'KHSL']],
    ['implied', [], ['HOME'], ['SOC', 'SOC']],
  ],
  info: [['here', 'elsewhere'], ['there']],
  patinfo: [['here', 'elsewhere'], ['there']],
  ready: [
    ['obx', 'A16'],
    ['OBX', 'A1'],
  ],
  clock: [['trusted', 'intake'], ['ntp']],
  zone: [['message', 'stockholm'], ['utc']],
  defaultCharset: [['ASCII', '8859/15'], ['UTF-8']],
  fields: [
    [{}, { ward: 'PV1-10.1', factCode: 'ZOB-2.1.3' }],
    [{ ward: 'PV1.3' }, { ward: 'PV1-0' }, { wrd: 'PV1-3' }],
  ],
  triggers: [
    [{ Z99: { course: 'move', time: [], when: { 'ZBE-4': ['CANCEL'] } }, A31: [{ course: 'update' }] }],
    [
      { a01: { course: 'admit' } },
      { A01: [] },
      { A01: {} },
      { A01: { course: 'x' } },
      { A01: { course: 'admit', if: {} } },
    ],
  ],
  facts: [
    [[], [{ code: 'NEED', field: 'ZVP-1', values: { S: ['SOC'] }, time: 'ZVP-2', scopes: ['SOC'] }]],
    [[{ code: 'NEED' }], [{ code: 'NEEDS', field: 'ZVP-1' }], [{ code: 'NEED', field: 'ZVP' }], {}],
  ],
  factSystem: [['', 'LOKAL'], [null]],
  factCodes: [[{ BEHOV: 'NEED' }], [{ BEHOV: 'BEHOV' }]],
  factValues: [[{ NEED: { S: ['SOC'] } }], [{ BEHOV: { S: ['SOC'] } }, { NEED: { S: 'SOC' } }]],
  factStatuses: [[{ R: 'F' }], [{ R: 'X' }]],
  scopes: [[{ K: 'SOC', H: 'HOME' }], [{ K: 'KOMMUN' }]],
  indicators: [[{ J: 'Y' }], [{ J: 'J' }]],
  units: [[{ '51': 'SE2321000016-1' }], [{ '51': 'Avdelning 51' }]],
  addressCodes: [[{ Solna: '0184', Kista: 'jarva' }], [{ Solna: '184' }, { Kista: 'Järva' }]],
  addressTypes: [
    [['L'], ['H', 'L']],
    [[], ['C']],
  ],
  identityTypes: [
    [
      [],
      [
        { assigner: 'X', type: 'other' },
        { typeCode: 'MR', type: 'personnummer', onlyIfFormed: true },
      ],
    ],
    [[{ type: 'other' }], [{ assigner: 'X' }], [{ assigner: 'X', type: 'pass' }]],
  ],
  classes: [[{ S: 'IMP' }], [{ S: 'INPATIENT' }]],
  leaving: [[{ '1': 'home' }], [{ '1': 'away' }]],
  protectionCodes: [[{ S: 'unknown' }], [{ S: 'secret' }]],
};

describe('the schema of agreements', () => {
  it('takes every agreement of the demonstration county, and the least that one can say', () => {
    const folder = join(import.meta.dirname, '../../../deploy/county/agreements');
    const files = readdirSync(folder).filter((name) => !name.endsWith('.test.json'));
    expect(files.length).toBeGreaterThan(6);
    for (const name of files) {
      expect([name, validateAgreement(JSON.parse(readFileSync(join(folder, name), 'utf8')))]).toEqual([name, true]);
    }
    expect(validateAgreement(LEAST)).toBe(true);
  });

  it('has a row here for each of its keys, and refuses any other', () => {
    expect(Object.keys(KEYS).sort()).toEqual(Object.keys(properties).sort());
    expect(validateAgreement({ ...LEAST, inss: 'auto' })).toBe(false);
    for (const nothing of [null, [], 'KS', 1]) expect(validateAgreement(nothing)).toBe(false);
  });

  it.each(required)('asks for %s', (key) => {
    const rest = Object.entries(LEAST).filter(([name]) => name !== key);
    expect(validateAgreement(Object.fromEntries(rest))).toBe(false);
  });

  it.each(Object.entries(KEYS))('%s', (key, [valid, invalid]) => {
    const tried = (values: readonly unknown[]) =>
      values.map((value) => [value, validateAgreement({ ...LEAST, [key]: value })]);
    expect(tried(valid)).toEqual(valid.map((value) => [value, true]));
    expect(tried(invalid)).toEqual(invalid.map((value) => [value, false]));
  });
});
