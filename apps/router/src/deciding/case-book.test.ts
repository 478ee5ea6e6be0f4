import { describe, expect, it } from '@jest/globals';
import type { NoticeView } from '#libs/fhir';
import type { OutRecord } from '#libs/messaging';
import {
  A01,
  a08,
  CONSENT,
  NEED_BOTH,
  NOT_READY,
  ORIGIN,
  READY,
  REFUSED,
  BERGA,
  stayEvent,
  uuidOf,
  type EventDraft,
  moved,
  goesOn,
} from '../../test/stay-events.ts';
import { noticesIn, play, rules, tasksIn } from '../../test/play.ts';

const told = (drafts: readonly EventDraft[]): string[] => lines(noticesIn(play(drafts.map(stayEvent)).records));
const lines = (notices: readonly NoticeView[]): string[] =>
  notices.map(({ category, status, recipient }) => `${category}${status === 'completed' ? '' : '!'} ${recipient}`);

describe('what is told, in the order it came', () => {
  const table: { name: string; drafts: EventDraft[]; expected: string[] }[] = [
    {
      name: 'a need of both is told to the municipality and the clinic',
      drafts: [A01],
      expected: ['INS 0184', `INS ${BERGA}`],
    },
    { name: 'no need: nobody', drafts: [{ ...A01, facts: [] }, a08('2', 1, { facts: [READY] })], expected: [] },
    { name: 'need NONE: nobody', drafts: [{ ...A01, facts: [{ code: 'NEED', values: ['NONE'] }] }], expected: [] },
    {
      name: 'in the city the board is told',
      drafts: [{ ...A01, municipality: '0180', district: 'jarva', facts: [{ code: 'NEED', values: ['SOC'] }] }],
      expected: ['INS 0180-jarva'],
    },
    {
      name: 'BUT 10, 12, 10 May: three notices to each, the first the INS',
      drafts: [A01, a08('2', 1, { expected: '2026-05-12' }), a08('3', 2, { expected: '2026-05-10' })],
      expected: ['INS 0184', `INS ${BERGA}`, 'BUT 0184', `BUT ${BERGA}`, 'BUT 0184', `BUT ${BERGA}`],
    },
    {
      name: 'READY yes, no, yes: three notices to each',
      drafts: [
        { ...A01, facts: [{ code: 'NEED', values: ['SOC'] }, CONSENT] },
        a08('2', 1, { facts: [READY] }),
        a08('3', 2, { facts: [NOT_READY] }),
        a08('4', 3, { facts: [READY] }),
      ],
      expected: ['INS 0184', 'UTK 0184', 'UTK-WITHDRAWN 0184', 'UTK 0184'],
    },
    {
      name: 'the same region needs no stated ground; the municipality does',
      drafts: [A01, a08('2', 1, { facts: [READY] })],
      expected: ['INS 0184', `INS ${BERGA}`, `UTK ${BERGA}`],
    },
    {
      name: 'consent refused: withheld',
      drafts: [{ ...A01, facts: [{ code: 'NEED', values: ['SOC'] }, REFUSED] }, a08('2', 1, { facts: [READY] })],
      expected: ['INS 0184'],
    },
    {
      name: 'a cancelled stay is withdrawn from those who have it, the latest first',
      drafts: [
        { ...A01, facts: [{ code: 'NEED', values: ['SOC'] }, CONSENT] },
        a08('2', 1, { facts: [READY] }),
        { name: '3', trigger: 'A11', minute: 2 },
      ],
      expected: ['INS 0184', 'UTK 0184', 'UTK-WITHDRAWN 0184', 'INS-WITHDRAWN 0184'],
    },
    {
      name: 'two BUT and a completed INS are withdrawn by one message each',
      drafts: [
        { ...A01, facts: [{ code: 'NEED', values: ['SOC'] }], expected: undefined! },
        a08('2', 1, {}),
        a08('3', 2, { expected: '2026-05-12' }),
        a08('4', 3, { expected: '2026-05-13' }),
        { name: '5', trigger: 'A11', minute: 4 },
      ],
      expected: ['INS 0184', 'INS 0184', 'BUT 0184', 'BUT 0184', 'BUT! 0184', 'INS-WITHDRAWN 0184'],
    },
    {
      name: 'a stay cancelled before anybody heard of it stays silent',
      drafts: [{ ...A01, facts: [] }, { name: '2', trigger: 'A11', minute: 1 }, a08('3', 2, { facts: [NEED_BOTH] })],
      expected: [],
    },
    {
      name: 'a discharge taken back, and given again',
      drafts: [
        { ...A01, facts: [{ code: 'NEED', values: ['SOC'] }, CONSENT] },
        { name: '2', trigger: 'A03', minute: 10 },
        { name: '3', trigger: 'A13', minute: 11 },
        { name: '4', trigger: 'A03', minute: 12 },
      ],
      expected: ['INS 0184', 'UTS 0184', 'UTS! 0184', 'UTS 0184'],
    },
    {
      name: 'death ends what stands, without a reason',
      drafts: [
        { ...A01, facts: [{ code: 'NEED', values: ['SOC'] }, CONSENT] },
        { name: '2', trigger: 'A03', minute: 10, leaving: 'dead' },
      ],
      expected: ['INS 0184', 'INS-WITHDRAWN 0184'],
    },
    {
      name: 'moved to another municipality: withdrawn here, told there',
      drafts: [{ ...A01, facts: [{ code: 'NEED', values: ['SOC'] }] }, a08('2', 1, { municipality: '0126' })],
      expected: ['INS 0184', 'INS-WITHDRAWN 0184', 'INS 0126'],
    },
    { name: 'a protected person is told about to nobody', drafts: [{ ...A01, protection: 'unknown' }], expected: [] },
  ];
  it.each(table)('$name', ({ drafts, expected }) => {
    expect(told(drafts)).toEqual(expected);
  });
});

describe('what a delivery carries', () => {
  const drafts = [
    { ...A01, facts: [{ code: 'NEED' as const, values: ['SOC'] }, CONSENT] },
    a08('2', 1, { facts: [READY] }),
    a08('3', 2, { facts: [NOT_READY] }),
    a08('4', 3, { facts: [READY] }),
    { name: '5', trigger: 'A11' as const, minute: 4 },
  ];
  const { records } = play(drafts.map(stayEvent));
  const notices = noticesIn(records);

  it('goes to the recipient’s own topic, keyed by the stay', () => {
    expect(new Set(records.filter(({ kind }) => kind === 'notice').map(({ topic, key }) => `${topic} ${key}`))).toEqual(
      new Set([`deliveries.0184 ${uuidOf('stay')}`]),
    );
  });
  it('a withdrawal answers to every notice that stood', () => {
    const ids = new Map(notices.map((notice, index) => [notice.deliveryId, index]));
    const answers = notices.map((notice) => notice.withdraws.map((id) => ids.get(id)));
    expect(answers).toEqual([[], [], [1], [], [3], [0]]);
  });
  it('counts only what this party was told in the versions of the stay', () => {
    expect(notices.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6]);
  });
  it('holds the chain of its slot', () => {
    const links = notices.map(({ provenances }) => provenances.length);
    expect(links).toEqual([1, 1, 2, 3, 4, 2]);
  });
  it('a second version of an INS revises the first', () => {
    const [first, second] = noticesIn(
      play([stayEvent({ ...A01, clinic: null, expected: undefined! }), stayEvent(a08('2', 1, { clinic: null }))])
        .records,
    );
    expect(second?.follows).toBe(first?.deliveryId);
  });
  it('has an id of its own for a withdrawal, told once per ending event', () => {
    expect(new Set(notices.map(({ deliveryId }) => deliveryId)).size).toBe(notices.length);
    expect(notices[2]?.deliveryId).toBe(
      rules.ids.withdrawal(uuidOf('stay'), 'UTK', '0184', 'UTK', uuidOf('event stay 3'), 0),
    );
  });
  it('names its act the same way in every generation', () => {
    expect(notices[0]?.actId).toBe(notices[0]?.deliveryId);
    expect(notices[2]?.actId).toBe(
      rules.ids.delivery(uuidOf('stay'), `UTK|0184|UTK|ended|${uuidOf('event stay 3')}`, 0),
    );
  });
});

describe('Tasks', () => {
  const tasks = (drafts: readonly EventDraft[]): string[] =>
    tasksIn(play(drafts.map(stayEvent)).records).map(
      ({ duty, status, version }) => `${duty.code} ${duty.occasion} ${status} ${duty.owner} v${version ?? 0}`,
    );
  const ORG = 'SE2321000016-1000';

  it('a need without a recipient goes to the operator, and is done when there is one', () => {
    expect(tasks([{ ...A01, municipality: null, clinic: BERGA, facts: [NEED_BOTH] }, a08('2', 1, {})])).toEqual(
      expect.arrayContaining([
        'ROUTE-BY-HAND municipality requested operator v1',
        'ROUTE-BY-HAND municipality completed operator v2',
      ]),
    );
  });
  it('a withheld notice without a ground: the ward is asked, and asked no more once it has answered', () => {
    expect(
      tasks([
        { ...A01, facts: [{ code: 'NEED', values: ['SOC'] }] },
        a08('2', 1, { facts: [READY] }),
        a08('3', 2, { facts: [CONSENT] }),
      ]),
    ).toEqual([`STATE-GROUND UTK requested ${ORG} v1`, `STATE-GROUND UTK completed ${ORG} v2`]);
  });
  it('a cancelled stay cancels its Tasks', () => {
    expect(
      tasks([
        { ...A01, municipality: null },
        { name: '2', trigger: 'A11', minute: 1, municipality: null },
      ]),
    ).toEqual(expect.arrayContaining(['ROUTE-BY-HAND municipality cancelled operator v2']));
  });
  it('a protected person: one Task, labelled, and nothing told', () => {
    const { records } = play([stayEvent({ ...A01, protection: 'sekretessmarkering' })]);
    expect(noticesIn(records)).toEqual([]);
    expect(tasksIn(records).map(({ duty }) => [duty.occasion, duty.protection])).toContainEqual([
      'protected',
      'sekretessmarkering',
    ]);
  });
  it('has a record id per version', () => {
    const { records } = play([stayEvent({ ...A01, municipality: null }), stayEvent(a08('2', 1, {}))]);
    const ids = records.filter(({ kind }) => kind === 'task').map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('replays', () => {
  const drafts = [
    { ...A01, facts: [NEED_BOTH, CONSENT] },
    a08('2', 1, { expected: '2026-05-12' }),
    a08('3', 2, { facts: [READY] }),
    { name: '4', trigger: 'A03' as const, minute: 10 },
  ];
  it('the same revision changes nothing', () => {
    const { book } = play(drafts.map(stayEvent));
    for (const draft of drafts) expect(book.apply(stayEvent(draft), ORIGIN)).toBeUndefined();
  });
  it('a higher revision that means the same says nothing', () => {
    const { book } = play(drafts.map(stayEvent));
    for (const draft of drafts) expect(book.apply(stayEvent({ ...draft, revision: 2000 }), ORIGIN)).toEqual([]);
  });
  it('a lower revision than the one known is a duplicate', () => {
    const { book } = play(drafts.map((draft) => stayEvent({ ...draft, revision: 2000 })));
    for (const draft of drafts) expect(book.apply(stayEvent(draft), ORIGIN)).toBeUndefined();
  });
  it('a mend mends: what was told wrongly is withdrawn, what is right is told', () => {
    const { book } = play([stayEvent({ ...A01, clinic: null })]);
    const records = book.apply(stayEvent({ ...A01, clinic: null, municipality: '0126', revision: 2000 }), ORIGIN) ?? [];
    expect(lines(noticesIn(records))).toEqual(['INS-WITHDRAWN 0184', 'INS 0126']);
  });
  it('a mend that names another stay withdraws from the first and tells of the second', () => {
    const first = stayEvent({ ...A01, clinic: null });
    const { book } = play([first]);
    const records = book.apply({ ...first, stayId: uuidOf('other'), revision: 2000 }, ORIGIN) ?? [];
    expect(
      noticesIn(records)
        .map(({ category, stayId }) => `${category} ${stayId}`)
        .sort(),
    ).toEqual([`INS ${uuidOf('other')}`, `INS-WITHDRAWN ${uuidOf('stay')}`].sort());
    expect(book.changes().removedEvents).toEqual([]);
    expect(book.changes().events.map(({ event }) => event.stayId)).toEqual([uuidOf('other')]);
  });
});

describe('a case that goes on in another stay after a transfer (DEC-08)', () => {
  const SOC_TOLD: EventDraft = { ...A01, facts: [{ code: 'NEED', values: ['SOC'] }] };
  const byStay = (drafts: readonly EventDraft[]): string[] => {
    const names = new Map(['stay', 'second', 'third'].map((name) => [uuidOf(name), name]));
    return noticesIn(play(drafts.map(stayEvent)).records).map(
      ({ category, status, recipient, stayId }) =>
        `${names.get(stayId) ?? ''} ${category}${status === 'completed' ? '' : '!'} ${recipient}`,
    );
  };
  const second = goesOn('s1', 12, { facts: [CONSENT], expected: '2026-05-12' });

  it.each<{ name: string; drafts: EventDraft[]; expected: string[] }>([
    {
      name: 'who was told is told on, and no INS again',
      drafts: [SOC_TOLD, moved('2', 10), second, goesOn('s2', 20, { trigger: 'A03', leaving: 'home' })],
      expected: ['stay INS 0184', 'second BUT 0184', 'second UTS 0184'],
    },
    {
      name: 'the transfer is heard of last: all at once',
      drafts: [SOC_TOLD, second, goesOn('s2', 20, { trigger: 'A03', leaving: 'home' }), moved('2', 30)],
      expected: ['stay INS 0184', 'second UTS 0184'],
    },
    {
      name: 'death in the second takes back the INS of the first, at once',
      drafts: [SOC_TOLD, moved('2', 10), second, goesOn('s2', 20, { trigger: 'A03', leaving: 'dead' })],
      expected: ['stay INS 0184', 'second BUT 0184', 'second BUT! 0184', 'stay INS-WITHDRAWN 0184'],
    },
    {
      name: 'the first never was: what the second told on that alone is taken back',
      drafts: [SOC_TOLD, moved('2', 10), second, { name: '4', trigger: 'A11', minute: 20 }],
      expected: ['stay INS 0184', 'second BUT 0184', 'stay INS-WITHDRAWN 0184', 'second BUT! 0184'],
    },
    {
      name: 'the second never was: its own is taken back, and nothing else',
      drafts: [SOC_TOLD, moved('2', 10), second, goesOn('s2', 20, { trigger: 'A11' })],
      expected: ['stay INS 0184', 'second BUT 0184', 'second BUT! 0184'],
    },
    {
      name: 'another person’s stay tells nobody',
      drafts: [SOC_TOLD, moved('2', 10), { ...second, person: 'somebody else' }],
      expected: ['stay INS 0184'],
    },
  ])('$name', ({ drafts, expected }) => {
    expect(byStay(drafts)).toEqual(expected);
  });

  it('carries nothing of the first ward, nor of its messages', () => {
    const first = stayEvent(SOC_TOLD);
    const { records } = play([
      { ...first, terms: { ...first.terms, organisation: 'SE-FIRST', careProvider: 'Första vården' } },
      stayEvent({ ...moved('2', 10), sender: 'OS' }),
      stayEvent(second),
      stayEvent(goesOn('s2', 20, { trigger: 'A03', leaving: 'home' })),
    ]);
    const toParty = records.filter(({ key, kind }) => key === uuidOf('second') && kind === 'notice');
    const told = toParty.map(({ value }) => String(value));
    expect(told).toHaveLength(2);
    const secrets = ['SE-FIRST', 'Första', uuidOf('stay'), uuidOf('event stay a01'), uuidOf('event stay 2')];
    for (const secret of secrets) expect(told.join()).not.toContain(secret);
  });

  it('a mend that moves the transfer to another person ends the case there', () => {
    const transfer = stayEvent(moved('2', 10));
    const { book } = play([stayEvent(SOC_TOLD), transfer, stayEvent(second)]);
    const mended = { ...transfer, patientId: uuidOf('another'), stayId: uuidOf('third'), revision: 2000 };
    expect(lines(noticesIn(book.apply(mended, ORIGIN) ?? []))).toEqual(['BUT! 0184']);
    expect(book.changes().sentOn).toEqual([uuidOf('person')]);
  });
});

describe('protection stated in one stay holds for all of the person', () => {
  const other = (minute: number): EventDraft => ({
    ...A01,
    stay: 'second',
    minute,
    protection: 'skyddadFolkbokforing',
  });

  it('what was said stands; nothing more is said, and a person is asked', () => {
    const asked = (records: OutRecord[] = []): string[] =>
      tasksIn(records).flatMap(({ duty, stayId }) => (duty.occasion === 'protected' ? [stayId] : []));
    const { book } = play([stayEvent(A01)]);
    const there = book.apply(stayEvent(other(1)), ORIGIN);
    expect(noticesIn(there ?? [])).toEqual([]);
    expect(asked(there).sort()).toEqual([uuidOf('second'), uuidOf('stay')].sort());
    const here = book.apply(stayEvent(a08('2', 2, { expected: '2026-05-12' })), ORIGIN);
    expect(noticesIn(here ?? [])).toEqual([]);
    // The Task has its clock from the marking; the next message does not wind it up again.
    expect(asked(here)).toEqual([]);
  });
  it('one that comes late withdraws nothing that was told before it, and all that was told after it', () => {
    const { book } = play([stayEvent(A01), stayEvent(a08('2', 5, { expected: '2026-05-12' }))]);
    const records = book.apply(stayEvent(other(3)), ORIGIN) ?? [];
    expect(lines(noticesIn(records))).toEqual([`BUT! ${BERGA}`, 'BUT! 0184']);
  });
  it('a withdrawal says whether its label is of the visit alone or of the person', () => {
    const ends = { facts: [{ code: 'NEED', values: ['NONE'] }] } as const;
    const withdrawn = (drafts: readonly EventDraft[]) =>
      noticesIn(play([A01, ...drafts, a08('end', 9, ends)].map(stayEvent)).records)
        .filter(({ withdraws }) => withdraws.length > 0)
        .map((notice) => [notice.recipient, notice.protected, notice.ofVisitAlone]);
    const ofVisit = a08('2', 1, { visitProtection: 'unknown' });
    const both = (isProtected: boolean, ofVisitAlone: boolean) => [
      [BERGA, isProtected, ofVisitAlone],
      ['0184', isProtected, ofVisitAlone],
    ];
    expect(withdrawn([])).toEqual(both(false, false));
    expect(withdrawn([ofVisit])).toEqual(both(true, true));
    expect(withdrawn([a08('2', 1, { protection: 'unknown' })])).toEqual(both(true, false));
    expect(withdrawn([ofVisit, other(2)])).toEqual(both(true, false));
  });
  it('other persons are not touched', () => {
    const { book } = play([stayEvent({ ...A01, person: 'somebody else' })]);
    book.apply(stayEvent(other(1)), ORIGIN);
    expect(
      lines(
        noticesIn(
          book.apply(stayEvent({ ...a08('2', 2, { expected: '2026-05-12' }), person: 'somebody else' }), ORIGIN) ?? [],
        ),
      ),
    ).toEqual(['BUT 0184', `BUT ${BERGA}`]);
  });
});
