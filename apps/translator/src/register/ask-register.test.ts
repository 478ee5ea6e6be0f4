import { describe, expect, it } from '@jest/globals';
import { FilePersonRegister, type RegisteredPerson } from '#libs/county';
import { adt, type AdtParts } from '../../test/adt.ts';
import { county, read, stayEventOf, translatedOf } from '../../test/reading.ts';
import { askRegister, withRegisterWord } from './ask-register.ts';

const REGISTERED: RegisteredPerson = {
  identity: { type: 'personnummer', value: '191212121212' },
  formerly: [],
  family: 'TOLVAN',
  given: 'Tolv',
  birthDate: '1912-12-12',
  address: { municipality: '0180', district: 'jarva' },
  listedClinic: 'SE2321000016-2001',
};

const said = (person: Partial<RegisteredPerson>, parts: AdtParts = {}) => {
  const event = stayEventOf(adt(parts));
  const worded = withRegisterWord(event, { ...REGISTERED, ...person }, 'hl7v2');
  if (!('stayId' in worded)) throw new Error('it is of a person');
  return { event, worded, findings: worded.findings.map(({ code, place }) => `${code}@${place}`) };
};

describe('the register beside a message', () => {
  it('changes nothing where both say the same, or one says nothing', () => {
    const { event, worded } = said({});
    expect(worded).toBe(event);
    const silent = { pid: { 5: undefined, 7: undefined, 11: undefined }, pd1: { 3: undefined } };
    expect(said({}, silent).findings).toEqual([]);
    expect(said({ address: undefined, listedClinic: undefined, birthDate: undefined }).findings).toEqual([]);
  });

  it.each<[string, Partial<RegisteredPerson>, string]>([
    ['another number', { identity: { type: 'personnummer', value: '189001019802' } }, 'PID-3'],
    ['another name', { family: 'Elvan' }, 'PID-5'],
    ['another birth date', { birthDate: '1913-12-12' }, 'PID-7'],
    ['another municipality', { address: { municipality: '0184' } }, 'PID-11'],
    ['another board', { address: { municipality: '0180', district: 'farsta' } }, 'PID-11'],
    ['another clinic', { listedClinic: 'SE5560000001-2002' }, 'PD1-3'],
    ['a death', { died: '2026-05-01' }, 'PID-30'],
  ])('%s is told by its place, and what the sender stated stands', (_, person, place) => {
    const { event, worded, findings } = said(person);
    expect(findings).toEqual([`register-differs@${place}`]);
    expect({ ...worded, findings: [] }).toEqual({ ...event, findings: [] });
  });

  describe('and a co-ordination number', () => {
    const register = { identity: { type: 'samordningsnummer', value: '196109732393', certainty: 'sannolik' } } as const;
    const pid = { 3: '196109732393^^^&1.2.752.129.2.1.3.3&ISO^NI', 7: '19610913' };
    const silent: object = { birthDate: '1961-09-13', address: undefined };

    it('is as certain as the register has it where the sender says nothing, and that is no difference', () => {
      const { worded, findings } = said({ ...register, ...silent }, { pid });
      expect(worded.patient.identities).toMatchObject([{ value: '196109732393', certainty: 'sannolik' }]);
      expect(findings).toEqual([]);
    });

    it('is told where the sender has stated another certainty, which stands', () => {
      const event = stayEventOf(adt({ pid }));
      const [identity] = event.patient.identities;
      const stated = { ...event.patient, identities: [{ ...identity!, certainty: 'osaker' as const }] };
      const worded = withRegisterWord(
        { ...event, patient: stated },
        { ...REGISTERED, ...register, ...silent },
        'fhir-message',
      );
      expect('patient' in worded && worded.patient.identities).toMatchObject([{ certainty: 'osaker' }]);
      expect(worded.findings).toMatchObject([{ code: 'register-differs', place: 'Patient.identifier' }]);
    });
  });

  it('protects whom the register protects, though the message says nothing of it', () => {
    const { worded, findings } = said({ protection: 'sekretessmarkering', address: undefined } as never);
    expect(findings).toEqual(['register-protects@ARV-3']);
    expect(worded.patient.protection).toBe('sekretessmarkering');
    expect('address' in worded.patient).toBe(false);
  });

  it('keeps the stricter of two protections, and lifts none', () => {
    const arv = [{ 3: 'SEKR' }];
    expect(said({ protection: 'skyddadFolkbokforing' }, { arv }).worded.patient.protection).toBe(
      'skyddadFolkbokforing',
    );
    expect(said({ protection: 'sekretessmarkering' }, { arv: [{ 3: 'SKYDD' }] }).worded.patient.protection).toBe(
      'skyddadFolkbokforing',
    );
    expect(said({}, { arv }).worded.patient.protection).toBe('sekretessmarkering');
  });

  it('of what is said of a person as of a stay; a merge describes nobody', () => {
    const { event } = translatedOf(adt({ trigger: 'A31' }));
    expect(withRegisterWord(event, { ...REGISTERED, protection: 'sekretessmarkering' }, 'hl7v2')).toMatchObject({
      says: { patient: { protection: 'sekretessmarkering' } },
      findings: [{ code: 'register-protects' }],
    });
    const merge = translatedOf(adt({ trigger: 'A40' }).replace('PV1|', 'MRG|189001019802^^^SKV^PN\rPV1|')).event;
    expect(withRegisterWord(merge, { ...REGISTERED, protection: 'sekretessmarkering' }, 'hl7v2')).toBe(merge);
  });
});

describe('the register is asked of whom a message names', () => {
  /** A person whom the register of the demonstration county protects. */
  const PROTECTED = '189012259801';
  const of = (number: string) => adt({ pid: { 3: `${number}^^^SKV^PN`, 7: number.slice(0, 8) } });
  const reads = [
    of(PROTECTED),
    of('189001019802'),
    adt({ pid: { 3: 'LOKAL-1^^^KS^MR' } }),
    adt({ pv1: { 19: '' } }),
  ].map((text) => ({ inbound: { kind: 'hl7v2' }, translation: read(text) }));

  it('and protects; each event says that its person was looked up', async () => {
    const [guarded, unknown, local, rejected] = await askRegister(reads, new FilePersonRegister(county));
    expect(guarded).toMatchObject({
      events: [{ event: { register: 'found', patient: { protection: 'sekretessmarkering' } } }],
    });
    expect(unknown).toMatchObject({ events: [{ event: { register: 'unknown', findings: [] } }] });
    expect(local).toEqual(reads[2]?.translation);
    expect(rejected?.kind).toBe('rejection');
  });

  it('where the county has none, nobody is looked up', async () => {
    const none = new FilePersonRegister({ testPersons: () => [] });
    expect(await askRegister(reads, none)).toEqual(reads.map(({ translation }) => translation));
  });

  it('and while it does not answer nothing may be published', async () => {
    const silent = { isThere: () => true, find: () => Promise.reject(new Error('away')) };
    await expect(askRegister(reads, silent)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
