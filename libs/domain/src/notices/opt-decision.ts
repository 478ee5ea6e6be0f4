import { openCareDecision } from '../stay/open-compulsory-care.ts';
import type { Instant } from '../time/time.ts';
import type { NoticeBase, NoticeDefinition } from './definition.ts';

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
export const OPT_DECISION: NoticeDefinition<OptDecisionContent> = {
  kind: 'OPT-DECISION',
  due: ({ stay, unit: { scopes }, base }) => {
    const decidedAt = openCareDecision(stay.recorded, scopes)?.at;
    if (decidedAt === undefined) return [];
    const content: OptDecisionContent = { kind: 'OPT-DECISION', ...base, decidedAt };
    return [{ slot: 'OPT-DECISION', content, says: String(decidedAt), scopes }];
  },
  notDueAnyMore: () => 'withdrawn',
};
