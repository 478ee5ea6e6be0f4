import { describe, expect, it } from '@jest/globals';
import { foldStay, parametersOn, type StayEvent } from '#libs/domain';
import type { RecordedCall } from '#libs/fhir';
import { county, faultsOf, ids, INTAKE } from '../../test/reading.ts';
import type { Translation } from '../translation.ts';
import { readNoticeFormRecord } from './read-notice-form.ts';

const PERSON = {
  identity: { type: 'personnummer', value: '191212121212' },
  family: 'Tolvansson',
  given: ['Tolvan'],
  address: { lines: ['Exempelgatan 1'], postalCode: '171 01', city: 'Solna', municipality: '0184' },
};
const BASE = { ward: 'SE2321000016-1002', person: PERSON, stay: { admitted: '2026-05-10T10:00' } };

function reading(form: object, intakeAt = INTAKE): Translation {
  const bytes = Buffer.from(JSON.stringify({ ...BASE, ...form }));
  const inboundId = ids.inbound('KS', bytes, 'key');
  const arrival = { inboundId, sender: 'KS', bytes, intakeAt, intakeStamp: intakeAt * 1000 };
  return readNoticeFormRecord(arrival, { county, ids });
}

function eventOf(form: object, intakeAt = INTAKE): StayEvent {
  const translation = reading(form, intakeAt);
  if (translation.kind !== 'events') throw new Error(faultsOf(translation).join(' '));
  const { event } = translation.events[0]!;
  if (!('stayId' in event)) throw new Error('it is of a person');
  return event;
}

/** The stay that forms make together. */
function stayOf(...forms: object[]) {
  const events = forms.map((form, index) => eventOf(form, INTAKE + index * 60_000));
  expect(new Set(events.map(({ stayId }) => stayId)).size).toBe(1);
  return foldStay(events, { parameters: (date) => parametersOn(date) });
}

describe('a notice form', () => {
  it('becomes the event that a machine message of the same meaning would have become', () => {
    const event = eventOf({ code: 'INS', need: ['SOC', 'ROV'], at: '2026-05-10T14:00', judgedBy: 'SE2321000016-1X1' });
    expect(event).toMatchObject({
      ...{ sender: 'KS', trigger: 'INS', course: 'update', sentAt: INTAKE, at: INTAKE, findings: [] },
      patientId: ids.patient('http://electronichealth.se/identifier/personnummer', '191212121212'),
      terms: { organisation: 'SE2321000016-1000', ins: 'auto' },
      patient: {
        name: { family: 'Tolvansson', given: ['Tolvan'] },
        address: { postalCode: '17101', municipality: '0184' },
      },
      encounter: { class: 'IMP', ward: 'SE2321000016-1002', start: { precision: 'minute' } },
      facts: [
        { code: 'NEED', values: ['SOC', 'ROV'], stated: '2026-05-10T14:00', judgedBy: 'SE2321000016-1X1' },
        { code: 'INS', values: ['Y'] },
      ],
    });
  });

  it('a protected person has no address from there on', () => {
    const person = { ...PERSON, protection: 'sekretessmarkering' };
    expect(eventOf({ code: 'UTK', person }).patient).not.toHaveProperty('address');
  });

  it('several make one stay: admitted, needed, ready, discharged', () => {
    const stay = stayOf(
      { code: 'INS', need: ['SOC'], expectedDischarge: '2026-05-14' },
      { code: 'CONSENT', given: true },
      { code: 'UTK' },
      { code: 'UTS', discharged: '2026-05-10T14:33' },
    );
    expect(stay.state).toBe('discharged');
    expect(stay.ready).not.toBe('unstated');
    expect(stay.discharges).toHaveLength(1);
  });

  it('one that takes the admission back leaves no stay', () => {
    expect(stayOf({ code: 'INS', need: ['SOC'] }, { code: 'INS-WITHDRAWN', because: 'NEVER-ADMITTED' }).state).toBe(
      'cancelled',
    );
  });

  it('a fact of a day holds to its end, and never after it was sent (DEC-21)', () => {
    expect(eventOf({ code: 'UTK', at: '2026-05-09' }).facts[0]?.at).toBe(Date.parse('2026-05-09T23:59:59.999+02:00'));
    expect(eventOf({ code: 'UTK', at: '2026-05-12' }).facts[0]?.at).toBe(INTAKE);
  });

  it('of a fax that was sent all the same is a record of it, at its own time (TEK-02)', () => {
    const call = { recipient: '0184', channel: 'fax', notice: 'INS', reason: 'Systemet nere' };
    const translation = reading({ code: 'CALL', ...call, happened: '2026-05-10T12:00' });
    const event = (translation as { readonly events: readonly RecordedCall[] }).events[0];
    expect(translation.kind).toBe('operator-events');
    expect(event?.stayId).toBe(eventOf({ code: 'UTK' }).stayId);
    const at = Date.parse('2026-05-10T12:00+02:00');
    expect(event?.says).toEqual({ kind: 'call-recorded', recipient: '0184', channel: 'fax', notice: 'INS', at });
  });

  it.each<[object, string[]]>([
    [{ code: 'UTK', ward: 'SE2321000016-1102' }, ['unknown-ward@$.ward']],
    [{ code: 'UTX' }, ['bad-form@$.code']],
  ])('that cannot be taken is rejected: %j', (form, expected) => {
    expect(faultsOf(reading(form))).toEqual(expected);
  });
});
