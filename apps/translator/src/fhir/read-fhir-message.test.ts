import { describe, expect, it } from '@jest/globals';
import type { Bundle } from 'fhir/r4.js';
import { answerCodeOf, historyOf, parametersOn, type Act, type StayEvent } from '#libs/domain';
import { INCOMING_KINDS, maySay, type SenderEvent } from '#libs/fhir';
import { fhirEventId } from '#libs/forms';
import {
  INCOMING_EXAMPLES,
  planningMessage,
  WARD_PLANNING_EXAMPLES,
} from '../../../../libs/fhir/definitions/incoming-examples.ts';
import {
  observation,
  partyMessage,
  TOLD_NOTICE,
  TOLD_STAY,
  wardMessage,
  type IncomingExample,
} from '../../../../libs/fhir/definitions/incoming-message.ts';
import { adt, fact, PNR, WARD, type AdtParts } from '../../test/adt.ts';
import { county, faultsOf, ids, only, read } from '../../test/reading.ts';
import { eventValue, isTooLarge } from '../records.ts';
import type { Translation } from '../translation.ts';
import { readFhirMessage } from './read-fhir-message.ts';

function reading(bundle: object, sender = 'KS', intakeAt = Date.parse('2026-05-20T12:00:00+02:00')): Translation {
  const bytes = Buffer.from(JSON.stringify(bundle));
  const inboundId = ids.inbound(sender, bytes, 'key');
  return readFhirMessage({ inboundId, sender, bytes, intakeAt, intakeStamp: intakeAt * 1000 }, { county, ids });
}

function eventOf(bundle: object, sender = 'KS', intakeAt?: number): StayEvent {
  const translation = reading(bundle, sender, intakeAt);
  if (translation.kind !== 'events') throw new Error(faultsOf(translation).join(' '));
  return ofStay(only(translation.events).event);
}

function ofStay(event: SenderEvent): StayEvent {
  if ('stayId' in event) return event;
  throw new Error('it is of a person');
}

const withPatient = (identifier: object[]): Bundle =>
  wardMessage({ id: 'm1', code: 'NEED', sender: 'KS', facts: [observation('NEED', ['SOC'])], patient: { identifier } });
const pnr = (value: string, more: object = {}) => ({
  system: 'http://electronichealth.se/identifier/personnummer',
  value,
  ...more,
});

describe('a message of a ward', () => {
  it.each([...INCOMING_KINDS.keys()].filter((code) => maySay(code, 'ward') && !WARD_PLANNING_EXAMPLES.has(code)))(
    '%s is an event',
    (code) => {
      const event = eventOf(INCOMING_EXAMPLES.get(code)!);
      expect(event).toMatchObject({
        trigger: code,
        sender: 'KS',
        findings: [],
        patient: { identities: [{ value: '191212121212' }] },
      });
      expect(event.stayId).toBe(ids.stay('SE2321000016-1000', 'V-1'));
      expect(event.eventId).toBe(fhirEventId(ids, 'KS', `example-${code.toLowerCase()}`));
    },
  );

  it.each<[string, object[], string[]]>([
    ['a wrong check digit', [pnr('191212121213')], ['wrong-check-digit@Bundle.entry[2].resource.identifier[0].value']],
    ['ten digits', [pnr('121212-1212')], ['bad-identity@Bundle.entry[2].resource.identifier[0].value']],
    [
      'a co-ordination number under another name',
      [pnr('191212721219')],
      ['bad-identity@Bundle.entry[2].resource.identifier[0].value'],
    ],
    [
      'two personal numbers',
      [pnr('191212121212'), pnr('189001019802')],
      ['identities-differ@Bundle.entry[2].resource.identifier[0]'],
    ],
    ['no number', [], ['no-patient-identity@Bundle.entry.resource.ofType(Patient).identifier']],
  ])('with %s nobody is told of anybody', (_what, identifier, expected) => {
    expect(faultsOf(reading(withPatient(identifier)))).toEqual(expected);
  });

  it('takes the number that is in force, and keeps a foreign one apart', () => {
    const event = eventOf(
      withPatient([
        { system: 'urn:oid:1.2.3', value: '4711' },
        pnr('189001019802', { period: { end: '2020-01-01' } }),
        pnr('19121212-1212'),
      ]),
    );
    expect(event.patient.identities.map(({ type, value }) => `${type} ${value}`)).toEqual([
      'personnummer 191212121212',
      'other 4711',
      'personnummer 189001019802',
    ]);
  });

  it('reads as many identities as anybody has, and says that there were more', () => {
    const local = Array.from({ length: 300 }, (_, n) => ({ system: 'urn:oid:1.2.3', value: `L${n}` }));
    const { findings, patient } = eventOf(withPatient([...local, pnr('191212121212')]));
    expect([patient.identities.length, patient.identities[0]?.type]).toEqual([50, 'personnummer']);
    expect(findings.map(({ code, grade }) => `${grade} ${code}`)).toEqual(['flagged more-identities']);
    const long = { system: 'urn:oid:1.2.3', value: '9'.repeat(256) };
    expect(eventOf(withPatient([long, pnr('191212121212')])).patient.identities).toHaveLength(1);
  });

  it('has at most a hundred values of one fact, and as long a text as the door takes', () => {
    const info = (text: string) =>
      wardMessage({ id: 'm1', code: 'INFO', sender: 'KS', facts: [observation('INFO', [text])] });
    const event = eventOf(info('Å"'.repeat(200_000)));
    expect(isTooLarge(eventValue({ event, raw: { controlId: 'm1', visitId: 'V-1' } }))).toBe(false);
    const contacts = Array.from({ length: 101 }, (_, n) => `SE2321000016-${2000 + n}`);
    const many = (values: string[]) =>
      wardMessage({
        id: 'm1',
        code: 'NEED',
        sender: 'KS',
        facts: [
          observation('NEED', ['SOC']),
          observation('CONTACT', [], { component: values.map((valueString) => ({ code: {}, valueString })) }),
        ],
      });
    expect(faultsOf(reading(many(contacts)))).toEqual([expect.stringMatching(/^fhir-too-many-entries@/)]);
    expect(eventOf(many(contacts.slice(1))).facts[1]?.values).toHaveLength(100);
  });

  it('stands in the order of time when it was sent where what it says lies far ahead', () => {
    const text = JSON.stringify(INCOMING_EXAMPLES.get('UTS'));
    const ahead = JSON.parse(text.replace(/"end":"[^"]+"/, '"end":"2027-05-01"')) as Bundle;
    const { at, sentAt, encounter } = eventOf(ahead);
    expect([at, encounter.end?.iso]).toEqual([sentAt, '2027-05-01']);
  });

  it('of a sender whose agreement has ended is rejected', () => {
    expect(faultsOf(reading(INCOMING_EXAMPLES.get('NEED')!, 'NOBODY'))).toEqual(['unknown-sender@']);
  });

  it('an INS that goes out by itself is withdrawn by there being no need, one that was ordered by the order', () => {
    const withdrawn = (sender: string) =>
      eventOf(wardMessage({ ...INS_WITHDRAWN, sender }), sender).facts.map(({ code, values, status }) => [
        code,
        values,
        status,
      ]);
    expect(withdrawn('KS')).toEqual([
      ['NEED', ['NONE'], 'F'],
      ['INS', [], 'D'],
    ]);
    expect(withdrawn('OS')).toEqual([['INS', [], 'D']]);
  });
});

describe('a message of a party', () => {
  it.each([...INCOMING_KINDS.keys()].filter((code) => maySay(code, 'party') && code !== 'OPPOSED'))(
    '%s is an answer',
    (code) => {
      const bundle = INCOMING_EXAMPLES.get(code)!;
      const [, party = ''] = /urn:bryggan:party:([A-Za-z0-9-]+)/.exec(JSON.stringify(bundle)) ?? [];
      const translation = reading(bundle, party);
      if (translation.kind !== 'party-events') throw new Error(faultsOf(translation).join(' '));
      const event = only(translation.events);
      expect(answerCodeOf(event.says)).toBe(code);
      expect(event).toMatchObject({ party, stayId: TOLD_STAY, about: TOLD_NOTICE });
    },
  );

  it('is taken back by its own id', () => {
    const said = { id: 'k2', code: 'KVI', sender: '0184' };
    const back = partyMessage({ ...said, corrects: { role: 'removal', previous: 'k1' } });
    const translation = reading(back, '0184');
    if (translation.kind !== 'party-events') throw new Error(faultsOf(translation).join(' '));
    expect(only(translation.events).says).toEqual({
      kind: 'undone',
      eventId: fhirEventId(ids, '0184', 'k1'),
      code: 'KVI',
    });
  });
});

describe('what a ward says for the planning', () => {
  it.each([...WARD_PLANNING_EXAMPLES])('%s is a word of its organisation on its stay', (code, bundle) => {
    const translation = reading(bundle);
    if (translation.kind !== 'party-events') throw new Error(faultsOf(translation).join(' '));
    const event = only(translation.events);
    expect(answerCodeOf(event.says)).toBe(code);
    const stayId = ids.stay('SE2321000016-1000', 'V-1');
    expect(event).toMatchObject({ party: 'SE2321000016-1000', stayId, grounds: ['CONSENT'] });
    expect(event).not.toHaveProperty('about');
  });

  it('without a ground between these legal forms it is rejected, and the place says where', () => {
    const without = planningMessage({ id: 'p1', code: 'QUERY', sender: 'KS', communication: { payload: [] } });
    expect(faultsOf(reading(without))).toEqual(['fhir-missing@Bundle.entry.resource.ofType(Communication).payload']);
    const unknown = planningMessage({
      ...{ id: 'p2', code: 'SIP-CALL', sender: 'KS' },
      communication: { recipient: [{ reference: 'Organization/0000' }] },
    });
    expect(faultsOf(reading(unknown))).toEqual(['unknown-party@Bundle.entry.resource.ofType(Communication).recipient']);
  });

  it('corrected, the earlier word never was', () => {
    const said = { id: 'p3', code: 'QUERY', sender: 'KS', communication: { payload: [{ contentString: 'När?' }] } };
    const translation = reading(planningMessage({ ...said, corrects: { role: 'revision', previous: 'p0' } }));
    if (translation.kind !== 'party-events') throw new Error(faultsOf(translation).join(' '));
    expect(translation.events.map(({ says }) => says)).toEqual([
      { kind: 'asked', thread: fhirEventId(ids, 'KS', 'p3'), text: 'När?' },
      { kind: 'undone', eventId: fhirEventId(ids, 'KS', 'p0'), code: 'QUERY' },
    ]);
  });
});

const INS_WITHDRAWN: IncomingExample = {
  ...{ id: 'w1', code: 'INS-WITHDRAWN', sender: 'KS' },
  facts: [observation('INS', [], { status: 'entered-in-error' })],
};

/** One course of a stay, said by an HL7 v2 system and by a FHIR system. Times of day have seconds in FHIR. */
const STEPS: readonly { what: string; hl7: AdtParts; fhir: Omit<IncomingExample, 'sender'> }[] = [
  {
    what: 'need, and the expected discharge',
    hl7: {
      trigger: 'A08',
      msh: at('150000'),
      pv2: { 9: '20260512' },
      obx: [fact('NEED', 'SOC~ROV'), fact('CONSENT', 'Y', { 4: 'SOC' })],
    },
    fhir: {
      ...{ id: 's1', code: 'NEED', sent: '2026-05-10T15:00:00+02:00', encounter: planned('2026-05-12') },
      facts: [observation('NEED', ['ROV', 'SOC']), observation('CONSENT', ['Y'], {}, ['SOC'])],
    },
  },
  {
    what: 'another expected discharge',
    hl7: { trigger: 'A16', msh: at('160000'), pv2: { 9: '20260514' } },
    fhir: { id: 's2', code: 'BUT', sent: '2026-05-10T16:00:00+02:00', encounter: planned('2026-05-14') },
  },
  {
    what: 'ready for discharge',
    hl7: { trigger: 'A08', msh: at('170000'), obx: [fact('READY', 'Y', { 14: '20260510165500+0200' })] },
    fhir: {
      id: 's3',
      code: 'UTK',
      sent: '2026-05-10T17:00:00+02:00',
      facts: [observation('READY', ['Y'], { effectiveDateTime: '2026-05-10T16:55:00+02:00' })],
    },
  },
  {
    what: 'that was a mistake',
    hl7: { trigger: 'A08', msh: at('171000'), obx: [fact('READY', '', { 11: 'D', 14: '20260510165500+0200' })] },
    fhir: {
      ...{ id: 's4', code: 'UTK', sent: '2026-05-10T17:10:00+02:00', corrects: { role: 'removal', previous: 's3' } },
      facts: [observation('READY', [], { effectiveDateTime: '2026-05-10T16:55:00+02:00', status: 'entered-in-error' })],
    },
  },
  {
    what: 'ready after all',
    hl7: { trigger: 'A08', msh: at('180000'), obx: [fact('READY', 'Y')] },
    fhir: { id: 's5', code: 'UTK', sent: '2026-05-10T18:00:00+02:00', facts: [observation('READY', ['Y'])] },
  },
  {
    what: 'the discharge',
    hl7: { trigger: 'A03', msh: at('190000'), pv1: { 45: '20260510185500+0200', 36: '01' } },
    fhir: { id: 's6', code: 'UTS', sent: '2026-05-10T19:00:00+02:00', encounter: left('2026-05-10T18:55:00+02:00') },
  },
  {
    what: 'no, earlier',
    hl7: { trigger: 'A08', msh: at('190500'), pv1: { 45: '20260510185000+0200', 36: '01' } },
    fhir: {
      ...{ id: 's7', code: 'UTS', sent: '2026-05-10T19:05:00+02:00' },
      corrects: { role: 'revision', previous: 's6' },
      encounter: left('2026-05-10T18:50:00+02:00'),
    },
  },
  {
    what: 'the information',
    hl7: { trigger: 'A08', msh: at('191000'), obx: [fact('INFO', 'Läkemedel ändrade.', { 4: 'ROV' })] },
    fhir: {
      id: 's8',
      code: 'INFO',
      sent: '2026-05-10T19:10:00+02:00',
      facts: [observation('INFO', ['Läkemedel ändrade.'], {}, ['ROV'])],
    },
  },
  {
    what: 'no, not discharged',
    hl7: { trigger: 'A13', msh: at('192000') },
    fhir: {
      ...{ id: 's9', code: 'UTS', sent: '2026-05-10T19:20:00+02:00' },
      corrects: { role: 'removal', previous: 's7' },
    },
  },
];

function at(time: string) {
  return { 7: `20260510${time}+0200`, 10: `C-${time}` };
}
function planned(valueDateTime: string) {
  return {
    extension: [
      { url: 'http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate', valueDateTime },
    ],
  };
}
function left(end: string) {
  const home = { system: 'http://terminology.hl7.org/CodeSystem/discharge-disposition', code: 'home' };
  return {
    period: { start: '2026-05-10T14:00:00+02:00', end },
    hospitalization: { dischargeDisposition: { coding: [home] } },
  };
}

const ADDRESS = 'Exempelgatan 1^^Solna^^16900^SE^L^^0184';

function hl7Event({ evn, pv1, pv2, ...parts }: AdtParts, intakeAt: number): StayEvent {
  const bytes = adt({
    ...parts,
    // EVN-6 is the time of what is told; the FHIR system of these tests states none beside it.
    evn: { 6: undefined, ...evn },
    pid: { 3: PNR, 5: 'Tolvansson^Tolvan^^^^^L', 8: undefined, 11: ADDRESS },
    pv1: { 3: `11^^^${WARD}`, 19: 'V-1', 44: '20260510140000+0200', ...pv1 },
    pv2: { 9: undefined, ...pv2 },
  });
  const translation = read(bytes);
  if (translation.kind !== 'events') throw new Error(faultsOf(translation).join(' '));
  const event = ofStay(only(translation.events).event);
  return { ...event, intakeAt, intakeStamp: intakeAt * 1000 };
}

/** Both systems say each step a minute after it was sent. */
const intakeOf = ({ fhir }: (typeof STEPS)[number]) => Date.parse(fhir.sent ?? '') + 60_000;
const BY_HL7 = STEPS.map((step) => hl7Event(step.hl7, intakeOf(step)));
const BY_FHIR = STEPS.map((step) => eventOf(wardMessage({ ...step.fhir, sender: 'KS' }), 'KS', intakeOf(step)));

function told(events: readonly StayEvent[]): object[] {
  const { acts } = historyOf({
    events,
    directory: county.directory,
    parameters: parametersOn,
    judge: ({ sentAt }) => sentAt,
  });
  const step = new Map(events.map(({ eventId }, index) => [eventId, index]));
  return acts.map(({ kind, recipient, sent, ground, content, statedBy, ended }: Act) => ({
    ...{ kind, recipient, sent, ground, content, statedBy: step.get(statedBy) },
    ended: ended && { sent: ended.sent },
  }));
}

describe('a FHIR system and an HL7 v2 system that say the same', () => {
  it.each(STEPS.map(({ what }, index) => [what, index] as const))('say the same of the stay: %s', (_what, index) => {
    const plain = (event: StayEvent) => ({
      ...event,
      ...{ eventId: '', inboundId: '', trigger: '', findings: [] },
      // How a time is written differs, and names the fact within its own system.
      facts: event.facts.map((one) => ({ ...one, stated: one.stated !== undefined })),
      encounter: { ...event.encounter, start: event.encounter.start?.start, end: event.encounter.end?.start },
    });
    expect(plain(BY_FHIR[index]!)).toEqual(plain(BY_HL7[index]!));
  });

  it.each(STEPS.map(({ what }, index) => [what, index + 1] as const))(
    'have the same told to the same: up to %s',
    (_what, count) => {
      const acts = told(BY_FHIR.slice(0, count));
      expect(acts).toEqual(told(BY_HL7.slice(0, count)));
      expect(acts.length).toBeGreaterThan(0);
    },
  );
});
