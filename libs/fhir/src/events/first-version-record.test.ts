import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readEventBundle } from '../index.ts';

/** A record as the first version wrote it: such lie unread on `events` when a hub is upgraded. */
const record = () =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'first-version-record.json'), 'utf8')) as {
    entry: { resource: Record<string, unknown> }[];
  };
const HAPPENED = Date.UTC(2026, 4, 14, 9);

describe('a record of the first version', () => {
  it('is read as an event of today', () => {
    expect(readEventBundle(record())).toEqual({
      eventId: '000000e1-0000-8000-8000-000000000001',
      inboundId: '00000010-0000-8000-8000-000000000001',
      ordinal: 0,
      revision: 1001,
      stayId: '00000051-0000-8000-8000-000000000001',
      patientId: '000000fa-0000-8000-8000-000000000001',
      sender: 'KS',
      trigger: 'A03',
      course: 'discharge',
      at: HAPPENED,
      sentAt: HAPPENED + 60_000,
      intakeAt: HAPPENED + 60_250,
      intakeStamp: (HAPPENED + 60_250) * 1000 + 999,
      terms: {
        organisation: 'SE2321000016-1000',
        careProvider: 'Region Stockholm',
        legalForm: 'region-authority',
        ins: 'auto',
        impliedNeed: ['SOC'],
        info: 'here',
        clock: 'trusted',
        connectedFrom: '2018-01-01',
      },
      patient: {
        identities: [
          {
            type: 'personnummer',
            system: 'http://electronichealth.se/identifier/personnummer',
            value: '195009072553',
          },
        ],
        deceased: false,
        address: null,
        protection: 'sekretessmarkering',
      },
      encounter: {
        class: 'IMP',
        end: { iso: '2026-05-14T11:00+02:00', precision: 'minute', start: HAPPENED, end: HAPPENED + 60_000 },
        leaving: 'transfer',
      },
      facts: [
        {
          code: 'CONSENT',
          scopes: ['SOC'],
          values: ['Y'],
          status: 'F',
          at: HAPPENED,
          stated: String(HAPPENED),
          judgedBy: 'SE2321000016-1X1',
        },
        { code: 'READY', scopes: [], values: ['Y'], status: 'F', at: HAPPENED + 60_000 },
      ],
      findings: [],
    });
  });

  it('with a trigger that the first version did not take is unreadable', () => {
    const other = record();
    other.entry[0]!.resource['eventCoding'] = { code: 'A99' };
    expect(readEventBundle(other)).toEqual({ unreadable: 'event: shape' });
  });
});
