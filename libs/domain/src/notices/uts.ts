import { dischargeOf } from '../stay/stay.ts';
import type { StatedTime } from '../time/time.ts';
import type { NoticeBase, NoticeDefinition } from './definition.ts';

/** The discharge: that and when (DEC-03). */
export interface UtsContent extends NoticeBase {
  readonly kind: 'UTS';
  readonly dischargedAt: StatedTime;
}

/**
 * Utskriven (DEC-03): due when the patient has left, but for a transfer or a death (DEC-08). One per discharge: who was told of
 * one keeps it when the patient is admitted anew in the same visit, for it was true; only who takes it back ends it.
 */
export const UTS: NoticeDefinition<UtsContent> = {
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
