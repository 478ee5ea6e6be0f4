import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FhirResource } from 'fhir/r4.js';
import type { Act, NoticeContent, NoticePerson } from '#libs/domain';
import {
  EXTENSION,
  IDENTIFIER_SYSTEM,
  isUnreadable,
  readNoticeBundle,
  readProvenance,
  writeNoticeBundle,
  type NoticeInput,
} from '../index.ts';

const SENT = Date.UTC(2026, 4, 10, 12, 30);
const ENDED = SENT + 3_600_000;
const TIMESTAMP = SENT + 1_000;

const person: NoticePerson = {
  identity: { type: 'personnummer', system: IDENTIFIER_SYSTEM.personnummer, value: '191212121212' },
  name: { family: 'Tolvansson', given: ['Tolvan'] },
  address: { lines: ['Storgatan 1'], postalCode: '12345', city: 'Stockholm', municipality: '0180' },
};
const protectedPerson: NoticePerson = { ...person, protection: 'sekretessmarkering' };
const day = { iso: '2026-05-12', precision: 'day', start: SENT, end: SENT + 1 } as const;
const minute = { iso: '2026-05-12T14:30+02:00', precision: 'minute', start: SENT, end: SENT + 60_000 } as const;
const base = { person, careProvider: 'Region Stockholm' };

const CONTENT = {
  INS: { ...base, kind: 'INS', expectedDischarge: day, ownNeed: ['SOC', 'KHSL'] },
  BUT: { ...base, kind: 'BUT', expectedDischarge: minute },
  UTK: { ...base, kind: 'UTK', readySince: SENT },
  'OPT-DECISION': { ...base, kind: 'OPT-DECISION', decidedAt: SENT },
  UTS: { ...base, kind: 'UTS', dischargedAt: minute },
  INFO: { ...base, kind: 'INFO', scope: 'ROV', text: 'Läkemedel ändrade.\u0007\nSe listan.' },
} as const satisfies Record<string, NoticeContent>;
const KINDS = ['INS', 'BUT', 'UTK', 'OPT-DECISION', 'UTS', 'INFO'] as const;

const actOf = (content: NoticeContent): Act => ({
  kind: content.kind,
  recipient: '0180-jarva',
  slot: '',
  statedBy: 'event-1',
  at: SENT,
  sent: SENT,
  content,
  ground: content.kind === 'INS' || content.kind === 'BUT' ? 'LUS_2KAP' : 'CONSENT',
  trace: [{ rule: 'DEC-02', text: 'hemlig rad' }],
  key: 'key-1',
  ended: { statedBy: 'event-2', at: ENDED, sent: ENDED, cause: 'deceased' },
});

const inputOf = (content: NoticeContent, more: Partial<NoticeInput> = {}): NoticeInput => ({
  deliveryId: '11111111-1111-8111-8111-111111111111',
  actId: '22222222-2222-8222-8222-222222222222',
  stayId: '33333333-3333-8333-8333-333333333333',
  patientIdForParty: '44444444-4444-8444-8444-444444444444',
  recipient: { id: '0180-jarva', name: 'Järva stadsdelsnämnd' },
  act: actOf(content),
  replyAddress: '55555555-5555-8555-8555-555555555555',
  timestamp: TIMESTAMP,
  version: 3,
  ...more,
});
const WITHDRAWAL = { withdrawal: { ofIds: ['66666666-6666-8666-8666-666666666666'] } };

function read(input: NoticeInput) {
  const view = readNoticeBundle(JSON.parse(JSON.stringify(writeNoticeBundle(input))));
  if (isUnreadable(view)) throw new Error(view.unreadable);
  return view;
}

const text = (value: unknown) => JSON.stringify(value);

describe('a notice over the wire', () => {
  it.each(KINDS)('tells of %s what was put in', (kind) => {
    expect(read(inputOf(CONTENT[kind]))).toMatchObject({
      deliveryId: '11111111-1111-8111-8111-111111111111',
      bundleId: '11111111-1111-8111-8111-111111111111',
      actId: '22222222-2222-8222-8222-222222222222',
      stayId: '33333333-3333-8333-8333-333333333333',
      category: kind,
      kind,
      recipient: '0180-jarva',
      status: 'completed',
      sent: SENT,
      timestamp: TIMESTAMP,
      withdraws: [],
      ground: kind === 'INS' || kind === 'BUT' ? 'LUS_2KAP' : 'CONSENT',
      replyAddress: '55555555-5555-8555-8555-555555555555',
      version: 3,
      protected: false,
    });
  });

  it.each([
    ['INS', 'INS-WITHDRAWN', 'completed'],
    ['BUT', 'BUT', 'entered-in-error'],
    ['UTK', 'UTK-WITHDRAWN', 'completed'],
    ['OPT-DECISION', 'OPT-DECISION', 'entered-in-error'],
    ['UTS', 'UTS', 'entered-in-error'],
    ['INFO', 'INFO', 'entered-in-error'],
  ] as const)('withdraws %s as %s with status %s (contract 4)', (kind, category, status) => {
    expect(read(inputOf(CONTENT[kind], WITHDRAWAL))).toMatchObject({
      category,
      kind,
      status,
      sent: ENDED,
      withdraws: WITHDRAWAL.withdrawal.ofIds,
    });
  });

  it.each([
    ['INS', 'in-progress', 'unknown'],
    ['BUT', 'in-progress', 'in-progress'],
    ['UTK', 'in-progress', 'in-progress'],
    ['OPT-DECISION', 'unknown', 'unknown'],
    ['UTS', 'finished', 'in-progress'],
    ['INFO', 'unknown', 'unknown'],
  ] as const)('says of the stay with %s: %s, withdrawn: %s', (kind, told, withdrawn) => {
    expect(read(inputOf(CONTENT[kind])).encounter.status).toBe(told);
    expect(read(inputOf(CONTENT[kind], WITHDRAWAL)).encounter.status).toBe(withdrawn);
  });

  it('has the planned end in INS and BUT alone, the end in UTS alone, and none of it when withdrawn', () => {
    const planned = KINDS.filter((kind) =>
      text(read(inputOf(CONTENT[kind])).encounter).includes(EXTENSION.plannedEndDate),
    );
    const ended = KINDS.filter((kind) => read(inputOf(CONTENT[kind])).encounter.period?.end !== undefined);
    expect(planned).toEqual(['INS', 'BUT']);
    expect(ended).toEqual(['UTS']);
    for (const kind of KINDS) expect(text(read(inputOf(CONTENT[kind], WITHDRAWAL)))).not.toContain('2026-05-12');
  });

  it('carries the address in an INS alone (LUS 2:2)', () => {
    const carrying = KINDS.filter((kind) => text(read(inputOf(CONTENT[kind]))).includes('Storgatan'));
    expect(carrying).toEqual(['INS']);
    expect(text(read(inputOf(CONTENT.INS, WITHDRAWAL)))).not.toContain('Storgatan');
  });

  it.each(KINDS)('never carries why it was decided, or why it ended (%s)', (kind) => {
    for (const more of [{}, WITHDRAWAL]) {
      const sent = text(writeNoticeBundle(inputOf(CONTENT[kind], more)));
      for (const secret of ['DEC-02', 'hemlig', 'deceased', 'event-1', 'event-2', 'key-1']) {
        expect(sent).not.toContain(secret);
      }
    }
  });

  it('tells a person in Swedish, in local time, but an INS in elements only', () => {
    const told = KINDS.map((kind) => read(inputOf(CONTENT[kind])).communication.payload?.[0]?.contentString);
    expect(told).toEqual([
      undefined,
      'Beräknad utskrivning 2026-05-10 14:30',
      'Utskrivningsklar sedan 2026-05-10 14:30',
      'Öppen psykiatrisk tvångsvård beslutad 2026-05-10 14:30',
      'Utskriven 2026-05-10 14:30',
      'Läkemedel ändrade.\nSe listan.',
    ]);
  });
});

describe('a protected person', () => {
  it.each(KINDS)('is labelled on every resource of %s, and the address masked', (kind) => {
    const bundle = writeNoticeBundle(inputOf({ ...CONTENT[kind], person: protectedPerson }));
    const all = [bundle, ...(bundle.entry ?? []).map(({ resource }) => resource as FhirResource)];
    for (const resource of all) {
      expect(resource.meta?.security?.map(({ code }) => code)).toEqual(['DEMO', 'sekretessmarkering']);
    }
    expect(text(bundle)).not.toContain('Storgatan');
    if (kind === 'INS') expect(text(bundle)).toContain('"valueCode":"masked"');
  });
});

describe('a person who became protected after the notice (DEC-23)', () => {
  const labelled = (input: NoticeInput) => {
    const bundle = writeNoticeBundle(input);
    const all = [bundle, ...(bundle.entry ?? []).map(({ resource }) => resource as FhirResource)];
    return all.map((resource) => resource.meta?.security?.map(({ code }) => code) ?? []);
  };
  const endedProtected = (content: NoticeContent): Act => {
    const act = actOf(content);
    return { ...act, ended: { ...act.ended!, protection: 'skyddadFolkbokforing' } };
  };

  it.each(KINDS)('is labelled on every resource of the withdrawal of %s, and no address is shown', (kind) => {
    for (const input of [
      inputOf(CONTENT[kind], { ...WITHDRAWAL, act: endedProtected(CONTENT[kind]) }),
      inputOf(CONTENT[kind], { withdrawal: { ...WITHDRAWAL.withdrawal, protection: 'skyddadFolkbokforing' } }),
    ]) {
      for (const labels of labelled(input)) expect(labels).toEqual(['DEMO', 'skyddadFolkbokforing']);
      expect(text(writeNoticeBundle(input))).not.toContain('Storgatan');
      expect(read(input).protected).toBe(true);
    }
  });

  it.each(KINDS)('is of the visit alone where the withdrawal of %s says so, and labelled no less', (kind) => {
    const withdrawal = { ...WITHDRAWAL.withdrawal, protection: 'unknown' } as const;
    const [ofPerson, ofVisit] = [{}, { ofVisitAlone: true } as const].map((more) =>
      inputOf(CONTENT[kind], { withdrawal: { ...withdrawal, ...more } }),
    );
    expect([ofPerson, ofVisit].map((input) => read(input!).ofVisitAlone)).toEqual([false, true]);
    for (const labels of labelled(ofVisit!)) expect(labels).toEqual(['DEMO', 'unknown']);
    expect(
      read(inputOf(CONTENT[kind], { withdrawal: { ...WITHDRAWAL.withdrawal, ofVisitAlone: true } })),
    ).toMatchObject({
      protected: false,
      ofVisitAlone: false,
    });
  });

  it('is labelled by the kind of protection that is known, whoever knows it', () => {
    const content = { ...CONTENT.INS, person: { ...person, protection: 'unknown' } } as const;
    const input = inputOf(content, { ...WITHDRAWAL, act: endedProtected(content) });
    for (const labels of labelled(input)) expect(labels).toEqual(['DEMO', 'skyddadFolkbokforing']);
  });

  it('has no label on the notice itself, which was told before', () => {
    const told = labelled(inputOf(CONTENT.INS, { act: endedProtected(CONTENT.INS) }));
    for (const labels of told) expect(labels).toEqual([]);
  });
});

describe('an identity on a notice', () => {
  const shown = (identity: NoticePerson['identity']) =>
    KINDS.map((kind) => read(inputOf({ ...CONTENT[kind], person: { ...person, identity } })).patient.identifier);

  it('of a local number says nothing of who issued it (DEC-35)', () => {
    const local = { type: 'other', system: 'urn:bryggan:assigner:KS-PSYK', value: '4711' } as const;
    for (const identifier of shown(local)) expect(identifier).toEqual([{ value: '4711' }]);
  });

  it('of co-ordination says how certain it is, where that is known (rules 4.5)', () => {
    const system = IDENTIFIER_SYSTEM.samordningsnummer;
    const number = { type: 'samordningsnummer', system, value: '196109732393', certainty: 'osaker' } as const;
    for (const [identifier] of shown(number).map((all) => all ?? []))
      expect(identifier?.extension).toEqual([{ url: EXTENSION.identityCertainty, valueCode: 'osaker' }]);
  });

  it('never says how long it is valid', () => {
    const dated = { ...person.identity, from: '2020-01-01', to: '2026-12-31' };
    for (const identifier of shown(dated)) {
      expect(identifier).toEqual([{ system: IDENTIFIER_SYSTEM.personnummer, value: '191212121212' }]);
    }
  });
});

describe('the chain of Provenance (standards 1.6)', () => {
  const chain = [
    { deliveryId: 'a', recorded: SENT },
    { deliveryId: 'b', recorded: SENT + 1, role: 'revision', previous: ['a'] },
  ] as const;

  it('has one for this message and one for each before it', () => {
    const view = read(inputOf(CONTENT.BUT, { follows: { deliveryId: 'b' }, chain }));
    expect(view.follows).toBe('b');
    expect(view.provenances.map(readProvenance)).toEqual([
      { deliveryId: view.deliveryId, recorded: TIMESTAMP, role: 'revision', previous: ['b'] },
      ...chain,
    ]);
  });

  it('says removal of all that a withdrawal withdraws', () => {
    const view = read(inputOf(CONTENT.UTS, { withdrawal: { ofIds: ['x', 'y'] } }));
    expect(view.provenances.map(readProvenance)).toEqual([
      { deliveryId: view.deliveryId, recorded: TIMESTAMP, role: 'removal', previous: ['x', 'y'] },
    ]);
    expect(view.withdraws).toEqual(['x', 'y']);
  });
});

describe('a record that is no notice', () => {
  it('is told as unreadable, never thrown', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(isUnreadable(readNoticeBundle(value))).toBe(true);
      }),
    );
  });
});
