import { dischargeOf } from '../stay/stay.ts';
import type { StatedTime } from '../time/time.ts';
import type { Due, NoticeBase, NoticeDefinition, NoticeSituation } from './definition.ts';
import { expectedToldByIns, INS_SLOT } from './ins.ts';

/** LUS 2:4. */
export interface ButContent extends NoticeBase {
  readonly kind: 'BUT';
  readonly expectedDischarge: StatedTime;
}

const SLOT = 'BUT';

/**
 * Beräknad tidpunkt för utskrivning (LUS 2:4): due when the expected discharge is another than the unit was last told, in
 * this stay or in the one that it continues. After the discharge there is nothing to expect.
 */
export const BUT: NoticeDefinition<ButContent> = {
  kind: 'BUT',
  due: expectation,
  notDueAnyMore: () => 'stands',
};

function expectation({ stay, unit, base, said }: NoticeSituation): Due<ButContent>[] {
  const expected = stay.expectedDischarge;
  if (!expected) return [];
  const lastTold = said(SLOT);
  const byIns = unit.ownNeed ? (expectedToldByIns(said(INS_SLOT)) ?? expected.iso) : unit.kept?.expected;
  const isNews = !dischargeOf(stay) && expected.iso !== (lastTold ?? byIns);
  if (!isNews && lastTold === undefined) return [];
  // One that was told and has not changed stays due as it is.
  const says = isNews ? expected.iso : (lastTold ?? expected.iso);
  return [{ slot: SLOT, content: { kind: 'BUT', ...base, expectedDischarge: expected }, says, scopes: [] }];
}
