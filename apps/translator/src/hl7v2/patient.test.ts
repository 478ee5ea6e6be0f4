import { describe, expect, it } from '@jest/globals';
import type { Fields } from '../../test/adt.ts';
import { eventOf, findingsOf } from '../../test/reading.ts';

const XAD = (type: string, more = '^^0184') => `Gatan 1^^Solna^^171 00^SE^${type}${more}`;
const patient = (pid: Fields, changed = {}) => eventOf({ pid }, changed).patient;

describe('registered address', () => {
  it.each([
    ['type L', XAD('L'), { municipality: '0184' }],
    ['type L among others', `${XAD('H', '^^0180')}~${XAD('L')}~${XAD('M')}`, { municipality: '0184' }],
    ['slug with its municipality', XAD('L', '^^0180^0180-jarva'), { municipality: '0180', district: 'jarva' }],
    ['slug in capitals', XAD('L', '^^0180^Jarva'), { municipality: '0180', district: 'jarva' }],
    ['a street in parts', '&Gatan&1^^Solna^^^^L', { lines: ['Gatan 1'], city: 'Solna' }],
    ['a street, and taken apart', 'Gatan 1&Gatan&1^^Solna^^^^L', { lines: ['Gatan 1'], city: 'Solna' }],
  ])('%s', (_, xad, expected) => {
    expect(patient({ 11: xad }).address).toMatchObject(expected);
  });

  it.each([
    ['nothing', undefined, undefined],
    ['home address only', XAD('H'), undefined],
    ['an address without type', XAD(''), undefined],
    ['deleted', '""', null],
    ['deleted part by part', '""^""^""^^""^^L', null],
    ['a type and nothing more', '^^^^^^L', undefined],
  ])('%s states none', (_, xad, expected) => {
    expect(patient({ 11: xad }).address).toBe(expected);
  });

  it.each([
    ['ended', '^^0180^^^20200101&20251231', '^^0184'],
    ['ended in a month', '^^0180^^^^202001^202512', '^^0184'],
    ['begins later (XAD.13)', '^^0180^^^^20260901', '^^0184^^^^20200101'],
    ['begins later (XAD.12)', '^^0180^^^20260901', '^^0184^^^20200101'],
    ['ended, before one whose end is zeros', '^^0180^^^^20200101^20251231', '^^0184^^^^00000000^00000000'],
  ])('of several the one that holds counts: the first %s', (_, first, second) => {
    expect(patient({ 11: `${XAD('L', first)}~${XAD('L', second)}` }).address).toMatchObject({ municipality: '0184' });
    expect(patient({ 11: `${XAD('C', first)}~${XAD('C', second)}` }).stayingIn).toBe('0184');
    expect(patient({ 11: XAD('C', first) }).stayingIn).toBeUndefined();
  });

  it('home address counts when the agreement says so and no L is there', () => {
    const changed = { addressTypes: ['L', 'H'] as const };
    expect(patient({ 11: XAD('H') }, changed).address).toMatchObject({ municipality: '0184' });
    expect(patient({ 11: `${XAD('H')}~${XAD('L', '^^0180')}` }, changed).address).toMatchObject({
      municipality: '0180',
    });
  });
});

describe('a code of the address that cannot be read decides nothing', () => {
  it.each([
    ['three digits are no municipality', XAD('L', '^^184'), 'PID-11.9'],
    ['a name is none', XAD('L', '^^Solna'), 'PID-11.9'],
    ['a number is no board', XAD('L', '^^0180^7'), 'PID-11.10'],
  ])('%s', (_, xad, place) => {
    const { address } = patient({ 11: xad });
    expect(address).toMatchObject({ lines: ['Gatan 1'] });
    expect(address).not.toHaveProperty(place === 'PID-11.9' ? 'municipality' : 'district');
    expect(findingsOf({ pid: { 11: xad } })).toEqual([`unstated bad-address-code@${place}`]);
  });
});

describe('protected identity (DEC-23)', () => {
  it.each<[string, Fields[], object]>([
    ['SEKR', [{ 3: 'SEKR' }], { protection: 'sekretessmarkering' }],
    ['SKYDD', [{ 3: 'SKYDD' }], { protection: 'skyddadFolkbokforing' }],
    ['FING', [{ 3: 'FING^text^BRYGGAN' }], { protection: 'fingeradePersonuppgifter' }],
    ['the strictest of several', [{ 3: 'SEKR' }, { 3: 'FING' }], { protection: 'fingeradePersonuppgifter' }],
    ['a deleted restriction', [{ 2: 'D', 3: 'SEKR' }], { protectionDeleted: true }],
    ['a deleted code', [{ 3: '""' }], { protectionDeleted: true }],
    ['one deleted, another stated', [{ 2: 'D', 3: 'SEKR' }, { 3: 'SKYDD' }], { protection: 'skyddadFolkbokforing' }],
    ['no change', [{ 2: 'X', 3: undefined }], {}],
    ['silence', [], {}],
  ])('%s', (_, arv, expected) => {
    const { protection, protectionDeleted } = eventOf({ arv }).patient;
    expect({ protection, protectionDeleted }).toEqual({
      protection: undefined,
      protectionDeleted: undefined,
      ...expected,
    });
    expect(findingsOf({ arv })).toEqual([]);
  });

  it.each(['SKYDDAD', 'LOC', 'constructor', '__proto__', undefined])(
    'a code outside the table, %s: unknown',
    (code) => {
      expect(eventOf({ arv: [{ 3: code }] }).patient).toMatchObject({ protection: 'unknown' });
      expect(eventOf({ arv: [{ 3: code }] }).patient).not.toHaveProperty('address');
      expect(findingsOf({ arv: [{ 3: code }] })).toEqual(['flagged unknown-protection@ARV-3']);
    },
  );

  it('PV2-22 is of the visit, not of the person; deleted it is for a person to confirm', () => {
    expect(eventOf({ pv2: { 22: 'Y' } }).patient).not.toHaveProperty('protection');
    expect(eventOf({ pv2: { 22: '""' } }).patient).toMatchObject({ protectionDeleted: true });
    expect(eventOf({ pv2: { 22: 'N' } }).patient).not.toHaveProperty('protectionDeleted');
  });

  it.each(['L', 'H'])('no address of type %s is put on the event', (type) => {
    for (const parts of [{ pv2: { 22: 'Y' } }, { arv: [{ 3: 'SEKR' }] }]) {
      const event = eventOf({ pid: { 11: XAD(type) }, ...parts }, { addressTypes: ['L', 'H'] });
      expect(event.patient).not.toHaveProperty('address');
      expect(JSON.stringify(event)).not.toContain('Gatan');
    }
  });
});

describe('the rest of the patient', () => {
  it.each([
    ['the legal name', 'Elva^Elvan^^^^^N~Tolvan^Tolv^Erik^^^^L', { family: 'Tolvan', given: ['Tolv', 'Erik'] }],
    ['the first name without type', 'Tolvan', { family: 'Tolvan', given: [] }],
    ['a surname, and taken apart', 'von Tolvan&von&Tolvan^Tolv', { family: 'von Tolvan', given: ['Tolv'] }],
    ['deleted', '""', null],
    ['unstated', undefined, undefined],
  ])('name: %s', (_, xpn, expected) => {
    expect(patient({ 5: xpn }).name).toEqual(expected);
  });

  it.each([
    ['19121212', '1912-12-12'],
    ['191212', '1912-12'],
    ['1912', '1912'],
    ['191212120230', '1912-12-12'],
    ['""', null],
    [undefined, undefined],
  ])('birth date %s', (text, expected) => {
    expect(patient({ 7: text }).birthDate).toBe(expected);
  });

  it.each(['19121345', '0000', '18900000', '00000000', 'okänt'])(
    'a birth date %s is not stated; it is only noted where a number tells it',
    (text) => {
      expect(patient({ 7: text })).not.toHaveProperty('birthDate');
      expect(findingsOf({ pid: { 7: text } })).toEqual(['noted bad-timestamp@PID-7']);
      expect(findingsOf({ pid: { 3: '4711^^^KS^MR', 7: text } })).toEqual(['unstated bad-timestamp@PID-7']);
    },
  );

  it.each([
    ['indicator', { 30: 'Y' }, true],
    ['not dead', { 30: 'N' }, false],
    ['time of death', { 29: '20260510' }, true],
    ['the indicator settles it', { 29: '20260510', 30: 'N' }, false],
    ['taken back', { 29: '""' }, false],
    ['taken back', { 30: '""' }, false],
    ['unstated', {}, undefined],
  ])('death: %s', (_, pid, expected) => {
    expect(patient(pid).deceased).toBe(expected);
  });

  it.each([
    ['202605101015', '2026-05-10T10:15+02:00'],
    ['20260510', '2026-05-10'],
    [undefined, undefined],
  ])('time of death %s', (text, iso) => {
    expect(patient({ 29: text }).deceasedAt?.iso).toBe(iso);
  });

  it('an indicator of death that is neither yes nor no says nothing', () => {
    expect(patient({ 30: 'J' })).not.toHaveProperty('deceased');
    expect(findingsOf({ pid: { 30: 'J' } })).toEqual(['unstated bad-indicator@PID-30']);
  });

  it('a time of death that is deleted is, and one that cannot be read says nothing of death', () => {
    expect(patient({ 29: '""' }).deceasedAt).toBeNull();
    expect(patient({ 29: 'i natt' })).not.toHaveProperty('deceased');
    expect(findingsOf({ pid: { 29: 'i natt' } })).toEqual(['unstated bad-timestamp@PID-29']);
  });

  it.each([
    ['HSA-id', 'Name^^^^^^^^^SE2321000016-2001', 'SE2321000016-2001'],
    ['HSA-id after an empty place and a local id', '~N^^^^^^^^^77~N^^^^^^^^^SE2321000016-2001', 'SE2321000016-2001'],
    ['deleted', '""', null],
    ['its id deleted', 'Name^^^^^^^^^""', null],
    ['another kind of id', 'Name^^^^^^^^^4711', undefined],
    ['unstated', undefined, undefined],
  ])('listed clinic: %s', (_, xon, expected) => {
    expect(eventOf({ pd1: { 3: xon } }).patient.listedClinic).toBe(expected);
    expect(findingsOf({ pd1: { 3: xon } })).toEqual(
      xon?.endsWith('4711') === true ? ['unstated bad-hsa-id@PD1-3.10'] : [],
    );
  });
});
