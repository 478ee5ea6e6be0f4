import type { NoticeKind } from '../codes/notice-kind.ts';
import type { NeedScope, Scope } from '../codes/scope.ts';
import type { HomeWord } from '../events/party-event.ts';
import type { Identity, PersonName, Protection, RegisteredAddress } from '../events/statements.ts';
import type { Addressee, PartyWord } from '../routing/addressees.ts';
import { openCareDecision } from '../stay/facts.ts';
import { dischargeOf, type Stay } from '../stay/stay.ts';
import { type Instant, localDay, type StatedTime } from '../time/time.ts';

/** The person as a notice may show it: the lawful items of LUS 2:2. */
export interface NoticePerson {
  readonly identity: Identity;
  readonly name?: PersonName;
  /** Absent when unknown; masked (and absent) for a protected person. */
  readonly address?: RegisteredAddress;
  readonly protection?: Protection;
}

/** What every notice carries. */
export interface NoticeBase {
  readonly person: NoticePerson;
  readonly careProvider: string;
}

/** What a notice of one kind is made from. */
interface NoticeSituation {
  readonly stay: Stay;
  readonly unit: Addressee;
  readonly base: NoticeBase;
  /** What the act that stands in a slot said; undefined when none stands. */
  readonly said: (slot: string) => string | undefined;
}

/** A notice that the state of a stay makes due towards one unit. */
export interface Due<Content> {
  readonly slot: string;
  readonly content: Content;
  /** What of the content, when it changes, makes a new act. */
  readonly says: string;
  /** In which scopes of the unit's need a ground is asked for; consent in one of them is enough. */
  readonly scopes: readonly Scope[];
  /** The word of a party, and not of the ward: it is told on the party's own grounds. */
  readonly saidBy?: PartyWord;
}

/**
 * One kind of notice: when it is due, what it holds, and when it ends. On which grounds and with which elements
 * it is told stands in `disclosure/disclosure-table.ts`. Everything that has to do something for each kind goes
 * through {@link NOTICES}.
 */
interface NoticeDefinition<Content extends NoticeBase & { readonly kind: string }> {
  readonly kind: Content['kind'];
  /** What should have been told by now to one who has an INS, in the order of telling. */
  readonly due: (situation: NoticeSituation) => readonly Due<Content>[];
  /**
   * What becomes of one that stands and is not due any more while the stay goes on.
   *
   *   stands            it was true when it was told, and only the end of the stay ends it
   *   withdrawn         it never was true: taken back from whoever has it, ground or not (DEC-15)
   *   withdrawn-on-ground  its end is news that needs a ground as the notice did (rules 12.2)
   */
  readonly notDueAnyMore: (stay: Stay) => 'stands' | 'withdrawn' | 'withdrawn-on-ground';
}

/** LUS 2:2 and rules 12.4: the four items, this recipient's own need, the care provider. Nothing else can be put here. */
export interface InsContent extends NoticeBase {
  readonly kind: 'INS';
  readonly expectedDischarge?: StatedTime;
  readonly ownNeed: readonly NeedScope[];
}

/** Slot of the INS: one per recipient and stay. */
export const INS_SLOT = 'INS';

/**
 * Inskrivningsmeddelande (LUS 2:1-3): due to every unit with a need of its own, from the admission on. A completed item, a
 * changed name, address or need is a second version; an expected discharge that only changes is a BUT. One that has the INS
 * of the stay before, and no need here, gets no other (DEC-08).
 */
const INS: NoticeDefinition<InsContent> = {
  kind: 'INS',
  due: inscription,
  notDueAnyMore: () => 'stands',
};

function inscription({ stay, unit, base, said }: NoticeSituation): Due<InsContent>[] {
  const { ownNeed } = unit;
  if (!ownNeed) return [];
  const expected = stay.expectedDischarge;
  const { person } = base;
  const told = expectedToldByIns(said(INS_SLOT)) ?? expected?.iso;
  const who = JSON.stringify([person.identity, person.name, person.address, ownNeed]);
  return [
    {
      slot: INS_SLOT,
      content: { kind: 'INS', ...base, ownNeed, ...(expected && { expectedDischarge: expected }) },
      says: `${told ?? ''} ${who}`,
      scopes: ownNeed,
    },
  ];
}

/**
 * The expected discharge that the INS of a slot told, as text; undefined when it told none. It stands before all else in what the
 * slot `says`, and stays the first one told: later ones are BUT.
 */
function expectedToldByIns(said: string | undefined): string | undefined {
  return said?.slice(0, said.indexOf(' ')) || undefined;
}

/** LUS 2:4. */
export interface ButContent extends NoticeBase {
  readonly kind: 'BUT';
  readonly expectedDischarge: StatedTime;
}

const BUT_SLOT = 'BUT';

/**
 * Beräknad tidpunkt för utskrivning (LUS 2:4): due when the expected discharge is another than the unit was last told, in
 * this stay or in the one that it continues. After the discharge there is nothing to expect.
 */
const BUT: NoticeDefinition<ButContent> = {
  kind: 'BUT',
  due: expectation,
  notDueAnyMore: () => 'stands',
};

function expectation({ stay, unit, base, said }: NoticeSituation): Due<ButContent>[] {
  const expected = stay.expectedDischarge;
  if (!expected) return [];
  const lastTold = said(BUT_SLOT);
  const byIns = unit.ownNeed ? (expectedToldByIns(said(INS_SLOT)) ?? expected.iso) : unit.kept?.expected;
  const isNews = !dischargeOf(stay) && expected.iso !== (lastTold ?? byIns);
  if (!isNews && lastTold === undefined) return [];
  // One that was told and has not changed stays due as it is.
  const says = isNews ? expected.iso : (lastTold ?? expected.iso);
  return [{ slot: BUT_SLOT, content: { kind: 'BUT', ...base, expectedDischarge: expected }, says, scopes: [] }];
}

/** LUS 3:1: identity, the fact, and when it was judged. */
export interface UtkContent extends NoticeBase {
  readonly kind: 'UTK';
  readonly readySince: Instant;
}

/**
 * Underrättelse om utskrivningsklar (LUS 3:1; DEC-03): due while the ward says that the patient is ready, but not for a stay
 * that goes on in open compulsory care (DEC-11). Being ready no more is news as the notice was; that it never was true is
 * taken back from whoever has it.
 */
export const UTK: NoticeDefinition<UtkContent> = {
  kind: 'UTK',
  due: ({ stay, unit, base }) => {
    if (typeof stay.ready !== 'object' || stay.openCompulsoryCare) return [];
    const readySince = stay.ready.since;
    return [
      { slot: 'UTK', content: { kind: 'UTK', ...base, readySince }, says: String(readySince), scopes: unit.scopes },
    ];
  },
  notDueAnyMore: (stay) => (stay.ready === 'no' ? 'withdrawn-on-ground' : 'withdrawn'),
};

/** LPT 7 a § st.3: that open compulsory care is decided, and when. What the decision says, and why, is not for the hub to tell. */
export interface OptDecisionContent extends NoticeBase {
  readonly kind: 'OPT-DECISION';
  readonly decidedAt: Instant;
}

/**
 * Beslut om öppen tvångsvård (LPT 7 a § st.3; DEC-11): due to every unit that has the INS, from the decision on, and it is the
 * UTK of those whom it reaches. The law has no reservation for secrecy, so its ground need not be stated; but it is law
 * between authorities alone, and a private clinic is none (DEC-22). A decision that is taken back is taken back from whoever
 * was told; that the person goes over to voluntary care afterwards does not undo it.
 */
const OPT_DECISION: NoticeDefinition<OptDecisionContent> = {
  kind: 'OPT-DECISION',
  due: ({ stay, unit: { scopes }, base }) => {
    const decidedAt = openCareDecision(stay.recorded, scopes)?.at;
    if (decidedAt === undefined) return [];
    const content: OptDecisionContent = { kind: 'OPT-DECISION', ...base, decidedAt };
    return [{ slot: 'OPT-DECISION', content, says: String(decidedAt), scopes }];
  },
  notDueAnyMore: () => 'withdrawn',
};

/** The discharge: that and when (DEC-03). */
export interface UtsContent extends NoticeBase {
  readonly kind: 'UTS';
  readonly dischargedAt: StatedTime;
}

/**
 * Utskriven (DEC-03): due when the patient has left, but for a transfer or a death (DEC-08). One per discharge: who was told of
 * one keeps it when the patient is admitted anew in the same visit, for it was true; only who takes it back ends it.
 */
const UTS: NoticeDefinition<UtsContent> = {
  kind: 'UTS',
  due: ({ stay, unit, base, said }) =>
    stay.discharges.flatMap((discharge) => {
      const slot = `UTS#${discharge.n}`;
      if (discharge.leaving === 'transfer' || discharge.leaving === 'dead') return [];
      if (dischargeOf(stay) !== discharge && said(slot) === undefined) return [];
      const content = { kind: 'UTS' as const, ...base, dischargedAt: discharge.at };
      return [{ slot, content, says: discharge.at.iso, scopes: unit.scopes }];
    }),
  notDueAnyMore: () => 'withdrawn',
};

/** LUS 3:2: what the ward tells of one scope at one time. */
export interface InfoContent extends NoticeBase {
  readonly kind: 'INFO';
  readonly scope: Scope;
  readonly text: string;
}

/** Slot of the notice of one statement of information, the same for every recipient. */
export const infoSlot = ({ slot }: Pick<Stay['infos'][number], 'slot'>): string => `INFO|${slot}`;

/** Information at discharge (LUS 3:2): due to those whose need it speaks of. */
export const INFO: NoticeDefinition<InfoContent> = {
  kind: 'INFO',
  due: ({ stay, unit, base }) =>
    stay.infos.flatMap((info) => {
      const scopes = unit.scopes.filter((scope) => info.scopes.includes(scope));
      const scope = scopes[0];
      if (scope === undefined) return [];
      const content = { kind: 'INFO' as const, ...base, scope, text: info.text };
      return [{ slot: infoSlot(info), content, says: info.text, scopes }];
    }),
  notDueAnyMore: () => 'withdrawn',
};

/** To who helps at home: that the person is away or home again, and from when; never why (rules 12.2). */
export interface HomeContent extends NoticeBase, HomeWord {
  readonly kind: 'HOME';
}

const HOME_SLOT = 'HOME';

/**
 * Hemma eller borta: to the home-care provider, and to whom else a municipality or board has added. A party that has said it
 * itself is believed before the ward, which may say it with the person's consent in scope `HOME` alone. Once somebody is home
 * again that is a second version; what was told stands until the stay never was, or the party is concerned no more.
 */
const HOME: NoticeDefinition<HomeContent> = {
  kind: 'HOME',
  due: ({ stay, unit, base }) => {
    if (!unit.home) return [];
    const { said } = unit.home;
    const word = said ? said.word : byWard(stay);
    if (!word) return [];
    const { person, careProvider } = base;
    const content: HomeContent = {
      ...{ kind: 'HOME', person, careProvider: said ? said.by.name : careProvider },
      ...word,
    };
    const says = JSON.stringify([content.careProvider, person.identity, person.name, Object.entries(word)]);
    return [{ slot: HOME_SLOT, content, says, scopes: ['HOME'], ...(said && { saidBy: said }) }];
  },
  notDueAnyMore: () => 'stands',
};

/** Away since the day of the admission, home since the discharge; who is sent on to another hospital is away still. */
function byWard(stay: Stay): HomeWord | undefined {
  if (stay.admittedAt === undefined) return undefined;
  const discharge = dischargeOf(stay);
  const isHome = discharge && discharge.leaving !== 'transfer' && discharge.leaving !== 'dead';
  return { awayFrom: localDay(stay.admittedAt), ...(isHome && { homeFrom: discharge.at }) };
}

/** Every kind of notice that the hub tells, each once, in the order of telling. A new kind is a definition above and a line here. */
export const NOTICES = [INS, BUT, UTK, OPT_DECISION, UTS, INFO, HOME] as const;

export type NoticeContent =
  InsContent | ButContent | UtkContent | OptDecisionContent | UtsContent | InfoContent | HomeContent;

/** Codes of `CodeSystem/notice` (contract 4) of which the hub has notices. */
export const NOTICE_KINDS: readonly NoticeKind[] = NOTICES.map(({ kind }) => kind);
