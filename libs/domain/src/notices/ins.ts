import type { NeedScope } from '../events/fact.ts';
import type { StatedTime } from '../time/time.ts';
import type { Due, NoticeBase, NoticeDefinition, NoticeSituation } from './definition.ts';

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
export const INS: NoticeDefinition<InsContent> = {
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
  const says: InsSaid = {
    who: [person.identity, person.name, person.address, ownNeed],
    ...(told !== undefined && { expected: told }),
  };
  return [
    {
      slot: INS_SLOT,
      content: { kind: 'INS', ...base, ownNeed, ...(expected && { expectedDischarge: expected }) },
      says: JSON.stringify(says),
      scopes: ownNeed,
    },
  ];
}

/** What an INS said, kept as the slot's `says`: the expected discharge stays the first one told, later ones are BUT. */
interface InsSaid {
  readonly who: readonly unknown[];
  readonly expected?: string;
}

/** The expected discharge that the INS of a slot told, as text; undefined when it told none. */
export function expectedToldByIns(said: string | undefined): string | undefined {
  return said === undefined ? undefined : (JSON.parse(said) as InsSaid).expected;
}
