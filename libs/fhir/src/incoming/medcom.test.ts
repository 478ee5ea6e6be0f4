import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Bundle } from 'fhir/r4.js';
import type { WardWords } from './message.ts';
import { readIncoming } from './read-message.ts';

const CODES = 'http://medcomfhir.dk/ig/terminology/CodeSystem';
const EPISODE = 'b1c2d3e4-0000-4000-8000-000000000001';

interface Notification {
  readonly activity: string;
  readonly status: string;
  readonly klass?: 'IMP' | 'EMER';
  readonly end?: string;
  readonly deceased?: boolean;
  readonly previous?: 'revision' | 'removal';
}

/** A HospitalNotification of our own, as MedCom has them: the Provenance of the message before stands first. */
function notification({ activity, status, klass = 'IMP', end, deceased, previous }: Notification): Bundle {
  const provenance = (id: string, code: string, role?: string) => ({
    resourceType: 'Provenance' as const,
    id: `p-${id}`,
    target: [{ reference: `MessageHeader/${id}` }],
    recorded: '2026-05-10T15:00:00+02:00',
    activity: { coding: [{ system: `${CODES}/medcom-messaging-activityCodes`, code }] },
    agent: [{ who: { reference: 'Organization/sender' } }],
    ...(role !== undefined && { entity: [{ role: role as 'revision', what: { reference: 'MessageHeader/before' } }] }),
  });
  const resources = [
    {
      resourceType: 'MessageHeader' as const,
      id: 'now',
      eventCoding: { system: `${CODES}/medcom-messaging-eventCodes`, code: 'hospital-notification-message' },
      source: { endpoint: 'https://sor2.sum.dsdn.dk/#id=1' },
      focus: [{ reference: 'Encounter/stay' }],
    },
    {
      resourceType: 'Patient' as const,
      id: 'person',
      identifier: [{ system: 'urn:oid:1.2.208.176.1.2', value: '0000000000' }],
      name: [{ family: 'Eksempel', given: ['Test'] }],
      ...(deceased !== undefined && { deceasedBoolean: deceased }),
    },
    {
      resourceType: 'Encounter' as const,
      id: 'stay',
      status: status as 'finished',
      class: { code: klass },
      subject: { reference: 'Patient/person' },
      episodeOfCare: [{ identifier: { value: EPISODE } } as never],
      period: { start: '2026-05-10T14:00:00+02:00', ...(end !== undefined && { end }) },
    },
    ...(previous ? [provenance('before', 'admit-inpatient')] : []),
    provenance('now', activity, previous),
  ];
  return {
    resourceType: 'Bundle',
    id: 'medcom',
    type: 'message',
    timestamp: '2026-05-10T15:00:00+02:00',
    entry: resources.map((resource) => ({ fullUrl: `${resource.resourceType}/${resource.id}`, resource })),
  };
}

function words(value: unknown): WardWords {
  const reading = readIncoming(value);
  if (!reading.ok) throw new Error(reading.faults.map(({ rule, place }) => `${rule} ${place}`).join('\n'));
  if (reading.message.words.from !== 'ward') throw new Error('no ward');
  return reading.message.words;
}

const END = '2026-05-14T11:00:00+02:00';

describe('a HospitalNotification', () => {
  it.each<[string, Notification, string, object]>([
    ['STIN', { activity: 'admit-inpatient', status: 'in-progress' }, 'admit', { class: 'IMP' }],
    ['STAA', { activity: 'admit-emergency', status: 'in-progress', klass: 'EMER' }, 'register', { class: 'EMER' }],
    ['RE_STIN', { activity: 'revise-admit-inpatient', status: 'in-progress', previous: 'revision' }, 'admit', {}],
    [
      'AN_STIN',
      { activity: 'cancel-admit-inpatient', status: 'entered-in-error', previous: 'removal' },
      'cancel-admission',
      {},
    ],
    ['STOR', { activity: 'start-leave-inpatient', status: 'onleave', previous: 'revision' }, 'leave-start', {}],
    ['SLOR', { activity: 'end-leave-inpatient', status: 'in-progress', previous: 'revision' }, 'leave-end', {}],
    [
      'AN_STOR',
      { activity: 'cancel-start-leave-inpatient', status: 'in-progress', previous: 'removal' },
      'leave-end',
      {},
    ],
    [
      'SLHJ',
      { activity: 'discharge-inpatient-home', status: 'finished', end: END, previous: 'revision' },
      'discharge',
      { leaving: 'home', end: { iso: END } },
    ],
    [
      'RE_SLHJ',
      { activity: 'revise-discharge-inpatient-home', status: 'finished', end: END, previous: 'revision' },
      'update',
      { end: { iso: END } },
    ],
    [
      'AN_SLHJ',
      { activity: 'cancel-discharge-inpatient-home', status: 'in-progress', previous: 'removal' },
      'cancel-discharge',
      {},
    ],
    [
      'MORS',
      { activity: 'admit-inpatient', status: 'finished', end: END, deceased: true, previous: 'revision' },
      'discharge',
      { leaving: 'dead' },
    ],
  ])('%s is read by its activity, never by its status alone', (_code, said, course, encounter) => {
    const read = words(notification(said));
    expect(read).toMatchObject({ course, visitId: EPISODE, encounter, identities: [{ type: 'other' }] });
    if (said.activity.startsWith('cancel-discharge')) expect(read.encounter).not.toHaveProperty('end');
  });

  it.each([
    [
      'another message of MedCom',
      { ...notification({ activity: 'admit-inpatient', status: 'in-progress' }) },
      'fhir-danish-only',
    ],
    [
      'an activity that is none',
      notification({ activity: 'transfer-to-the-moon', status: 'in-progress' }),
      'fhir-code',
    ],
  ])('%s is refused with its reason', (_what, bundle, rule) => {
    const text = JSON.stringify(bundle).replace(
      rule === 'fhir-danish-only' ? 'hospital-notification-message' : '',
      rule === 'fhir-danish-only' ? 'care-communication-message' : '',
    );
    const reading = readIncoming(JSON.parse(text));
    expect(reading.ok ? [] : reading.faults.map((fault) => fault.rule)).toEqual([rule]);
  });
});

const SAMPLES = join(import.meta.dirname, '../../../../../shared/samples/medcom');

// A fresh clone has no such folder: what others wrote is never copied into this one.
(existsSync(SAMPLES) ? describe : describe.skip)('the samples of others', () => {
  const files = existsSync(SAMPLES) ? readdirSync(SAMPLES).filter((name) => name.endsWith('.json')) : [];

  it.each(files)('%s becomes an event, or is refused with a reason', (file) => {
    const bundle = JSON.parse(readFileSync(join(SAMPLES, file), 'utf8')) as Bundle;
    const reading = readIncoming(bundle);
    const isNotification = JSON.stringify(bundle.entry?.[0]).includes('hospital-notification-message');
    if (isNotification) expect(reading.ok ? [] : reading.faults).toEqual([]);
    else expect(reading.ok ? [] : reading.faults.map(({ rule }) => rule)).toEqual(['fhir-danish-only']);
  });
});
