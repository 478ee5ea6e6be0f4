import type { HomeWord } from '../events/home-word.ts';
import { dischargeOf, type Stay } from '../stay/stay.ts';
import { localDay } from '../time/local-time.ts';
import type { NoticeBase, NoticeDefinition } from './definition.ts';

/** To who helps at home: that the person is away or home again, and from when; never why (rules 12.2). */
export interface HomeContent extends NoticeBase, HomeWord {
  readonly kind: 'HOME';
}

const SLOT = 'HOME';

/**
 * Hemma eller borta: to the home-care provider, and to whom else a municipality or board has added. A party that has said it
 * itself is believed before the ward, which may say it with the person's consent in scope `HOME` alone. Once somebody is home
 * again that is a second version; what was told stands until the stay never was, or the party is concerned no more.
 */
export const HOME: NoticeDefinition<HomeContent> = {
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
    return [{ slot: SLOT, content, says, scopes: ['HOME'], ...(said && { saidBy: said }) }];
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
