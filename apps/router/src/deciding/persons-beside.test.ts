import { describe, expect, it } from '@jest/globals';
import { MINUTE, type Identity, type PersonEvent, type PersonStatement } from '#libs/domain';
import { IDENTIFIER_SYSTEM } from '#libs/fhir';
import type { OutRecord } from '#libs/messaging';
import type { ArrivedEvent } from '#libs/stays';
import { inForce, noticesIn, testRules } from '../../test/play.ts';
import { MONDAY, ORIGIN, stayEvent, uuidOf, type EventDraft } from '../../test/stay-events.ts';
import { CaseBook, NOTHING_KNOWN } from './case-book.ts';

/** What is said of a person beside any stay (A28, A31, A40), as the router takes it in with the stays of the person. */

const TOLVAN: Identity = { type: 'personnummer', system: IDENTIFIER_SYSTEM.personnummer, value: '191212121212' };
const OTHER: Identity = { ...TOLVAN, value: '189001019802' };

const A01: EventDraft = {
  ...{ name: 'a01', trigger: 'A01', minute: 0, expected: '2026-05-10' },
  facts: [{ code: 'NEED', values: ['SOC'] }],
};

const READY: EventDraft['facts'] = [
  { code: 'CONSENT', values: ['Y'] },
  { code: 'READY', values: ['Y'] },
];

function said(
  name: string,
  minute: number,
  says: PersonStatement,
  persons: readonly string[],
  revision = 1000,
): PersonEvent {
  const sentAt = MONDAY + minute * MINUTE;
  const [first = '', ...others] = persons.map(uuidOf);
  return {
    ...{ eventId: uuidOf(`event ${name}`), inboundId: uuidOf(`inbound ${name}`), ordinal: 0, revision },
    ...{ patientIds: [first, ...others], saidBy: 'KS', trigger: 'A31', at: sentAt, sentAt, says, findings: [] },
    ...{ intakeAt: sentAt, intakeStamp: sentAt * 1000 },
  };
}

const moved = (name: string, minute: number, revision?: number): PersonEvent =>
  said(
    name,
    minute,
    {
      kind: 'described',
      patient: { identities: [TOLVAN], address: { lines: ['Gatan 2'], municipality: '0183' } },
    },
    ['person'],
    revision,
  );
const merged = said('merge', 5, { kind: 'merged', from: [TOLVAN], patient: { identities: [OTHER] } }, [
  'other',
  'person',
]);

function play(events: readonly ArrivedEvent[]): OutRecord[] {
  const book = new CaseBook(NOTHING_KNOWN, testRules());
  return events.flatMap((event) => book.apply(event, ORIGIN) ?? []);
}

const standing = (events: readonly ArrivedEvent[]): string[] =>
  inForce(noticesIn(play(events)))
    .map(({ category, recipient, patient }) => `${category} ${recipient} ${patient.identifier?.[0]?.value}`)
    .sort();

describe('a new address of the person', () => {
  const stay = stayEvent(A01);

  it('is told to the new municipality, and taken back from the old one', () => {
    expect(standing([stay, moved('a31', 5)])).toEqual(['INS 0183 191212121212']);
  });

  it('said by another hospital is receipted to the ward of the stay, and the other learns of no stay', () => {
    const answeredTo = (events: readonly ArrivedEvent[]): string[] => [
      ...new Set(noticesIn(play(events)).map(({ replyAddress }) => replyAddress)),
    ];
    expect(answeredTo([stay, { ...moved('a31', 5), saidBy: 'DS' }])).toEqual(answeredTo([stay]));
    expect(answeredTo([stay, { ...moved('a31', 5), saidBy: 'operator' }])).toEqual(answeredTo([stay]));
  });

  it('that came before any stay is read by the stay that comes', () => {
    const unregistered = stayEvent({ ...A01, municipality: null });
    expect(standing([moved('a31', -60), unregistered])).toEqual(['INS 0183 191212121212']);
  });

  it('holds in every stay of the person, and in nobody else’s', () => {
    const second = stayEvent({ ...A01, stay: 'second' });
    const strangers = stayEvent({ ...A01, stay: 'third', person: 'stranger' });
    const one = 'INS 0183 191212121212';
    expect(standing([stay, second, strangers, moved('a31', 5)])).toEqual([one, one, 'INS 0184 191212121212']);
  });

  it('read twice changes nothing; read by a mended agreement as of no such person it never was', () => {
    const again = moved('a31', 5);
    const idsOf = (events: readonly ArrivedEvent[]): string[] => play(events).map(({ id }) => id);
    expect(idsOf([stay, again, again])).toEqual(idsOf([stay, again]));
    const mended = { ...moved('a31', 5, 2000), patientIds: [uuidOf('stranger')] as const };
    expect(standing([stay, again, mended])).toEqual(['INS 0184 191212121212']);
  });

  it('read by a mended agreement as an update of one stay is that, and no more', () => {
    const update = {
      ...stayEvent({ ...A01, name: 'a08', trigger: 'A08', minute: 5, municipality: '0183', facts: [] }),
      ...{ eventId: uuidOf('event a31'), inboundId: uuidOf('inbound a31'), revision: 2000 },
    };
    const second = stayEvent({ ...A01, stay: 'second' });
    const expected = ['INS 0183 191212121212', 'INS 0184 191212121212'];
    expect(standing([stay, second, moved('a31', 5), update])).toEqual(expected);
    expect(standing([update, moved('a31', 5), stay, second])).toEqual(expected);
  });
});

describe('a merger', () => {
  const a01 = stayEvent(A01);
  const a08 = stayEvent({ ...A01, name: 'a08', trigger: 'A08', minute: 10, facts: [] });

  it.each([
    ['before', [merged, a01, a08]],
    ['between', [a01, merged, a08]],
    ['after', [a01, a08, merged]],
  ])('%s the messages of the stay leaves the number that survives', (_name, events) => {
    expect(new Set(standing(events))).toEqual(new Set(['INS 0184 189001019802', 'INS 0184 191212121212']));
    const last = noticesIn(play(events)).at(-1);
    expect(last?.patient.identifier?.[0]?.value).toBe('189001019802');
  });

  it('carries a protection over from then on', () => {
    const protecting = stayEvent({ ...A01, stay: 'second', person: 'other', protection: 'sekretessmarkering' });
    const news = stayEvent({ ...A01, name: 'a08', trigger: 'A08', minute: 10, expected: '2026-05-12', facts: [] });
    expect(standing([protecting, a01, merged, news])).toEqual(['INS 0184 191212121212']);
  });

  it('that is undone takes back each notice under the number that it was told by, and not before it was told', () => {
    const ready = stayEvent({ ...A01, name: 'ready', trigger: 'A08', minute: 10, facts: READY });
    const undone = said('undo', 20, { kind: 'undone', eventId: merged.eventId }, ['other', 'person']);
    const notices = noticesIn(play([a01, merged, ready, undone]));
    const told = new Map(notices.map((notice) => [notice.deliveryId, notice]));
    const takenBack = notices.flatMap(({ withdraws, patient, sent }) =>
      withdraws.map((id) => ({ notice: told.get(id), number: patient.identifier?.[0]?.value, sent })),
    );
    expect(takenBack.map(({ notice }) => notice?.category).sort()).toEqual(['INS', 'UTK']);
    for (const { notice, number, sent } of takenBack) {
      expect(number).toBe(notice?.patient.identifier?.[0]?.value);
      expect(sent).toBe(undone.sentAt);
    }
    expect(standing([a01, merged, ready, undone])).toEqual(['INS 0184 191212121212', 'UTK 0184 191212121212']);
  });
});
