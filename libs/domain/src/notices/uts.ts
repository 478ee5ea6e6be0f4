import { dischargeOf } from '../stay/stay.ts';
import type { StatedTime } from '../time/time.ts';
import type { NoticeBase, NoticeDefinition } from './definition.ts';

/** The discharge: that and when (DEC-03). */
export interface UtsContent extends NoticeBase {
  readonly kind: 'UTS';
  readonly dischargedAt: StatedTime;
}

/** Utskriven (DEC-03): due when the patient has left, but for a transfer or a death (DEC-08). One per discharge. */
export const UTS: NoticeDefinition<UtsContent> = {
  kind: 'UTS',
  due: ({ stay, unit, base }) => {
    const discharge = dischargeOf(stay);
    if (!discharge || discharge.leaving === 'transfer' || discharge.leaving === 'dead') return [];
    return [
      {
        slot: `UTS#${discharge.n}`,
        content: { kind: 'UTS', ...base, dischargedAt: discharge.at },
        says: discharge.at.iso,
        scopes: unit.scopes,
      },
    ];
  },
  notDueAnyMore: () => 'withdrawn',
};
