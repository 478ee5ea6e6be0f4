import { describe, expect, it } from '@jest/globals';
import { adt, type Fields } from '../test/adt.ts';
import { eventOf, faultsOf, read } from '../test/reading.ts';

const XAD = (type: string, more = '^^0184') => `Gatan 1^^Solna^^171 00^SE^${type}${more}`;
const patient = (pid: Fields, changed = {}) => eventOf({ pid }, changed).patient;

describe('registered address', () => {
  it.each([
    ['type L', XAD('L'), { municipality: '0184' }],
    ['type L among others', `${XAD('H', '^^0180')}~${XAD('L')}~${XAD('M')}`, { municipality: '0184' }],
    ['slug with its municipality', XAD('L', '^^0180^0180-jarva'), { municipality: '0180', district: 'jarva' }],
    ['slug in capitals', XAD('L', '^^0180^Jarva'), { municipality: '0180', district: 'jarva' }],
    ['three digits are no municipality', XAD('L', '^^184'), { lines: ['Gatan 1'] }],
    ['a street in parts', '&Gatan&1^^Solna^^^^L', { lines: ['Gatan 1'], city: 'Solna' }],
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

  it('home address counts when the agreement says so and no L is there', () => {
    const changed = { addressTypes: ['L', 'H'] as const };
    expect(patient({ 11: XAD('H') }, changed).address).toMatchObject({ municipality: '0184' });
    expect(patient({ 11: `${XAD('H')}~${XAD('L', '^^0180')}` }, changed).address).toMatchObject({
      municipality: '0180',
    });
  });
});

describe('protected identity', () => {
  const protectedBy = (pv2: Fields, arv: Fields[] = []) => eventOf({ pv2, arv }).patient;

  it.each([
    ['PV2-22 alone: kind unknown', { 22: 'Y' }, [], 'unknown'],
    ['SEKR', {}, [{ 3: 'SEKR' }], 'sekretessmarkering'],
    ['SKYDD', {}, [{ 3: 'SKYDD' }], 'skyddadFolkbokforing'],
    ['FING', {}, [{ 3: 'FING^text^BRYGGAN' }], 'fingeradePersonuppgifter'],
    ['the kind beside PV2-22', { 22: 'Y' }, [{ 3: 'SEKR' }], 'sekretessmarkering'],
    ['the strictest of several', {}, [{ 3: 'SEKR' }, { 3: 'FING' }], 'fingeradePersonuppgifter'],
    ['another restriction', {}, [{ 3: 'LOC' }], undefined],
    ['a deleted restriction', {}, [{ 2: 'D', 3: 'SEKR' }], undefined],
    ['a deleted restriction beside PV2-22', { 22: 'Y' }, [{ 2: 'D', 3: 'SEKR' }], 'unknown'],
    ['not protected', { 22: 'N' }, [], undefined],
    ['silence', {}, [], undefined],
  ])('%s', (_, pv2, arv, expected) => {
    expect(protectedBy(pv2, arv).protection).toBe(expected);
  });

  it.each([['L'], ['H']])('no address of type %s is put on the event', (type) => {
    const parts = { pid: { 11: XAD(type) }, pv2: { 22: 'Y' } };
    const event = eventOf(parts, { addressTypes: ['L', 'H'] });
    expect(event.patient).not.toHaveProperty('address');
    expect(JSON.stringify(event)).not.toContain('Gatan');
  });
});

describe('the rest of the patient', () => {
  it.each([
    ['the legal name', 'Elva^Elvan^^^^^N~Tolvan^Tolv^Erik^^^^L', { family: 'Tolvan', given: ['Tolv', 'Erik'] }],
    ['the first name without type', 'Tolvan&von&Tolvan', { family: 'Tolvan', given: [] }],
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

  it('a birth date that does not exist is a fault', () => {
    expect(faultsOf(read(adt({ pid: { 7: '19121345' } })))).toEqual(['bad-timestamp@PID-7']);
  });

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
    ['HSA-id', 'Name^^^^^^^^^SE2321000016-2001', 'SE2321000016-2001'],
    ['deleted', '""', null],
    ['its id deleted', 'Name^^^^^^^^^""', null],
    ['another kind of id', 'Name^^^^^^^^^4711', undefined],
    ['unstated', undefined, undefined],
  ])('listed clinic: %s', (_, xon, expected) => {
    expect(eventOf({ pd1: { 3: xon } }).patient.listedClinic).toBe(expected);
  });
});
