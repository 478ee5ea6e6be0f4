import type { Addressee } from './addressees.ts';
import type { NeedScope, Scope } from './event.ts';
import type { NoticeContent, NoticePerson } from './notice.ts';
import { dischargeOf, type Stay } from './stay.ts';

/** A notice that the state of a stay makes due towards one recipient. */
export interface Desired {
  readonly slot: string;
  readonly content: NoticeContent;
  /** What of the content, when it changes, makes a new act. */
  readonly says: string;
  /** INS and BUT carry what chapter 2 of LUS makes lawful; the rest needs a ground for these scopes. */
  readonly lawful: boolean;
  readonly scopes: readonly Scope[];
}

/**
 * What one who has an INS should have been told by now, in the order of telling (domain.md 12.1, 12.2).
 * @param said what the slot's standing act said: a BUT is due only when it differs from what was last told (LUS 2:4)
 */
export function desiredNotices(
  stay: Stay,
  recipient: Addressee,
  said: (slot: string) => string | undefined,
): Desired[] {
  const base = { person: personOf(stay), careProvider: stay.terms.careProvider };
  return [
    ...inscription(stay, recipient, base, said),
    ...ready(stay, recipient, base),
    ...discharged(stay, recipient, base),
    ...information(stay, recipient, base),
  ];
}

type Base = Pick<NoticeContent, 'person' | 'careProvider'>;

/** The lawful items; a protected person's address is never among them (RTE-43). */
function personOf(stay: Stay): NoticePerson {
  const { patient, protection } = stay;
  const identity = patient.identities[0];
  if (!identity) throw new Error('a translated event has an identity');
  return {
    identity,
    ...(patient.name && { name: patient.name }),
    ...(patient.address && !protection && { address: patient.address }),
    ...(protection && { protection }),
  };
}

/**
 * INS and BUT. One who only has the INS of the stay before gets no other from this one: what it was last told there is what
 * a BUT must differ from (DEC-08).
 */
function inscription(
  stay: Stay,
  recipient: Addressee,
  base: Base,
  said: (slot: string) => string | undefined,
): Desired[] {
  const { ownNeed, kept } = recipient;
  if (ownNeed) return ownInscription(stay, ownNeed, base, said);
  return expectation(stay, base, said, kept?.expected);
}

/**
 * An expected discharge that was missing completes the INS by a second version (DEC-02); one that changes is a BUT.
 */
function ownInscription(
  stay: Stay,
  ownNeed: readonly NeedScope[],
  base: Base,
  said: (slot: string) => string | undefined,
): Desired[] {
  const expected = stay.expectedDischarge;
  const before = parseSaid(said('INS'));
  const completes = before?.expected === undefined && expected !== undefined;
  const told = completes ? expected.iso : before?.expected;
  const { person } = base;
  const says: InsSaid = {
    who: [person.identity, person.name, person.address, ownNeed],
    ...(told !== undefined && { expected: told }),
  };
  const ins: Desired = {
    slot: 'INS',
    content: { kind: 'INS', ...base, ownNeed, ...(expected && { expectedDischarge: expected }) },
    says: JSON.stringify(says),
    lawful: true,
    scopes: ownNeed,
  };
  return [ins, ...expectation(stay, base, said, told)];
}

/** The BUT, when the expected discharge is another than was last told. After the discharge there is nothing to expect. */
function expectation(
  stay: Stay,
  base: Base,
  said: (slot: string) => string | undefined,
  told: string | undefined,
): Desired[] {
  const expected = stay.expectedDischarge;
  const lastTold = said('BUT') ?? told;
  if (!expected || dischargeOf(stay) || expected.iso === lastTold) return standing(said('BUT'), base, stay);
  const content = { kind: 'BUT' as const, ...base, expectedDischarge: expected };
  return [{ slot: 'BUT', content, says: expected.iso, lawful: true, scopes: [] }];
}

/** What an INS said, kept as the slot's `says`: the expected discharge stays the first one told, later ones are BUT. */
interface InsSaid {
  readonly who: readonly unknown[];
  readonly expected?: string;
}

function parseSaid(said: string | undefined): InsSaid | undefined {
  return said === undefined ? undefined : (JSON.parse(said) as InsSaid);
}

/** A BUT that was told and has not changed stays due as it is. */
function standing(said: string | undefined, base: Base, stay: Stay): Desired[] {
  if (said === undefined || !stay.expectedDischarge) return [];
  return [
    {
      slot: 'BUT',
      content: { kind: 'BUT', ...base, expectedDischarge: stay.expectedDischarge },
      says: said,
      lawful: true,
      scopes: [],
    },
  ];
}

/** DEC-03: READY=Y is the UTK. */
function ready(stay: Stay, recipient: Addressee, base: Base): Desired[] {
  if (typeof stay.ready !== 'object') return [];
  const readySince = stay.ready.since;
  return [
    {
      slot: 'UTK',
      content: { kind: 'UTK', ...base, readySince },
      says: String(readySince),
      lawful: false,
      scopes: recipient.scopes,
    },
  ];
}

/** DEC-03, DEC-08: an A03 is the UTS, but for a transfer or a death. */
function discharged(stay: Stay, recipient: Addressee, base: Base): Desired[] {
  const discharge = dischargeOf(stay);
  if (!discharge || discharge.leaving === 'transfer' || discharge.leaving === 'dead') return [];
  return [
    {
      slot: `UTS#${discharge.n}`,
      content: { kind: 'UTS', ...base, dischargedAt: discharge.at },
      says: discharge.at.iso,
      lawful: false,
      scopes: recipient.scopes,
    },
  ];
}

/** LUS 3:2: an INFO goes to those whose need it speaks of. */
function information(stay: Stay, recipient: Addressee, base: Base): Desired[] {
  return stay.infos.flatMap((info) => {
    const scopes = recipient.scopes.filter((scope) => info.scopes.includes(scope));
    const scope = scopes[0];
    if (scope === undefined) return [];
    return [
      {
        slot: `INFO|${info.slot}`,
        content: { kind: 'INFO', ...base, scope, text: info.text },
        says: info.text,
        lawful: false,
        scopes,
      },
    ];
  });
}
